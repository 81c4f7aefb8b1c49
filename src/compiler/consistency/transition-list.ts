import type { Plan } from '../plan.js';
import { unless } from '../verify/host.js';
import { isOnce } from './is-once.js';

/** What servers a schedule has, by its id: equal where they are. */
export type ServerKeys = ReadonlyMap<string, string>;

/** Of so many sets of servers all changes are listed. */
const LISTED_IN_FULL = 64;

/** Changes between schedules with different servers are listed once, both ways alike, and none of them is missing. */
export function transitionListProblems(
  { transitions, schedules }: Plan,
  keys: ServerKeys,
): readonly string[] {
  const groups = new Map<string | undefined, number>();
  for (const key of keys.values()) groups.set(key, (groups.get(key) ?? 0) + 1);
  const known = new Map(transitions.map((one) => [`${one.from} ${one.to}`, one.steps]));
  const differ = transitions.every(({ from, to }) => keys.get(from) !== keys.get(to));
  const isAlike = transitions.every(({ from, to, steps }) => known.get(`${to} ${from}`) === steps);
  const alike = [...groups.values()].reduce((sum, count) => sum + count * count, 0);
  const all = schedules.length * schedules.length - alike;
  const isFull = groups.size > LISTED_IN_FULL || transitions.length === all;
  return [
    ...unless(isOnce(transitions.map(({ from, to }) => `${from} ${to}`)), 'a transition is listed twice'),
    ...unless(differ, 'a transition is listed between schedules with the same servers'),
    ...unless(isAlike, 'a transition is not the same both ways'),
    ...unless(isFull, 'a transition is missing'),
  ];
}
