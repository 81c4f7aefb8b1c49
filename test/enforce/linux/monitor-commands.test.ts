import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type StartedGuest, type StartGuestOptions, startGuest } from '../../../guests/start-guest.js';
import { bootId } from '../../../src/enforce/linux/boot-id.js';
import { guardianScript } from '../../../src/enforce/linux/guardian-script.js';
import { FileJournal } from '../../../src/enforce/linux/journal.js';
import { readStartTime } from '../../../src/enforce/linux/task-stat.js';
import { queryStatus, stop } from '../../../src/qemu/qmp/commands.js';
import { QmpClient } from '../../../src/qemu/qmp/qmp-client.js';
import { FakeMonitor, GREETING, politely } from '../../qemu/qmp/fake-monitor.js';
import { requireQemu } from '../../support/guests/require-qemu.js';

const BOOT = bootId();
const CONT = '{"execute":"cont"}';

interface Release {
  readonly complete: boolean;
  readonly messages: string;
  readonly ms: number;
}

describe('what the guardian undoes in monitors', () => {
  let directory: string;
  let journal: FileJournal;
  const monitors: FakeMonitor[] = [];
  const guests: StartedGuest[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-journal-'));
    journal = new FileJournal(join(directory, 'journal'), BOOT);
    journal.open();
  });

  afterEach(async () => {
    journal.close();
    rmSync(directory, { recursive: true, force: true });
    await Promise.all(monitors.splice(0).map((monitor) => monitor.end()));
    await Promise.all(guests.splice(0).map((guest) => guest.stop()));
  });

  /** Served by this very process, which the kernel therefore names as the one that listens. */
  async function monitor(serve: (socket: Socket) => void): Promise<FakeMonitor> {
    const started = await new FakeMonitor(serve).start();
    monitors.push(started);
    return started;
  }

  async function guest(options: StartGuestOptions): Promise<StartedGuest> {
    const started = await startGuest(options);
    guests.push(started);
    return started;
  }

  function record(socket: string, command: string, pid = process.pid): void {
    journal.record({ operation: 'qmp', pid, startTime: readStartTime(pid) ?? 0n, socket, command });
  }

  function release(): Promise<Release> {
    const began = performance.now();
    return new Promise((resolve) => {
      execFile('perl', [guardianScript(), 'release', journal.file], (error, _, messages) =>
        resolve({ complete: error === null, messages, ms: performance.now() - began }),
      );
    });
  }

  const agreeable = politely(() => '{"return": {}}\r\n');
  const without = (commands: string) => commands.replaceAll('{"execute":"qmp_capabilities"}\n', '');

  it('is sent to a monitor that greets, from the last record to the first', async () => {
    const { path } = await monitor(agreeable);
    for (const name of ['first', 'second', 'third']) record(path, `{"execute":"${name}"}`);
    expect(await release()).to.include({ complete: true, messages: '' });
    const executed = [...(monitors[0]?.received ?? '').matchAll(/"execute":"(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(executed).to.deep.equal(['qmp_capabilities', 'third', 'second', 'first']);
    expect(existsSync(journal.file)).to.equal(false);
  });

  it('reads answers however they are laid out, and lets events pass', async () => {
    const { path } = await monitor((socket) => {
      socket.write(JSON.stringify(JSON.parse(GREETING), null, 4));
      socket.on('data', () =>
        socket.write('\n{"timestamp": {"seconds": 1}, "event": "RE{SUME"}\r\n{\n "return": {\n}}'),
      );
    });
    record(path, '{"execute":"balloon","arguments":{"value":1}}');
    expect(await release()).to.include({ complete: true, messages: '' });
    expect(monitors[0]?.received).to.contain('"balloon"');
  });

  it('lets paused guests go on before anything else, and is not kept by monitors that hang or flood', async () => {
    for (let count = 0; count < 5; count++) record((await monitor(() => {})).path, CONT);
    const flood = await monitor((socket) => {
      socket.write(GREETING);
      const flooding = setInterval(() => {
        if (socket.destroyed) clearInterval(flooding);
        else if (socket.writableLength === 0) socket.write('{"event": "FLOOD"}\r\n'.repeat(5_000));
      });
    });
    record(flood.path, CONT);
    const polite = await monitor(agreeable);
    record(polite.path, '{"execute":"later"}');
    record(polite.path, CONT);
    const { complete, messages, ms } = await release();
    expect(complete).to.equal(false);
    expect(messages).to.contain('did not answer in time');
    expect(without(polite.received).indexOf('"cont"')).to.equal('{"execute":'.length);
    expect(polite.received).to.contain('"later"');
    expect(ms, 'together, not one after the other').to.be.below(5_000);
    expect(existsSync(journal.file), 'so that `vmc release` tries again').to.equal(true);
  });

  it('sends nothing to what does not greet as a monitor does', async () => {
    const { path } = await monitor((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    record(path, CONT);
    expect((await release()).complete).to.equal(false);
    expect(monitors[0]?.received).to.equal('');
  });

  it('takes a device that is no more for undone, and says what QEMU refuses', async () => {
    const gone = '{"error": {"class": "DeviceNotFound", "desc": "no such drive"}}\r\n';
    const { path } = await monitor(
      politely((command) => (command === 'throttle' ? gone : '{"return": {}}\r\n')),
    );
    record(path, '{"execute":"throttle"}');
    expect(await release()).to.include({ complete: true, messages: '' });
    const refusing = await monitor(
      politely((command) =>
        command === 'throttle' ? gone.replace('DeviceNotFound', 'GenericError') : '{"return": {}}',
      ),
    );
    journal.open();
    record(refusing.path, '{"execute":"throttle"}');
    const { complete, messages } = await release();
    expect(complete).to.equal(false);
    expect(messages).to.contain('QEMU refused: no such drive');
  });

  it('needs nothing undone in a guest that has ended', async () => {
    journal.record({ operation: 'qmp', pid: process.pid, startTime: 1n, socket: '/nowhere', command: CONT });
    expect(await release()).to.include({ complete: true, messages: '' });
  });

  it('lets a real guest go on that was paused in its monitor, and never one whose monitor it is not', async function () {
    requireQemu(this);
    const [ours, other] = [await guest({ name: 'ours' }), await guest({ name: 'other' })];
    const paused = async ({ qmpPath }: StartedGuest, pause: boolean) => {
      const client = await QmpClient.connect(qmpPath ?? '');
      if (pause) await stop(client);
      const { running } = await queryStatus(client);
      client.close();
      return !running;
    };
    for (const each of [ours, other]) expect(await paused(each, true)).to.equal(true);
    record(ours.qmpPath ?? '', CONT, ours.pid);
    record(other.qmpPath ?? '', CONT, ours.pid);
    const { messages } = await release();
    expect(messages).to.contain("is another process's");
    expect(await paused(ours, false)).to.equal(false);
    expect(await paused(other, false)).to.equal(true);
  });
});
