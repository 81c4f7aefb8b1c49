import { leastCommonMultiple, smaller } from '../exact.js';
import type { DutyJob, DutyWork } from './duty-jobs.js';
import { edfWindows } from './edf-windows.js';

/** A guest's time to run, in [0, hyperperiod). */
export interface Window {
  readonly class: string;
  readonly member: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/** One guest's duty cycle: it runs as a gang, all its vCPUs or none. */
export interface Gang {
  readonly class: string;
  readonly member: number;
  readonly vcpus: number;
  readonly runNs: bigint;
  readonly periodNs: bigint;
}

export type TimetableResult =
  | {
      readonly ok: true;
      readonly hyperperiodNs: bigint;
      readonly windows: readonly Window[];
      /** Classes whose windows are not at the same place in every period. */
      readonly moving: ReadonlySet<string>;
    }
  | { readonly ok: false; readonly reason: 'too-long' | 'does-not-fit' };

export const MOST_WINDOWS = 100_000;
const PAUSED_HYPERPERIOD_NS = 1_000_000_000n;

/**
 * Who runs when, for a hyperperiod: guests under a ceiling on running vCPUs by EDF, the others in windows that are
 * fixed within their period, their starts spread so that guests do not all start together.
 */
export function buildTimetable({ jobs, ceilings }: DutyWork): TimetableResult {
  const running = jobs.filter(({ runNs }) => runNs > 0n);
  const hyperperiodNs = hyperperiodOf(running);
  if (hyperperiodNs === null) return { ok: false, reason: 'too-long' };
  const gangs = running.flatMap(gangsOf);
  const moving = new Set(ceilings.flatMap(({ classes }) => classes));
  const byEdf = edfWindows(
    gangs.filter((gang) => moving.has(gang.class)),
    ceilings,
    hyperperiodNs,
  );
  if (byEdf === null) return { ok: false, reason: 'does-not-fit' };
  const fixed = fixedWindows(
    gangs.filter((gang) => !moving.has(gang.class)),
    hyperperiodNs,
  );
  const windows = [...fixed, ...byEdf].sort(
    (a, b) => Number(a.startNs - b.startNs) || compareText(a.class, b.class) || a.member - b.member,
  );
  return { ok: true, hyperperiodNs, windows, moving };
}

/** Null when the windows before it repeats are too many: found out before any of them is made. */
function hyperperiodOf(jobs: readonly DutyJob[]): bigint | null {
  let hyperperiodNs = 1n;
  for (const { periodNs } of jobs) {
    hyperperiodNs = leastCommonMultiple([hyperperiodNs, periodNs]);
    if (hyperperiodNs > periodNs * BigInt(MOST_WINDOWS)) return null;
  }
  const count = jobs.reduce(
    (total, { guests, periodNs }) => total + BigInt(guests) * (hyperperiodNs / periodNs),
    0n,
  );
  if (count > BigInt(MOST_WINDOWS)) return null;
  return jobs.length === 0 ? PAUSED_HYPERPERIOD_NS : hyperperiodNs;
}

/** The nearest periods that divide each other: the shortest one, and the others as its multiples by powers of two. */
export function harmonicPeriods(periods: readonly bigint[]): readonly bigint[] {
  const shortest = periods.reduce(smaller);
  return periods.map((period) => {
    let below = shortest;
    while (below * 2n <= period) below *= 2n;
    return period - below <= below * 2n - period ? below : below * 2n;
  });
}

function gangsOf({ key, guests, vcpus, runNs, periodNs }: DutyJob): readonly Gang[] {
  return Array.from({ length: guests }, (_, member) => ({ class: key, member, vcpus, runNs, periodNs }));
}

interface Layer {
  readonly periodNs: bigint;
  readonly gangs: { readonly gang: Gang; readonly startNs: bigint }[];
  usedNs: bigint;
}

/** Guests of one period one after the other; when it is full, in another layer that starts a little later. */
function fixedWindows(gangs: readonly Gang[], hyperperiodNs: bigint): readonly Window[] {
  const layers: Layer[] = [];
  const open = new Map<bigint, Layer>();
  for (const gang of gangs) {
    let layer = open.get(gang.periodNs);
    if (!layer || layer.usedNs + gang.runNs > gang.periodNs) {
      layer = { periodNs: gang.periodNs, gangs: [], usedNs: 0n };
      layers.push(layer);
      open.set(gang.periodNs, layer);
    }
    layer.gangs.push({ gang, startNs: layer.usedNs });
    layer.usedNs += gang.runNs;
  }
  return layers.flatMap((layer, index) => {
    const shift = ((layer.periodNs - layer.usedNs) * BigInt(index)) / BigInt(layers.length);
    return layer.gangs.flatMap(({ gang, startNs }) => repeated(gang, startNs + shift, hyperperiodNs));
  });
}

function repeated(
  { class: name, member, runNs, periodNs }: Gang,
  firstNs: bigint,
  hyperperiodNs: bigint,
): readonly Window[] {
  return Array.from({ length: Number(hyperperiodNs / periodNs) }, (_, index) => {
    const startNs = firstNs + BigInt(index) * periodNs;
    return { class: name, member, startNs, endNs: startNs + runNs };
  });
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
