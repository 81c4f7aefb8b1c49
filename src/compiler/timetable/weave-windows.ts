import { compare, min, type Rational, rational, toNumber } from '../../support/rational.js';
import type { Window } from './build-timetable.js';
import type { RunningCeiling } from './duty-jobs.js';
import { type FairGang, fairSlots } from './fair-windows.js';
import type { WeightedClass } from './weighted-guests.js';

/** A repeating timetable that weighted guests are woven into. */
export interface Base {
  readonly hyperperiodNs: bigint;
  /** Of guests that have cycles of their own. */
  readonly windows: readonly Window[];
  readonly widthOf: (key: string) => number;
  /** Never do more vCPUs of these classes run, of those with cycles of their own and of those that take turns. */
  readonly ceilings: readonly Pick<RunningCeiling, 'classes' | 'vcpus'>[];
}

/** What a class comes to. */
export interface WovenClass {
  readonly key: string;
  /** Every guest runs so long in every hyperperiod. */
  readonly runNs: bigint;
  /** The longest time for which a guest is stopped. */
  readonly longestStopNs: bigint;
  /** Of its rate, against what it is to have. */
  readonly relativeError: number;
}

export interface Woven {
  readonly hyperperiodNs: bigint;
  /** Of the weighted guests alone. */
  readonly windows: readonly Window[];
  readonly classes: readonly WovenClass[];
}

/** How many times a second, at the most, a guest of a timetable is looked at: slots are 10 ms or longer. */
const SHORTEST_SLOT_NS = 10_000_000n;
/** Guests that take turns are all served within a second where that is possible, and within ten anyway. */
const USUAL_CYCLE_NS = 1_000_000_000n;
const LONGEST_CYCLE_NS = 10_000_000_000n;
/** Numbers of slots in a cycle. */
const SLOT_COUNTS = [4, 5, 6, 8, 10, 12, 15, 16, 20, 24, 25, 30, 32, 40, 48, 50, 60, 64, 75, 80, 100];

/**
 * Windows in which guests take turns, under the ceilings together with those that have cycles of their own: of the numbers of slots that there can be in a cycle the one with which parts are most nearly what they are to be, of equally
 * good ones the least, for every slot costs signals. All guests of a class run equally long. Null: too many for a timetable.
 */
export function weaveWindows(classes: readonly WeightedClass[], base: Base): Woven | null {
  let best: (Woven & { readonly error: number }) | null = null;
  const needed = leastSlots(classes);
  for (const repeats of cycleLengths(base.hyperperiodNs, needed)) {
    const hyperperiodNs = base.hyperperiodNs * repeats;
    for (const count of slotCounts(hyperperiodNs, needed)) {
      const woven = weave(classes, count, hyperperiodNs, base);
      const error = errorOf(woven, classes);
      if (best === null || error < best.error * SIGNIFICANTLY_BETTER) best = { ...woven, error };
    }
    if (best !== null) break;
  }
  return best;
}

/** The largest error of a part; a promise that is not kept is worse than any, and the worse the more is wanting. */
function errorOf(woven: Woven, classes: readonly WeightedClass[]): number {
  const errors = woven.classes.map(({ runNs, relativeError }, index) => {
    const promised = classes[index];
    return promised && !keepsFloor(promised, runNs, woven.hyperperiodNs)
      ? UNKEPT * (1 + relativeError)
      : relativeError;
  });
  return Math.max(...errors);
}

const UNKEPT = 1e6;

/** More slots are worth it only for parts that are nearer by a tenth. */
const SIGNIFICANTLY_BETTER = 0.9;

/** So many slots that the guest with the least part has one. */
function leastSlots(classes: readonly WeightedClass[]): number {
  const rates = classes.map(rateOf).filter((rate) => rate > 0);
  return rates.length === 0 ? 1 : Math.ceil(1 / Math.min(...rates) - 1e-9);
}

const rateOf = ({ cores, guests, width }: WeightedClass): number =>
  toNumber(min(rational(cores.num, cores.den * BigInt(guests * width)), rational(1n)));

/** Multiples of the hyperperiod that are a usual cycle, or as long as it takes to serve everybody. */
function cycleLengths(hyperperiodNs: bigint, slots: number): readonly bigint[] {
  const usual = (USUAL_CYCLE_NS + hyperperiodNs - 1n) / hyperperiodNs;
  const neededNs = SHORTEST_SLOT_NS * BigInt(slots);
  const needed = (neededNs + hyperperiodNs - 1n) / hyperperiodNs;
  const lengths = needed > usual ? [needed, 2n * needed] : [usual];
  return lengths.filter((repeats) => repeats === usual || repeats * hyperperiodNs <= LONGEST_CYCLE_NS);
}

/** Slots of one length in whole nanoseconds, none of them too short, and enough of them. */
function slotCounts(hyperperiodNs: bigint, needed: number): readonly number[] {
  const most = Number(hyperperiodNs / SHORTEST_SLOT_NS);
  const multiples = [1, 2, 3, 4].map((factor) => factor * needed);
  const counts = [...new Set([...SLOT_COUNTS, ...multiples])].sort((a, b) => a - b);
  return counts.filter((count) => count >= needed && count <= most && hyperperiodNs % BigInt(count) === 0n);
}

