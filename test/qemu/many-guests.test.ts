import { existsSync, unlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { PausedGuests } from '../../guests/paused-guests.js';
import { GuestScanner } from '../../src/qemu/guest-scanner.js';
import { askMonitor } from '../../src/qemu/vcpu-finder.js';
import { requireQemu } from '../support/guests/require-qemu.js';
import { until } from '../support/guests/until.js';

const MANY = 30;
const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

describe('many real guests', function () {
  this.timeout(60_000);
  const crowd = new PausedGuests();
  let scanner: GuestScanner;
  let asked: number;

  before(function () {
    requireQemu(this);
  });
  beforeEach(() => {
    asked = 0;
    scanner = new GuestScanner({
      askMonitor: (guest) => {
        asked += 1;
        return askMonitor(guest);
      },
    });
  });
  afterEach(async () => {
    scanner.close();
    await crowd.stop();
  });

  const ours = async () => {
    const pids = new Set(crowd.guests.map(({ pid }) => pid));
    return (await scanner.scan()).filter(({ pid }) => pids.has(pid));
  };
  const untilAnswered = (count: number) =>
    until(async () => (await ours()).filter(({ vcpuSource }) => vcpuSource === 'qmp').length === count);

  it('are all found by one scan, and their monitors are asked a few at a time', async () => {
    await crowd.start(names('many', MANY));
    const scan = ours();
    expect(asked).to.equal(16);
    expect(await scan).to.have.length(MANY);
    await untilAnswered(MANY);
    expect(asked).to.be.at.least(MANY);
  });

  it('come and go: each that comes is noticed before the next scan, each that has gone is forgotten', async () => {
    await crowd.start(names('early', MANY / 2));
    await ours();
    scanner.hasNewcomer();
    const late = await crowd.start(names('late', MANY / 2));
    await until(() => scanner.hasNewcomer());
    expect(await ours()).to.have.length(MANY);
    await crowd.end(late.map(({ pid }) => pid));
    const left = (await scanner.scan()).map(({ pid }) => pid);
    expect(left).to.include.members(crowd.guests.map(({ pid }) => pid));
    expect(left.filter((pid) => late.some((one) => one.pid === pid))).to.deep.equal([]);
  });

  it('are the same objects for as long as nothing of them changes', async () => {
    await crowd.start(names('same', 3));
    await untilAnswered(3);
    const before = await ours();
    expect((await ours()).every((guest, index) => guest === before[index])).to.equal(true);
  });

  it('wait for no monitor that hangs or floods', async () => {
    const quiet = await crowd.start(names('quiet', 5));
    const bad = await crowd.start(names('bad', 20));
    const servers = await Promise.allSettled(
      bad.map(({ qmpPath }, index) => impostor(qmpPath, index % 2 === 0)),
    );
    try {
      expect(servers.filter(({ status }) => status === 'rejected')).to.deep.equal([]);
      await until(async () => {
        const found = await ours();
        expect(found).to.have.length(25);
        expect(found.every(({ vcpus }) => vcpus.length === 1)).to.equal(true);
        return quiet.every(({ pid }) => found.find((guest) => guest.pid === pid)?.vcpuSource === 'qmp');
      });
    } finally {
      for (const server of servers) if (server.status === 'fulfilled') server.value.close();
    }
  });
});

/** Takes the place of a monitor: says nothing, or too much. */
async function impostor(path: string, floods: boolean): Promise<{ readonly close: () => void }> {
  await until(() => existsSync(path));
  unlinkSync(path);
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    const pour = () => {
      while (socket.writable && socket.write('{"event": "NOISE"}\n'.repeat(1000)));
    };
    if (floods) socket.on('drain', pour).write('{"QMP": {}}\n', pour);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
