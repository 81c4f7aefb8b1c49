import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { processCpuNs } from '../src/enforce/linux/process-cpu.js';
import { elapse, linuxCores, type RealHost } from '../test/enforce/linux/real-host.js';
import { type BenchRow, benchRow } from './bench-row.js';
import { onRealHost } from './on-real-host.js';
import { overlapsOf, SchedTrace } from './sched-trace.js';

const MS = 1_000_000n;
const PERIODS_MS = [10, 20, 100, 500, 1000, 10_000];
const LEAST_MEASURE_MS = 5000;
const SETTLE_MS = 500;
const PART = 0.3;
const TURNS_MS = 20n;
const COMPARE_MS = 10_000;

/**
 * Duty cycles beside twice as many CPU hogs as cores, alone and with 80% of every core reserved by others; then the same rate
 * kept by a duty cycle, by `cpulimit` and by a quota on one guest of an otherwise idle machine. Needs root.
 */
export async function benchDuty(): Promise<readonly BenchRow[]> {
  return [
    ...(await onRealHost((real) => errors(real, ''))),
    ...(await onRealHost(besideReservations)),
    ...(await onRealHost(overlaps)),
    ...(await onRealHost(compare)),
  ];
}

async function cycle(real: RealHost, periodMs: number): Promise<void> {
  const { guest } = (await real.observe('bench-lent')).guest;
  const hyperperiodNs = BigInt(periodMs) * MS;
  const windows = [{ startNs: 0n, endNs: BigInt(Math.round(periodMs * PART)) * MS }];
  await real.act({
    kind: 'set-timetable',
    timetable: { hyperperiodNs, entries: [{ guest: guest.key, windows }] },
  });
}

async function errors(real: RealHost, circumstances: string): Promise<readonly BenchRow[]> {
  await real.guest({ name: 'bench-lent' });
  await real.host.start();
  real.overload();
  const rows: BenchRow[] = [];
  for (const periodMs of PERIODS_MS) {
    await cycle(real, periodMs);
    await elapse(SETTLE_MS);
    // Whole periods: what is measured beyond them is no error.
    const periods = Math.ceil(LEAST_MEASURE_MS / periodMs);
    const allowed = await real.rate('bench-lent', periods * periodMs, ({ allowedNs }) => allowedNs);
    const what = `duty cycle of ${periodMs} ms${circumstances}, allowed time off by`;
    rows.push(benchRow(what, Math.abs(allowed - PART) * 100, 'points', periodMs >= 100 ? 0.5 : null));
  }
  const { p99Ns, meanNs, maxNs } = real.host.lateness();
  rows.push(
    benchRow(`timing thread${circumstances}, 99% of its wake-ups late by at most`, p99Ns / 1000, 'us', 150),
    benchRow(`timing thread${circumstances}, wake-ups late on average by`, meanNs / 1000, 'us', null),
    benchRow(`timing thread${circumstances}, its latest wake-up by`, maxNs / 1000, 'us', null),
  );
  return rows;
}

/**
 * Hogs that hold reservations, one for each core, of what the host lets be reserved beside the timing thread. Four ticks of every
 * five: one that overran by a tick, because budgets are enforced at ticks, is not past its deadline, where nothing would be before it.
 */
async function besideReservations(real: RealHost): Promise<readonly BenchRow[]> {
  const holders = Array.from({ length: linuxCores() }, () =>
    spawn(
      'setpriv',
      [
        ...['--pdeathsig', 'KILL', '--', 'chrt', '--deadline', '--sched-runtime', '16000000'],
        ...['--sched-period', '20000000', '0', 'perl', '-e', '1 while 1'],
      ],
      { stdio: 'ignore' },
    ),
  );
  try {
    await elapse(SETTLE_MS);
    if (holders.some(({ exitCode }) => exitCode !== null))
      throw new Error('80% of all cores could not be reserved');
    return await errors(real, ', 80% of all cores reserved');
  } finally {
    for (const holder of holders) holder.kill('SIGKILL');
  }
}

/**
 * Two guests that want all they can get and take turns, as under a ceiling of one core: how long both run at once where one's turn ends
 * and the other's begins. From the kernel's record of its context switches.
 */
