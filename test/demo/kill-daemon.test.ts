import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { OwnerLoad } from '../../demo/owner-load.js';
import { chooseStage, coreCount, snapshot, startGuests } from '../../demo/stage.js';
import type { StartedGuest } from '../../guests/start-guest.js';
import { connect } from '../../src/api/client.js';
import { readTaskStat } from '../../src/enforce/linux/task-stat.js';
import { packageRoot } from '../../src/support/package-root.js';
import { elapse, requireReservations } from '../enforce/linux/real-host.js';
import { until } from '../support/guests/until.js';

const RUNNING_AGAIN_MS = 1000;
const AS_IT_WAS_MS = 3000;

describe('kill -9 of the daemon under the policy of the demonstration', () => {
  const owner = new OwnerLoad();
  let directory = '';
  let guests: readonly StartedGuest[] = [];
  let asItWas = '';
  let daemon: ChildProcess | null = null;

  before(async function () {
    requireReservations(this);
    directory = mkdtempSync(join(tmpdir(), 'vmc-daemon-'));
    guests = await startGuests(chooseStage().guests);
    asItWas = await snapshot(guests);
    owner.start(2 * coreCount());
  });

  after(async () => {
    owner.stop();
    daemon?.kill('SIGKILL');
    await Promise.all(guests.map((guest) => guest.stop()));
    if (directory !== '') rmSync(directory, { recursive: true, force: true });
  });

  function startDaemon(): ChildProcess {
    const program = join(packageRoot(), 'bin', 'vmcd.cjs');
    const policy = join(packageRoot(), 'examples', 'policies', 'demo.vmc');
    daemon = spawn(process.execPath, [program, policy], {
      stdio: 'ignore',
      env: { ...process.env, VMC_RUNTIME_DIR: directory, VMC_STATE_DIR: directory },
    });
    return daemon;
  }

  /** Until every guest of the demonstration is under all that the policy says of it. */
  async function untilGoverned(): Promise<void> {
    const client = connect({ socket: join(directory, 'vmcd.sock') });
    const ours = guests.map(({ pid }) => pid);
    await until(async () => {
      const status = await client.status().catch(() => null);
      const governed = status?.guests.filter(({ pid }) => ours.includes(pid)) ?? [];
      return (
        governed.length === ours.length &&
        governed.every(({ controls }) => controls.length > 0 && controls.every(({ inForce }) => inForce))
      );
    });
    client.close();
  }

  async function killAndExpectEverythingBack(child: ChildProcess): Promise<void> {
    child.kill('SIGKILL');
    await once(child, 'exit');
    await until(() => guests.every(({ pid }) => readTaskStat(pid)?.state !== 'T'), RUNNING_AGAIN_MS);
    let now = '';
    await until(async () => {
      now = await snapshot(guests);
      return now === asItWas;
    }, AS_IT_WAS_MS - RUNNING_AGAIN_MS).catch(() => expect(now).to.equal(asItWas));
  }

  for (let round = 1; round <= 3; round++) {
    it(`leaves nothing behind while it governs (${round} of 3)`, async () => {
      const child = startDaemon();
      await untilGoverned();
      await elapse(Math.random() * 1000);
      await killAndExpectEverythingBack(child);
    });
    it(`leaves nothing behind while it starts (${round} of 3)`, async () => {
      const child = startDaemon();
      await elapse(Math.random() * 2000);
      await killAndExpectEverythingBack(child);
    });
  }
});
