import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DaemonProcess } from '../demo/daemon-process.js';
import { PausedGuests } from '../guests/paused-guests.js';
import { connect } from '../src/api/client.js';
import { directoryName } from '../src/enforce/linux/cgroups.js';
import { findCgroupMounts } from '../src/enforce/linux/mounts.js';
import { packageRoot } from '../src/support/package-root.js';
import { type BenchRow, benchRow } from './bench-row.js';

const POLICY = join('bench', 'policies', 'many-guests.vmc');
/** Guests of each class: at first, for changes of mode, and in the end. */
const FEW = { build: 10, batch: 40 };
const MIDDLE = { build: 10, batch: 100 };
const MANY = { build: 20, batch: 180 };

/** Between the last guest that came and the first look: what is new is looked at more often, and V8 compiles what it runs. */
const SETTLE_MS = 45_000;
const IDLE_MS = 20_000;
const PATIENCE_MS = 20_000;
const POLL_MS = 5;
const TICK_MS = 10;
const KIB_PER_MB = 1000 / 1.024;

type Counts = typeof FEW;

/**
 * What the real daemon costs while nothing happens, with 50 and 200 guests that want nothing, and how soon changes reach the
 * cgroups of guests. Takes three minutes. Needs root.
 */
export async function benchCost(): Promise<readonly BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'vmc-cost-'));
  const before = { ...process.env };
  Object.assign(process.env, { VMC_RUNTIME_DIR: directory, VMC_STATE_DIR: join(directory, 'state') });
  const [guests, daemon] = [new PausedGuests(), new DaemonProcess(connect())];
  try {
    await startMore(guests, FEW);
    await daemon.start(join(packageRoot(), POLICY));
    const few = await idleCost(daemon, guests);
    await startMore(guests, MIDDLE);
    await allInForce(daemon, guests.guests.length);
    const switched = await changeMs(daemon, 'batch', () => daemon.client.setSwitch('quiet', true));
    // As long as it is unknown the tighter limit holds.
    const pushed = await changeMs(daemon, 'build', () => daemon.client.pushSignal('price', 10));
    await startMore(guests, MANY);
    await allInForce(daemon, guests.guests.length);
    const many = await idleCost(daemon, guests);
    return [
      benchRow('50 guests: CPU of daemon and guardian', few.corePercent, '% of a core', 1),
      benchRow('50 guests: resident memory of the daemon', few.residentMb, 'MB', 90),
      benchRow('50 guests: resident memory of the guardian', few.guardianMb, 'MB', null),
      benchRow('200 guests: CPU of daemon and guardian', many.corePercent, '% of a core', 3),
      benchRow('200 guests: resident memory of the daemon', many.residentMb, 'MB', null),
      benchRow('a switch flipped: quotas of 100 guests changed', switched.filesMs, 'ms', 100),
      benchRow('the same, and status says that all is in force', switched.statusMs, 'ms', null),
      benchRow('a signal pushed: quotas of 10 guests among 110 changed', pushed.filesMs, 'ms', 1500),
    ];
  } finally {
    await daemon.stop();
    await guests.stop();
    Object.assign(process.env, { VMC_RUNTIME_DIR: '', VMC_STATE_DIR: '' }, before);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Until there are so many of each class. */
async function startMore(guests: PausedGuests, counts: Counts): Promise<void> {
  const present = new Set(guests.guests.map(({ name }) => name));
  const wanted = Object.entries(counts).flatMap(([name, count]) =>
    Array.from({ length: count }, (_, at) => `${name}-${at}`),
  );
  await guests.start(wanted.filter((name) => !present.has(name)));
}

async function idleCost(
  daemon: DaemonProcess,
  guests: PausedGuests,
): Promise<{ readonly corePercent: number; readonly residentMb: number; readonly guardianMb: number }> {
  await allInForce(daemon, guests.guests.length);
  await delay(SETTLE_MS);
  const pids = [daemon.pid, ...childrenOf(daemon.pid)];
  const [beforeMs, from] = [sumOfCpuMs(pids), performance.now()];
  await delay(IDLE_MS);
  const usedMs = sumOfCpuMs(pids) - beforeMs;
  const [daemonMb = 0, ...others] = pids.map(residentMb);
  return {
    corePercent: (100 * usedMs) / (performance.now() - from),
    residentMb: daemonMb,
    guardianMb: others.reduce((sum, mb) => sum + mb, 0),
  };
}

/** From the call until every guest of that class has another quota, and until status says that all is in force. */
async function changeMs(
  daemon: DaemonProcess,
  className: string,
  change: () => Promise<void>,
): Promise<{ readonly filesMs: number; readonly statusMs: number }> {
  const { guests } = await daemon.client.status();
  const files = guests
    .filter((guest) => guest.class === className)
    .map(({ group }) => quotaFile((group ?? '').split('/')));
  const before = files.map(readText);
  const from = performance.now();
  await change();
  await until('all quotas have changed', () => files.every((file, at) => readText(file) !== before[at]));
  const filesMs = performance.now() - from;
  await allInForce(daemon, guests.length);
  return { filesMs, statusMs: performance.now() - from };
}

async function allInForce({ client }: DaemonProcess, count: number): Promise<void> {
  await until(`all of ${count} guests are governed`, async () => {
    const { guests } = await client.status();
    return guests.length === count && guests.every(({ controls }) => controls.every((one) => one.inForce));
  });
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not in ${PATIENCE_MS / 1000} s: ${what}`);
    await delay(POLL_MS);
  }
}

function quotaFile(group: readonly string[]): string {
  const mounts = findCgroupMounts();
  if (mounts.version === 0) throw new Error('this bench needs cgroups');
  const name = mounts.version === 2 ? 'cpu.max' : 'cpu.cfs_quota_us';
  return join(mounts.cpu, 'vmc.slice', ...group.map(directoryName), name);
}

const readText = (file: string): string => readFileSync(file, 'utf8');

/** utime and stime of all their threads, ms. */
function sumOfCpuMs(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const fields = readText(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
    return Number(fields[11]) + Number(fields[12]);
  });
  return TICK_MS * ticks.reduce((sum, one) => sum + one, 0);
}

const residentMb = (pid: number): number =>
  Number(/^VmRSS:\s*(\d+)/m.exec(readText(`/proc/${pid}/status`))?.[1]) / KIB_PER_MB;

function childrenOf(pid: number): readonly number[] {
  const texts = readdirSync(`/proc/${pid}/task`).map((tid) => readText(`/proc/${pid}/task/${tid}/children`));
  return texts.flatMap((text) => text.split(' ').filter(Boolean).map(Number));
}
