import { tickRate } from '../guests/tick-rate.js';
import { compile } from '../src/compiler/index.js';
import type { Server } from '../src/compiler/plan.js';
import { type MeasuredServer, measureGaps } from '../test/enforce/linux/gaps/gap-measurement.js';
import { aloneOnACore } from '../test/enforce/linux/gaps/gap-requests.js';
import { elapse, type RealHost, vcpuCpu } from '../test/enforce/linux/real-host.js';
import { type BenchRow, benchRow } from './bench-row.js';
import { withoutStolen } from './gaps.js';
import { onRealHost } from './on-real-host.js';

const NS_PER_MS = 1e6;
const SETTLE_MS = 500;
/** Budgets are this part of a period. */
const PART = 5;
const PERIODS_MS = [1, 2, 5, 10, 20, 50, 100] as const;
const SECONDS = 10;
const RATE_WITHIN = 1;
/** How much longer than stated a gap may be. */
const GAP_BEYOND_MS = 1;

/** What reservations of a fifth of a core deliver to a busy guest beside twice as many hogs as cores, by their period. Needs root. */
export const benchRates = (): Promise<readonly BenchRow[]> => onRealHost(rates);

async function rates(real: RealHost): Promise<readonly BenchRow[]> {
  const name = 'bench-periods';
  await real.guest({ name });
  await real.host.start();
  real.overload();
  const { guest } = (await real.observe(name)).guest;
  const tid = guest.vcpus[0]?.tid ?? 0;
  const rows: BenchRow[] = [];
  for (const periodMs of PERIODS_MS) {
    const budgetNs = (BigInt(periodMs) * 1_000_000n) / BigInt(PART);
    const periodNs = BigInt(PART) * budgetNs;
    await real.act({ kind: 'reserve', guest: guest.key, tid, budgetNs, periodNs, core: 0 });
    await elapse(SETTLE_MS);
    const rate = await real.rate(name, SECONDS * 1000, vcpuCpu);
    const what = `reservation ${serverOf(periodMs)}, delivered over ${SECONDS} s off by`;
    rows.push(benchRow(what, Math.abs(rate * PART - 1) * 100, '% of it', RATE_WITHIN));
  }
  return rows;
}

/** The longest gaps that threads which never pause see in the same reservations, against those that plans state. Needs root. */
export async function benchLongestGaps(): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const request of aloneOnACore(SECONDS, PERIODS_MS.map(serverOf))) {
    rows.push(...(await measureGaps(request)).map(gapRow));
  }
  return rows;
}

const serverOf = (periodMs: number): string => `${periodMs / PART}ms every ${periodMs}ms`;

function gapRow({ server, longestGapNs, stolenNs, fidelity }: MeasuredServer): BenchRow {
  const statedMs = (fidelity.worstGapNs ?? 0) / NS_PER_MS;
  const what = `reservation ${server}, longest gap${withoutStolen(stolenNs)} (stated: ${statedMs} ms)`;
  return benchRow(what, longestGapNs / NS_PER_MS, 'ms', statedMs + GAP_BEYOND_MS);
}

const TIMER_HZ = 500;
const TICKS_MS = 5000;
const HOGS = 16;
const TICKS_LOST_WITHIN = 5;
const TIMED = 'bench-timed';
const TIMED_POLICY = `
vm timed { match name "${TIMED}" and user "root"  vcpus 1  overhead 0.5ms every 2ms }
reserve timed 0.5ms every 2ms
`;
/** The highest that the kernel takes. */
const MOST_SHARES = 262_144;

interface Setup {
  readonly what: string;
  /** Of the ticks; null: nothing is promised. */
  readonly lostLimit: number | null;
  readonly set: (real: RealHost) => Promise<void>;
}

const SETUPS: readonly Setup[] = [
  {
    what: 'reservations of its vCPU and main loop',
    lostLimit: TICKS_LOST_WITHIN,
    set: (real) => reserve(real, () => true),
  },
  {
    what: 'a reservation of its vCPU alone',
    lostLimit: null,
    set: (real) => reserve(real, ({ thread }) => thread !== 'main'),
  },
  { what: `cpu.shares ${MOST_SHARES}`, lostLimit: null, set: share },
  {
    what: `cpu.shares ${MOST_SHARES} and a quota of 50ms every 100ms`,
    lostLimit: null,
    set: async (real) => {
      await share(real);
      const quota = { quotaNs: 50_000_000n, periodNs: 100_000_000n };
      await real.act({ kind: 'set-quota', path: [TIMED], quota });
    },
  },
  { what: 'nothing', lostLimit: null, set: async () => {} },
];

/** Ticks that a guest which only counts those of its 500 Hz timer misses beside 16 CPU hogs, by what is set on it. Needs root. */
export async function benchTicks(): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const { what, lostLimit, set } of SETUPS) {
    const rate = await onRealHost((real) => tickRateWith(real, set));
    const lost = (1 - rate / TIMER_HZ) * 100;
    rows.push(
      benchRow(`500 Hz timer beside ${HOGS} hogs, with ${what}: lost`, lost, '% of ticks', lostLimit),
    );
  }
  return rows;
}

async function tickRateWith(real: RealHost, set: Setup['set']): Promise<number> {
  const guest = await real.guest({
    name: TIMED,
    image: { timerHz: TIMER_HZ, idle: true, turnsPerUnit: 1 },
  });
  await real.host.start();
  await set(real);
  real.overload(HOGS);
  await elapse(SETTLE_MS);
  return tickRate(guest, TICKS_MS);
}

/** Sets those of the plan's servers for the guest that are `wanted`. */
async function reserve(real: RealHost, wanted: (server: Server) => boolean): Promise<void> {
  const { guest } = (await real.observe(TIMED)).guest;
  const { plan, diagnostics } = compile({ file: 'timed.vmc', text: TIMED_POLICY }, await real.host.facts());
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  for (const server of (plan.schedules[0]?.servers ?? []).filter(wanted)) {
    const tid = server.thread === 'main' ? guest.pid : (guest.vcpus[0]?.tid ?? 0);
    const [budgetNs, periodNs] = [BigInt(server.budgetNs), BigInt(server.periodNs)];
    await real.act({ kind: 'reserve', guest: guest.key, tid, budgetNs, periodNs, core: server.core });
  }
}

async function share(real: RealHost): Promise<void> {
  const { guest } = (await real.observe(TIMED)).guest;
  await real.act({ kind: 'create-group', path: [TIMED] });
  await real.act({ kind: 'gather', guest: guest.key, path: [TIMED] });
  for (const path of [[TIMED], []]) await real.act({ kind: 'set-weight', path, weight: MOST_SHARES });
}