function weave(classes: readonly WeightedClass[], count: number, hyperperiodNs: bigint, base: Base): Woven {
  const slotNs = hyperperiodNs / BigInt(count);
  const perCeiling = base.ceilings.map((ceiling) => freeInSlots(count, slotNs, ceiling, base));
  const free = Array.from({ length: count }, (_, slot) => perCeiling.map((one) => one[slot] ?? 0));
  const gangs = classes.flatMap((one) =>
    Array.from({ length: one.guests }, (_, member) => ({ of: one, member, gang: gangOf(one, count, base) })),
  );
  const slots = fairSlots(
    gangs.map(({ gang }) => gang),
    free,
  );
  const least = new Map<string, number>();
  for (const [index, { of }] of gangs.entries()) {
    // INVARIANT: slots for each gang.
    const own = slots[index]!.length;
    least.set(of.key, Math.min(own, least.get(of.key) ?? own));
  }
  const kept = gangs.map(({ of, member }, index) => ({
    of,
    member,
    slots: slots[index]!.slice(0, least.get(of.key) ?? 0),
  }));
  return {
    hyperperiodNs,
    windows: kept.flatMap(({ of, member, slots: own }) => windowsIn(own, slotNs, of.key, member)),
    classes: classes.map((one) => {
      const served = least.get(one.key) ?? 0;
      const rate = rateOf(one);
      return {
        key: one.key,
        runNs: BigInt(served) * slotNs,
        longestStopNs: kept
          .filter(({ of }) => of === one)
          .map((each) => longestStop(each.slots, count))
          .reduce(
            (most, slotsOff) => (BigInt(slotsOff) * slotNs > most ? BigInt(slotsOff) * slotNs : most),
            0n,
          ),
        relativeError: rate === 0 ? 0 : Math.abs(served / count / rate - 1),
      };
    }),
  };
}

function gangOf(one: WeightedClass, count: number, base: Base): FairGang {
  const { floorCores, guests, width } = one;
  const each = floorCores ? rational(floorCores.num, floorCores.den * BigInt(guests * width)) : null;
  return {
    width,
    rate: rateOf(one),
    floor: each ? Math.min(ceilTimes(each, count), count) : 0,
    ceilings: base.ceilings.flatMap(({ classes }, index) => (classes.includes(one.key) ? [index] : [])),
  };
}

const ceilTimes = ({ num, den }: Rational, count: number): number =>
  Number((num * BigInt(count) + den - 1n) / den);

/** vCPUs under a ceiling that guests with cycles of their own leave throughout each slot. */
function freeInSlots(
  count: number,
  slotNs: bigint,
  { classes, vcpus }: Base['ceilings'][number],
  base: Base,
): readonly number[] {
  const under = base.windows.filter((one) => classes.includes(one.class));
  const edges = edgesOf(under, base.widthOf);
  return Array.from({ length: count }, (_, slot) => {
    if (edges.length === 0) return vcpus;
    const startNs = (BigInt(slot) * slotNs) % base.hyperperiodNs;
    return Math.max(vcpus - peakWithin(edges, startNs, startNs + slotNs, base.hyperperiodNs), 0);
  });
}

/** The most vCPUs in any of these windows at once. */
export function mostAtOnce(windows: readonly Window[], widthOf: Base['widthOf']): number {
  let [running, most] = [0, 0];
  for (const { change } of edgesOf(windows, widthOf)) {
    running += change;
    most = Math.max(most, running);
  }
  return most;
}

/** Ascending, ends first. */
const edgesOf = (windows: readonly Window[], widthOf: Base['widthOf']): readonly Edge[] =>
  windows
    .flatMap(({ class: key, startNs, endNs }) => [
      { atNs: startNs, change: widthOf(key) },
      { atNs: endNs, change: -widthOf(key) },
    ])
    .sort((a, b) => Number(a.atNs - b.atNs) || a.change - b.change);

interface Edge {
  readonly atNs: bigint;
  readonly change: number;
}

/** The most that runs at any instant of [from, to), which may go beyond the hyperperiod. Edges ascend, ends first. */
function peakWithin(edges: readonly Edge[], fromNs: bigint, toNs: bigint, hyperperiodNs: bigint): number {
  let running = 0;
  let peak = 0;
  for (const { atNs, change } of edges) {
    if (atNs >= toNs) break;
    // What runs until `from`, or ends there, is none of this.
    if (atNs > fromNs) peak = Math.max(peak, running);
    running += change;
  }
  peak = Math.max(peak, running);
  if (toNs <= hyperperiodNs) return peak;
  return Math.max(peak, peakWithin(edges, 0n, toNs - hyperperiodNs, hyperperiodNs));
}

/** Slots that follow each other are one window. */
function windowsIn(slots: readonly number[], slotNs: bigint, key: string, member: number): readonly Window[] {
  const windows: Window[] = [];
  for (const slot of slots) {
    const [startNs, endNs] = [BigInt(slot) * slotNs, BigInt(slot + 1) * slotNs];
    const last = windows.at(-1);
    if (last?.endNs === startNs) windows[windows.length - 1] = { ...last, endNs };
    else windows.push({ class: key, member, startNs, endNs });
  }
  return windows;
}

/** The longest run of slots without one of these, around the end as well; all of them where there is none. */
function longestStop(slots: readonly number[], count: number): number {
  const [first] = slots;
  const last = slots.at(-1);
  if (first === undefined || last === undefined) return count;
  const around = count - last - 1 + first;
  return slots.reduce(
    (most, slot, index) => (index === 0 ? most : Math.max(most, slot - (slots[index - 1] ?? slot) - 1)),
    around,
  );
}

/** Whether every promise of a class is kept by what it comes to. */
export const keepsFloor = (
  { floorCores, guests, width }: WeightedClass,
  runNs: bigint,
  periodNs: bigint,
): boolean =>
  floorCores === null || compare(rational(runNs * BigInt(guests * width), periodNs), floorCores) >= 0;
