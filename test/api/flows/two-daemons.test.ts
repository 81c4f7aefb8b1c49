import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type Client, connect } from '../../../src/api/client.js';
import { systemProgram } from '../../../src/enforce/linux/knobs/traffic-control.js';
import { requireNetworks } from '../../enforce/linux/knobs/network-namespace.js';
import { until } from '../../support/guests/until.js';

const PROGRAM = fileURLToPath(new URL('./flow-daemon.mts', import.meta.url));
const ADDRESSES = ['10.98.0.1', '10.98.0.2'] as const;
const PORT = 7070;
const IP = systemProgram('ip') ?? 'ip';

const run = (...command: readonly string[]): void => {
  execFileSync(command[0] ?? '', command.slice(1), { stdio: 'pipe' });
};

const WIRE = fileURLToPath(new URL('./delayed-wire.pl', import.meta.url));
const DEVICES = [`vmcfa${process.pid % 100_000}`, `vmcfb${process.pid % 100_000}`] as const;

/** Two network namespaces that are joined by a wire with a delay and a rate of its own (not every kernel has netem). */
class Pair {
  readonly names = [`vmc-flow-a-${process.pid}`, `vmc-flow-b-${process.pid}`] as const;
  #wire: ChildProcess | null = null;

  async make(): Promise<void> {
    const wire = spawn('perl', [WIRE, ...DEVICES], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#wire = wire;
    await once(wire.stdout, 'data');
    this.names.forEach((name, at) => {
      const device = DEVICES[at] ?? '';
      run(IP, 'netns', 'add', name);
      run(IP, 'link', 'set', device, 'netns', name);
      run(IP, '-netns', name, 'address', 'add', `${ADDRESSES[at]}/24`, 'dev', device);
      for (const one of ['lo', device]) run(IP, '-netns', name, 'link', 'set', one, 'up');
    });
  }

  /** Of each direction. */
  shape(delayMs: number, bytesPerSecond: number): void {
    this.#wire?.stdin?.write(`${delayMs} ${bytesPerSecond}\n`);
  }

  cut(): void {
    run(IP, '-netns', this.names[1], 'link', 'set', DEVICES[1], 'down');
  }

  async remove(): Promise<void> {
    if (this.#wire === null) return;
    const ended = once(this.#wire, 'exit');
    this.#wire.kill();
    await ended;
    for (const name of this.names) run(IP, 'netns', 'del', name);
  }
}

describe('two daemons with a flow between them', function () {
  this.timeout(240_000);
  const pair = new Pair();
  const directory = mkdtempSync(join(tmpdir(), 'vmc-flows-'));
  const children: ChildProcess[] = [];
  const lines: string[] = [];
  let client: Client;

  before(async function () {
    requireNetworks(this);
    await pair.make();
    const token = join(directory, 'token');
    writeFileSync(token, `${'t'.repeat(64)}\n`, { mode: 0o600 });
    pair.shape(20, 2e6);
    // The other one first: what is there is looked at at once.
    for (const at of [1, 0] as const) {
      const [own, other] = [`${ADDRESSES[at]}:${PORT}`, `${ADDRESSES[at === 0 ? 1 : 0]}:${PORT}`];
      const socket = join(directory, `${at}.sock`);
      const program = [process.execPath, '--import', 'tsx', PROGRAM, socket, own, token, other];
      const child = spawn(IP, ['netns', 'exec', pair.names[at], ...program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (at === 0) lines.push(text);
      });
      await until(() => said.includes('"ready"'), 60_000);
    }
    client = connect({ socket: join(directory, '0.sock') });
  });
  after(async () => {
    client?.close();
    for (const child of children) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await pair.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  /** All samples of a signal so far. */
  const samplesOf = async (signal: string): Promise<readonly number[]> =>
    ((await client.samples(signal).catch(() => null))?.values ?? []).filter((value) => value !== null);

  /** A sample that is as it should be, as soon as there is one; none comes: the newest. */
  async function sampleLike(signal: string, isRight: (value: number) => boolean): Promise<number> {
    const right = async () => (await samplesOf(signal)).find(isRight);
    await until(async () => (await right()) !== undefined, 100_000).catch(() => {});
    return (await right()) ?? (await samplesOf(signal)).at(-1) ?? Number.NaN;
  }

  it('sense how long the way takes, and what gets through', async () => {
    // A handshake goes there and back; a timer may be late on a busy machine, never early.
    expect(await sampleLike('flow.lab.latency', (ms) => ms < 60)).to.be.within(40, 60);
    // Of 2 MB/s headers of Ethernet, IP and TCP take 66 of 1,514 bytes.
    expect(await sampleLike('flow.lab.bandwidth', () => true)).to.be.within(1.5e6, 2e6);
    const info = (await client.series()).filter(({ signal }) => signal.startsWith('flow.'));
    expect(info.map(({ signal, unit, stepNs }) => [signal, unit, stepNs])).to.deep.equal([
      ['flow.lab.bandwidth', 'B/s', 60e9],
      ['flow.lab.latency', 'ms', 10e9],
    ]);
  });

  it('see the way change', async () => {
    expect(Math.min(...(await samplesOf('flow.lab.latency')))).to.be.at.least(40);
    pair.shape(5, 2e6);
    expect(await sampleLike('flow.lab.latency', (ms) => ms < 40)).to.be.within(10, 40);
  });

  it('lose it when it is cut, and say so once', async () => {
    lines.length = 0;
    pair.cut();
    await until(async () => {
      const info = (await client.series()).find(({ signal }) => signal === 'flow.lab.latency');
      return info?.latest === null;
    }, 90_000);
    const warnings = lines
      .join('')
      .split('\n')
      .filter((line) => line.includes('cannot be measured'));
    expect(warnings).to.have.length(1);
    const [reason] = warnings;
    expect(reason)
      .to.contain('lab')
      .and.match(/no answer in 3 s|EHOSTUNREACH|ENETUNREACH/);
  });
});
