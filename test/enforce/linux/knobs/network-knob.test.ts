import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { requireQemu } from '../../../support/guests/require-qemu.js';
import { until } from '../../../support/guests/until.js';
import { elapse, RealHost } from '../real-host.js';
import { FrameLink } from './frame-link.js';
import { udpFrame } from './frames.js';
import {
  GUEST_ADDRESS,
  GUEST_MAC,
  HOST_ADDRESS,
  HOST_MAC,
  requireNetworks,
  TAP,
  TestNetwork,
} from './network-namespace.js';

const PEER = fileURLToPath(new URL('./udp-peer.pl', import.meta.url));
const LIMIT = 1_000_000;
const PORT = 5000;
const PAYLOAD = 1000;
/** What a packet has around its payload on Ethernet: 14 + 20 + 8. */
const AROUND = 42;
const MEASURED_MS = 3000;

describe('the network limit of a guest', () => {
  let real: RealHost;
  let network: TestNetwork;
  let link: FrameLink;
  let directory: string;
  let peers: ChildProcess[] = [];
  let untouched = '';

  beforeEach(async function () {
    requireQemu(this);
    requireNetworks(this);
    network = new TestNetwork();
    network.make();
    untouched = network.tc('qdisc', 'show');
    directory = mkdtempSync(join(tmpdir(), 'vmc-network-'));
    link = new FrameLink(join(directory, 'link.sock'));
    await link.listen();
    real = new RealHost();
  });

  afterEach(async () => {
    link?.close();
    for (const peer of peers) {
      peer.kill('SIGKILL');
      await once(peer, 'exit');
    }
    peers = [];
    await real?.close();
    network?.remove();
    if (directory) rmSync(directory, { recursive: true, force: true });
  });

  const start = () =>
    real.guest({ name: 'net', networkNamespace: network.name, extraArguments: link.arguments(TAP) });

  async function set(bytesPerSecond: number): Promise<void> {
    const { guest } = await real.observe('net');
    const setting = { knob: 'network', bytesPerSecond } as const;
    await real.act({ kind: 'set-knob', guest: guest.guest.key, setting });
    expect((await real.observe('net')).guest.settings).to.deep.equal([setting]);
  }

  async function unset(): Promise<void> {
    const { guest } = await real.observe('net');
    await real.act({ kind: 'unset-knob', guest: guest.guest.key, knob: 'network' });
  }

  function peer(...args: readonly string[]): ChildProcess & { readonly output: () => string } {
    const inside = ['nsenter', `--net=/run/netns/${network.name}`, '--', 'perl', PEER, ...args];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...inside]);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    peers.push(child);
    return Object.assign(child, { output: () => text });
  }

  /** Growth of a count of bytes per second, from a second after now. */
  async function rateOf(count: () => number | Promise<number>): Promise<number> {
    await elapse(1000);
    const [before, startNs] = [await count(), process.hrtime.bigint()];
    await elapse(MEASURED_MS);
    const [after, endNs] = [await count(), process.hrtime.bigint()];
    return (1e9 * (after - before)) / Number(endNs - startNs);
  }

  it('is kept within 10% on what the guest receives, and given back', async () => {
    await start();
    await real.host.start();
    await set(LIMIT);
    peer('send', GUEST_ADDRESS.join('.'), `${PORT}`, `${PAYLOAD}`);
    // Each frame comes with 4 bytes that say how long it is.
    const frames = (bytes: number) => (bytes * (PAYLOAD + AROUND)) / (PAYLOAD + AROUND + 4);
    const delivered = frames(await rateOf(() => link.receivedBytes));
    expect(delivered).to.be.closeTo(LIMIT, 0.1 * LIMIT);
    const used = (await real.observe('net')).guest.use?.network;
    expect(used?.inBytes).to.be.above(LIMIT);
    await unset();
    expect(network.tc('qdisc', 'show')).to.equal(untouched);
    expect(await rateOf(() => link.receivedBytes)).to.be.above(2 * LIMIT);
  });

  it('is kept within 10% on what the guest sends', async () => {
    await start();
    await real.host.start();
    await set(LIMIT);
    const receiver = peer('receive', HOST_ADDRESS.join('.'), `${PORT}`);
    await until(() => receiver.output().includes('ready'));
    const [toMac, fromMac] = [HOST_MAC, GUEST_MAC];
    link.flood(
      udpFrame({ toMac, fromMac, from: GUEST_ADDRESS, to: HOST_ADDRESS, port: PORT, payloadBytes: PAYLOAD }),
    );
    let lines = 1;
    const received = async () => {
      receiver.stdin?.write('\n');
      lines += 1;
      const counts = await until(() => {
        const all = receiver.output().split('\n').slice(0, -1);
        return all.length >= lines && all;
      });
      return Number(counts.at(-1));
    };
    // Bits on the wire are what is limited: the packets' headers, too.
    const delivered = (await rateOf(received)) * ((PAYLOAD + AROUND) / PAYLOAD);
    expect(delivered).to.be.closeTo(LIMIT, 0.1 * LIMIT);
  });

  it('leaves what somebody else has set on the device as it is, and says so', async () => {
    network.tc('qdisc', 'add', 'dev', TAP, 'root', 'handle', '1:', 'pfifo', 'limit', '7');
    await start();
    await real.host.start();
    await set(LIMIT);
    const notes = (await real.observe('net')).guest.notes ?? [];
    expect(notes.map(({ knob, message }) => [knob, message])).to.deep.equal([
      ['network', `what the guest receives by ${TAP} is shaped by somebody else already`],
    ]);
    expect(network.tc('qdisc', 'show', 'dev', TAP, 'root')).to.match(/^qdisc pfifo 1: .*limit 7p/);
    await unset();
    expect(network.tc('qdisc', 'show', 'dev', TAP)).to.match(/^qdisc pfifo 1: .*limit 7p\s*$/);
  });

  it('is set again where somebody takes a part of it away', async () => {
    await start();
    await real.host.start();
    await set(LIMIT);
    const through = /vmc-[0-9a-f]+/.exec(network.ip('link', 'show'))?.[0] ?? '';
    network.tc('qdisc', 'del', 'dev', through, 'root');
    await set(2 * LIMIT);
    expect(network.tc('qdisc', 'show', 'dev', through)).to.match(/^qdisc tbf 7e3c: root .*rate 16Mbit/);
    await real.host.stop();
    expect(network.tc('qdisc', 'show')).to.equal(untouched);
  });

  it('is taken from devices of guests that have ended, too', async () => {
    const guest = await start();
    await real.host.start();
    await set(LIMIT);
    expect(network.ip('link', 'show')).to.match(/vmc-/);
    await guest.stop();
    await real.host.observe();
    await until(() => network.tc('qdisc', 'show') === untouched && !/vmc-/.test(network.ip('link', 'show')));
  });

  it('says where there is no tap device what to do', async () => {
    await real.guest({ name: 'net', extraArguments: ['-nic', 'user'] });
    await real.host.start();
    await set(LIMIT);
    const { lacks, notes } = (await real.observe('net')).guest;
    expect(lacks).to.deep.equal(['network']);
    expect(notes?.map(({ message }) => message)).to.deep.equal([
      "the guest's network (user) has no tap device that could be limited",
    ]);
  });
});
