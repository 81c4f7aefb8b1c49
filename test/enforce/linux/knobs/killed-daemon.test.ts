import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type StartedGuest, startGuest } from '../../../../guests/start-guest.js';
import { findCgroupMounts } from '../../../../src/enforce/linux/mounts.js';
import { QmpClient, queryBlock } from '../../../../src/qemu/index.js';
import { requireQemu } from '../../../support/guests/require-qemu.js';
import { until } from '../../../support/guests/until.js';
import { skipBecause } from '../../../support/skip-because.js';
import { requireReservations } from '../real-host.js';
import { FrameLink } from './frame-link.js';
import { requireNetworks, TAP, TestNetwork } from './network-namespace.js';

const PROGRAM = fileURLToPath(new URL('./setting-process.mts', import.meta.url));
/** What the guardian promises. */
const AS_IT_WAS_MS = 3000;
const MIB = 2 ** 20;
const SETTINGS = [
  { knob: 'memory', ceilingBytes: 8 * MIB, floorBytes: null },
  { knob: 'disk', bytesPerSecond: 1_000_000, iops: 100 },
  { knob: 'network', bytesPerSecond: 500_000 },
];

describe('what a daemon had set on a guest when it was killed', () => {
  let network: TestNetwork;
  let link: FrameLink;
  let guest: StartedGuest;
  let directory: string;
  let daemon: ChildProcess | undefined;

  beforeEach(async function () {
    requireQemu(this);
    requireReservations(this);
    requireNetworks(this);
    const mounts = findCgroupMounts();
    if (mounts.version !== 1 || mounts.memory === null)
      skipBecause(this, 'needs a cgroup v1 memory controller');
    directory = mkdtempSync(join(tmpdir(), 'vmc-killed-'));
    network = new TestNetwork();
    network.make();
    link = new FrameLink(join(directory, 'link.sock'));
    await link.listen();
    const image = join(directory, 'data.img');
    writeFileSync(image, Buffer.alloc(MIB));
    guest = await startGuest({
      name: 'set',
      networkNamespace: network.name,
      extraArguments: [
        ...link.arguments(TAP),
        ...['-drive', `file=${image},format=raw,if=none,id=data,throttling.iops-total=77`],
        ...['-device', 'virtio-blk-pci,drive=data', '-device', 'virtio-balloon-pci'],
      ],
    });
  });

  afterEach(async () => {
    if (daemon && daemon.exitCode === null && daemon.signalCode === null) {
      daemon.kill('SIGKILL');
      await once(daemon, 'exit');
    }
    await guest?.stop();
    link?.close();
    network?.remove();
    if (directory) rmSync(directory, { recursive: true, force: true });
  });

  /** All of it that the settings change: cgroup, throttles, queues, devices. */
  async function state(): Promise<object> {
    const client = await QmpClient.connect(guest.qmpPath ?? '');
    try {
      return {
        memory: /:memory:(.*)$/m.exec(readFileSync(`/proc/${guest.pid}/cgroup`, 'utf8'))?.[1],
        drives: (await queryBlock(client)).map(({ throttle }) => throttle.numbers),
        queues: network.tc('qdisc', 'show'),
        devices: network.ip('-o', 'link', 'show').match(/^\d+: [^:]+/gm),
      };
    } finally {
      client.close();
    }
  }

  it('is as it was within 3 s, with nothing of its own left', async () => {
    const before = await state();
    const sliceName = `vmc-set-${process.pid}.slice`;
    const parameters = [directory, sliceName, `${guest.pid}`, JSON.stringify(SETTINGS)];
    daemon = spawn(process.execPath, ['--import', 'tsx', PROGRAM, ...parameters]);
    let output = '';
    for (const stream of [daemon.stdout, daemon.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    await until(() => /^set$/m.test(output));
    const during = (await state()) as { memory: string; drives: object[]; queues: string; devices: string[] };
    expect(during.memory).to.match(/\/vmc-\d+-\d+$/);
    expect(during.drives).to.deep.include({ bps: 1_000_000, iops: 100 });
    expect(during.queues).to.match(/tbf 7e3c: dev tap0 root/);
    expect(during.devices).to.have.length(3);
    daemon.kill('SIGKILL');
    await until(async () => JSON.stringify(await state()) === JSON.stringify(before), AS_IT_WAS_MS);
    await until(() => !existsSync(join(directory, 'journal')), AS_IT_WAS_MS);
    expect(output).not.to.match(/guardian:/);
  });
});
