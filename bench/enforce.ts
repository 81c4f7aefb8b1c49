import type { ObservedGuest } from '../src/enforce/host.js';
import { elapse, type RealHost, vcpuCpu } from '../test/enforce/linux/real-host.js';
import type { BenchRow } from './bench-row.js';
import { onRealHost } from './on-real-host.js';

const MS = 1_000_000n;
const MEASURE_MS = 10_000;
const SETTLE_MS = 500;

/** What is delivered beside twice as many CPU hogs as cores, on real guests, over ten seconds each. Needs root. */
export async function benchEnforcement(): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const measure of [reservation, dutyCycle, quota, shares]) rows.push(...(await onRealHost(measure)));
  return rows;
}

const row = (what: string, figure: number, unit: string, limit: number): BenchRow => ({
  what,
  figure,
  unit,
  limit,
  ok: figure <= limit,
});

async function keyOf(real: RealHost, name: string): Promise<ObservedGuest> {
  return (await real.observe(name)).guest;
}

async function reservation(real: RealHost): Promise<readonly BenchRow[]> {
  await real.guest({ name: 'bench-reserved' });
  await real.host.start();
  real.overload();
  const { guest } = await keyOf(real, 'bench-reserved');
  const tid = guest.vcpus[0]?.tid ?? 0;
  await real.act({
    kind: 'reserve',
    guest: guest.key,
    tid,
    budgetNs: 20n * MS,
    periodNs: 100n * MS,
    core: 0,
  });
  await elapse(SETTLE_MS);
  const rate = await real.rate('bench-reserved', MEASURE_MS, vcpuCpu);
  return [
    row('reservation 20ms every 100ms, delivered off by', Math.abs(rate / 0.2 - 1) * 100, '% of it', 2),
  ];
}

async function dutyCycle(real: RealHost): Promise<readonly BenchRow[]> {
  await real.guest({ name: 'bench-lent' });
  await real.host.start();
  real.overload();
  const { guest } = await keyOf(real, 'bench-lent');
  const entries = [{ guest: guest.key, windows: [{ startNs: 0n, endNs: 100n * MS }] }];
  await real.act({ kind: 'set-timetable', timetable: { hyperperiodNs: 500n * MS, entries } });
  await elapse(SETTLE_MS);
  const allowed = await real.rate('bench-lent', MEASURE_MS, ({ allowedNs }) => allowedNs);
  const { meanNs } = real.host.lateness();
  return [
    row('duty cycle 100ms every 500ms, allowed time off by', Math.abs(allowed - 0.2) * 100, 'points', 1),
    row('timing thread, mean lateness of a wake-up', meanNs / 1000, 'us', 150),
  ];
}

async function quota(real: RealHost): Promise<readonly BenchRow[]> {
  await real.guest({ name: 'bench-capped' });
  await real.host.start();
  real.overload();
  const { guest } = await keyOf(real, 'bench-capped');
  await real.act({ kind: 'create-group', path: ['capped'] });
  await real.act({ kind: 'gather', guest: guest.key, path: ['capped'] });
  await real.act({ kind: 'set-quota', path: ['capped'], quota: { quotaNs: 25n * MS, periodNs: 100n * MS } });
  for (const path of [['capped'], []]) await real.act({ kind: 'set-weight', path, weight: 8192 });
  await elapse(SETTLE_MS);
  const rate = await real.rate('bench-capped', MEASURE_MS, ({ cpuNs }) => cpuNs);
  return [
    row('quota of a quarter of a core, delivered off by', Math.abs(rate / 0.25 - 1) * 100, '% of it', 5),
  ];
}

async function shares(real: RealHost): Promise<readonly BenchRow[]> {
  const weights = { gold: 1536, silver: 512 };
  for (const name of Object.keys(weights)) await real.guest({ name, taskset: [1] });
  await real.host.start();
  for (const [name, weight] of Object.entries(weights)) {
    const { guest } = await keyOf(real, name);
    await real.act({ kind: 'create-group', path: [name] });
    await real.act({ kind: 'gather', guest: guest.key, path: [name] });
    await real.act({ kind: 'set-weight', path: [name], weight });
  }
  await elapse(SETTLE_MS);
  const before = await Promise.all(Object.keys(weights).map((name) => keyOf(real, name)));
  await elapse(MEASURE_MS);
  const after = await Promise.all(Object.keys(weights).map((name) => keyOf(real, name)));
  const [gold = 0, silver = 1] = after.map((guest, index) =>
    Number(guest.cpuNs - (before[index]?.cpuNs ?? 0n)),
  );
  return [
    row('shares 3 : 1 on one core, ratio off by', Math.abs(gold / silver / 3 - 1) * 100, '% of it', 10),
  ];
}