async function overlaps(real: RealHost): Promise<readonly BenchRow[]> {
  const names = ['bench-first', 'bench-second'];
  for (const name of names) await real.guest({ name });
  await real.host.start();
  real.overload();
  const guests = await Promise.all(names.map(async (name) => (await real.observe(name)).guest.guest));
  const halfNs = (TURNS_MS * MS) / 2n;
  const entries = guests.map(({ key }, at) => ({
    guest: key,
    windows: [{ startNs: BigInt(at) * halfNs, endNs: BigInt(at + 1) * halfNs }],
  }));
  await real.act({ kind: 'set-timetable', timetable: { hyperperiodNs: TURNS_MS * MS, entries } });
  await elapse(SETTLE_MS);
  const trace = SchedTrace.start(guests.map(({ vcpus }) => vcpus[0]?.tid ?? 0));
  await elapse(COMPARE_MS);
  const [first = [], second = []] = trace.stop();
  const lengths = overlapsOf(first, second).map(({ fromNs, toNs }) => (toNs - fromNs) / 1000);
  const boundaries = (2 * COMPARE_MS) / Number(TURNS_MS);
  return [
    benchRow('at a boundary of turns both guests run for at most', Math.max(0, ...lengths), 'us', 150),
    benchRow('the same, on average', lengths.reduce((sum, one) => sum + one, 0) / boundaries, 'us', null),
  ];
}

interface Kept {
  readonly rate: number;
  /** Of a core, in percent: what keeping it cost. */
  readonly cost: number;
}

async function compare(real: RealHost): Promise<readonly BenchRow[]> {
  const { pid } = await real.guest({ name: 'bench-lent' });
  await real.host.start();
  const ways: readonly [string, () => Promise<Kept>][] = [
    ['a duty cycle', () => byDuty(real)],
    ['cpulimit', () => byCpulimit(real, pid)],
    ['a quota', () => byQuota(real)],
  ];
  const rows: BenchRow[] = [];
  for (const [name, keep] of ways) {
    const { rate, cost } = await keep();
    rows.push(
      benchRow(`30% of a core by ${name}, off by`, Math.abs(rate - PART) * 100, 'points', null),
      benchRow(`30% of a core by ${name}, at the cost of`, cost, '% of a core', null),
    );
  }
  return rows;
}

const cpuRate = (real: RealHost): Promise<number> =>
  real.rate('bench-lent', COMPARE_MS, ({ cpuNs }) => cpuNs);

async function byDuty(real: RealHost): Promise<Kept> {
  await cycle(real, 100);
  await elapse(SETTLE_MS);
  const before = process.cpuUsage();
  const rate = await cpuRate(real);
  const { user, system } = process.cpuUsage(before);
  await real.act({ kind: 'set-timetable', timetable: { hyperperiodNs: 100n * MS, entries: [] } });
  return { rate, cost: (user + system) / COMPARE_MS / 10 };
}

async function byCpulimit(real: RealHost, pid: number): Promise<Kept> {
  if (!existsSync('/usr/bin/cpulimit')) {
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'cpulimit'], { stdio: 'ignore' });
  }
  const tool: ChildProcess = spawn('cpulimit', ['-l', `${PART * 100}`, '-p', `${pid}`], { stdio: 'ignore' });
  try {
    await elapse(SETTLE_MS);
    const before = processCpuNs(tool.pid ?? 0);
    const rate = await cpuRate(real);
    return { rate, cost: Number(processCpuNs(tool.pid ?? 0) - before) / COMPARE_MS / 10_000 };
  } finally {
    const ended = new Promise((resolve) => tool.once('exit', resolve));
    // Only so does it let its victim run.
    tool.kill('SIGINT');
    await ended;
    process.kill(pid, 'SIGCONT');
  }
}

async function byQuota(real: RealHost): Promise<Kept> {
  const { guest } = (await real.observe('bench-lent')).guest;
  const path = ['bench'];
  await real.act({ kind: 'create-group', path });
  await real.act({ kind: 'gather', guest: guest.key, path });
  await real.act({ kind: 'set-quota', path, quota: { quotaNs: 30n * MS, periodNs: 100n * MS } });
  await elapse(SETTLE_MS);
  return { rate: await cpuRate(real), cost: 0 };
}
