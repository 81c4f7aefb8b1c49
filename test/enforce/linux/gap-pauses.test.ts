import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type StartedGuest, startGuest } from '../../../guests/start-guest.js';
import { queryStatus, stop } from '../../../src/qemu/qmp/commands.js';
import { QmpClient } from '../../../src/qemu/qmp/qmp-client.js';
import { until } from '../../support/guests/until.js';
import { elapse, RealHost, requireReservations, stateOf, untilGuardianEnded } from './real-host.js';

const MS = 1_000_000n;
/** A guest goes on so soon after its process does. */
const GO_ON_MS = 200;
const PROGRAM = fileURLToPath(new URL('./governing-process.mts', import.meta.url));

/** A guest's second monitor, through which a test watches. */
class Witness {
  readonly events: string[] = [];
  readonly directory = mkdtempSync(join(tmpdir(), 'vmc-witness-'));
  readonly path = join(this.directory, 'qmp.sock');
  client: QmpClient | null = null;

  readonly extraArguments = ['-qmp', `unix:${this.path},server=on,wait=off`];

  async connect(): Promise<QmpClient> {
    const onEvent = ({ event }: { readonly event: string }): void => void this.events.push(event);
    this.client = await QmpClient.connect(this.path, { onEvent, commandTimeoutMs: 10_000 });
    return this.client;
  }

  /** Of pausing and going on. */
  get changes(): readonly string[] {
    return this.events.filter((event) => event === 'STOP' || event === 'RESUME');
  }

  end(): void {
    this.client?.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

describe('gaps of over a second', () => {
  let real: RealHost;
  let witness: Witness;
  let client: QmpClient;
  let guest: StartedGuest;

  beforeEach(async function () {
    requireReservations(this);
    real = new RealHost();
    witness = new Witness();
    guest = await real.guest({ name: 'lent', extraArguments: witness.extraArguments });
    client = await witness.connect();
    await real.host.start();
  });

  afterEach(async () => {
    await real?.close();
    witness?.end();
  });

  async function cycle(runMs: bigint, periodMs: bigint): Promise<void> {
    const { key } = (await real.observe('lent')).guest.guest;
    const windows = runMs === 0n ? [] : [{ startNs: 0n, endNs: runMs * MS }];
    const entries = [{ guest: key, windows }];
    await real.act({ kind: 'set-timetable', timetable: { hyperperiodNs: periodMs * MS, entries } });
  }

  it('are told to the guest: it is paused before it is stopped, and goes on as soon as it runs', async () => {
    await cycle(800n, 2000n);
    await until(() => witness.changes.length >= 4);
    expect(witness.changes.join(' ')).to.match(/^(STOP RESUME ?)+( ?STOP)?$/);
    await until(() => stateOf(guest.pid) === 'T');
    await until(() => stateOf(guest.pid) !== 'T');
    // QEMU reads the command to go on as the first thing that it does, which may be after it has answered us.
    await until(async () => (await queryStatus(client)).running, GO_ON_MS);
  });

  it('are told also when a timetable begins with one, and when it ends within one', async () => {
    await cycle(0n, 1000n);
    await until(() => stateOf(guest.pid) === 'T');
    await elapse(300);
    await real.act({ kind: 'set-timetable', timetable: { hyperperiodNs: 1000n * MS, entries: [] } });
    await until(() => witness.changes.at(-1) === 'RESUME');
    expect(witness.changes).to.deep.equal(['STOP', 'RESUME']);
    expect((await queryStatus(client)).running).to.equal(true);
  });

  it('never let a guest go on that its user had paused', async () => {
    await stop(client);
    await until(() => witness.changes.length === 1);
    await cycle(500n, 1700n);
    await elapse(3500);
    await real.host.stop();
    expect(witness.changes).to.deep.equal(['STOP']);
    expect(await queryStatus(client)).to.include({ running: false, status: 'paused' });
  });

  it('come all the same for a guest whose monitor somebody else has', async () => {
    const occupant = await QmpClient.connect(guest.qmpPath ?? '');
    await cycle(500n, 1700n);
    for (const wanted of ['T', 'S', 'T']) {
      await until(() => (stateOf(guest.pid) === 'T') === (wanted === 'T'));
    }
    expect(witness.changes).to.deep.equal([]);
    occupant.close();
  });
});

describe('a daemon that is killed in a long gap', () => {
  let daemon: ChildProcess | undefined;
  let guests: StartedGuest[] = [];
  const directory = mkdtempSync(join(tmpdir(), 'vmc-state-'));
  let witness: Witness;

  afterEach(async () => {
    daemon?.kill('SIGKILL');
    await untilGuardianEnded(directory);
    await Promise.all(guests.map((guest) => guest.stop()));
    guests = [];
    witness?.end();
    rmSync(directory, { recursive: true, force: true });
  });

  it('leaves a guest that runs within a second, both as a process and to its own mind', async function () {
    requireReservations(this);
    witness = new Witness();
    guests = [
      await startGuest({ name: 'reserved' }),
      await startGuest({ name: 'cycled', extraArguments: witness.extraArguments }),
    ];
    const pid = guests[1]?.pid ?? 0;
    const client = await witness.connect();
    const parameters = [
      PROGRAM,
      directory,
      `vmc-gap-${process.pid}.slice`,
      ...guests.map((one) => `${one.pid}`),
    ];
    const child = spawn(process.execPath, ['--import', 'tsx', ...parameters], {
      env: { ...process.env, CYCLE_MS: '4000' },
      stdio: 'ignore',
    });
    daemon = child;
    await until(() => witness.changes.at(-1) === 'STOP' && stateOf(pid) === 'T');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await until(() => stateOf(pid) !== 'T' && witness.changes.at(-1) === 'RESUME', 1000);
    expect((await queryStatus(client)).running).to.equal(true);
  });
});
