import type { Desired } from '../decide/desired.js';
import { samePath } from '../group-path.js';
import type { Action, Observation, ObservedGuest, RunningTimetable } from '../host.js';
import { diffGroups } from './diff-groups.js';
import { diffKnobs } from './diff-knobs.js';
import { diffServers } from './diff-servers.js';

/**
 * The actions that lead from what is to what should be, in an order in which every prefix is safe. Pure; empty when
 * all is in force already.
 *
 * 1. groups are created and tightened, and what is set on guests is set: nothing may use more than before until all else is
 *    in place;
 * 2. real-time priority that is not wanted any more is taken back, while there is still a timetable that stops who has it; then
 *    the timetable, so that who is to be stopped is stopped before others grow into its place; guests that are to end, which it
 *    lets run, are told so;
 * 3. reservations are removed and shrunk; guests that we no longer govern are given back;
 * 4. guests are gathered, then placed, then raised to real-time priority: a thread may enter a group only before it holds a
 *    server on some kernels;
 * 5. reservations grow and are added: only now is their bandwidth free (analysis: remove, shrink, grow, add);
 * 6. what is set no more on guests is given back, quotas are raised, weights set, empty groups removed, deepest first.
 */
export function diff(observation: Observation, desired: Desired): Action[] {
  const groups = diffGroups(observation.groups, desired.groups);
  const servers = diffServers(observation.guests, desired.guests);
  const knobs = diffKnobs(observation.guests, desired.guests, observation.atNs);
  const gather: Action[] = [];
  const release: Action[] = [];
  for (const observed of observation.guests) {
    const { key } = observed.guest;
    const wanted = desired.guests.get(key);
    if (wanted === undefined ? isGoverned(observed) : wanted.group === null && observed.group !== null) {
      release.push({ kind: 'release', guest: key });
    } else if (wanted && wanted.group !== null && !samePath(wanted.group, observed.group)) {
      gather.push({ kind: 'gather', guest: key, path: wanted.group });
    }
  }
  return [
    ...groups.create,
    ...groups.tighten,
    ...knobs.set,
    ...knobs.lower,
    ...diffTimetable(observation.timetable ?? null, desired.timetable),
    ...knobs.stop,
    ...servers.remove,
    ...release,
    ...servers.shrink,
    ...gather,
    ...knobs.place,
    ...knobs.raise,
    ...servers.grow,
    ...servers.add,
    ...knobs.unset,
    ...groups.loosen,
    ...groups.remove,
  ];
}

const isGoverned = (observed: ObservedGuest): boolean =>
  observed.group !== null || observed.servers.size > 0 || observed.heldByUs;

function diffTimetable(inForce: RunningTimetable | null, desired: RunningTimetable | null): Action[] {
  const timetable = desired ?? { hyperperiodNs: 1_000_000_000n, entries: [] };
  if (timetableText(inForce) === timetableText(desired)) return [];
  return [{ kind: 'set-timetable', timetable }];
}

/** Equal texts for timetables that do the same; empty for one that stops nobody. */
function timetableText(timetable: RunningTimetable | null): string {
  if (timetable === null || timetable.entries.length === 0) return '';
  const entries = timetable.entries.map(
    ({ guest, windows, by = 'signal' }) =>
      `${guest}:${by}:${windows.map(({ startNs, endNs }) => `${startNs}-${endNs}`).join(',')}`,
  );
  const hyperperiod = timetable.entries.some(({ windows }) => windows.length > 0)
    ? timetable.hyperperiodNs
    : '';
  return `${hyperperiod} ${entries.sort().join(' ')}`;
}
