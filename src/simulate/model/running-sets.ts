import type { Schedule } from '../../compiler/plan.js';
import { OTHERS } from '../../enforce/plan-index.js';
import type { SimulatedClass } from './population.js';

/** For a part of the time so many guests of each class are not held by the timetable. */
export interface RunningSet {
  readonly share: number;
  readonly running: readonly number[];
}

/**
 * How many guests of each class run at once, and for which parts of the hyperperiod, with these guests: members are
 * alike, so only their numbers matter. Shares sum to 1.
 */
export function runningSets(
  { timetable }: Schedule,
  classes: readonly SimulatedClass[],
  onDuty: readonly boolean[],
  guests: readonly number[],
): readonly RunningSet[] {
  const always = classes.map((_, at) => (onDuty[at] ? 0 : (guests[at] ?? 0)));
  if (timetable === null) return [{ share: 1, running: always }];
  const edges = new Map<number, number[]>([[0, classes.map(() => 0)]]);
  const edge = (atNs: number, at: number, change: number) => {
    const changes = edges.get(atNs) ?? classes.map(() => 0);
    changes[at] = (changes[at] ?? 0) + change;
    edges.set(atNs, changes);
  };
  classes.forEach((one, at) => {
    if (!onDuty[at]) return;
    for (const { startNs, endNs, count } of windowsOf(timetable, one, guests[at] ?? 0)) {
      edge(startNs, at, count);
      edge(endNs, at, -count);
    }
  });
  return merged(edges, always, timetable.hyperperiodNs);
}

/** The windows of the guests that exist. Others are as many as there are, in their one window. */
function windowsOf(
  { windows }: NonNullable<Schedule['timetable']>,
  { name, plan }: SimulatedClass,
  guests: number,
): readonly { readonly startNs: number; readonly endNs: number; readonly count: number }[] {
  const own = windows.filter((window) => window.class === (plan === null ? OTHERS : name));
  const columns = new Set(own.map(({ member }) => member));
  return own.flatMap(({ member, startNs, endNs }) => {
    // Others beyond their windows run in the first ones, as the enforcer has them.
    const extra = plan === null && member === 0 ? Math.max(0, guests - columns.size) : 0;
    const count = (member < guests ? 1 : 0) + extra;
    return count === 0 ? [] : [{ startNs, endNs, count }];
  });
}

function merged(
  edges: ReadonlyMap<number, readonly number[]>,
  always: readonly number[],
  hyperperiodNs: number,
): readonly RunningSet[] {
  const instants = [...edges].sort(([a], [b]) => a - b);
  const sets = new Map<string, { share: number; running: readonly number[] }>();
  let running = always;
  instants.forEach(([atNs, changes], index) => {
    running = running.map((count, at) => count + (changes[at] ?? 0));
    const untilNs = instants[index + 1]?.[0] ?? hyperperiodNs;
    const share = (Math.min(untilNs, hyperperiodNs) - atNs) / hyperperiodNs;
    if (share <= 0) return;
    const key = running.join();
    const set = sets.get(key) ?? { share: 0, running };
    set.share += share;
    sets.set(key, set);
  });
  return [...sets.values()];
}
