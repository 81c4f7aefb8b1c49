import type { Schedule, Timetable } from '../../compiler/plan.js';
import type { ClassifiedGuest } from '../classify.js';
import type { DutyEntry, Observation, RunningTimetable } from '../host.js';
import { isDuty, type PlanIndex } from '../plan-index.js';

/** Of a timetable that only pauses: nothing happens at its edges, so how long it is does not matter. */
const PAUSE_HYPERPERIOD_NS = 1_000_000_000n;

/**
 * The schedule's windows for the guests that exist. A guest that its user stopped stays out: it is not ours to wake.
 * One that a duty cycle governs and that has no window is paused.
 */
export function decideTimetable(
  index: PlanIndex,
  schedule: Schedule,
  classified: readonly ClassifiedGuest[],
  observation: Observation,
): RunningTimetable | null {
  const duties = schedule.settings.filter(isDuty);
  const held = new Set(observation.guests.filter((one) => one.heldByUs).map((one) => one.guest.key));
  const governed = classified.filter(
    ({ guest, class: className }) =>
      duties.some((setting) => index.appliesTo(setting, className)) &&
      (!guest.stopped || held.has(guest.key)),
  );
  if (governed.length === 0) return null;
  return {
    hyperperiodNs: schedule.timetable ? BigInt(schedule.timetable.hyperperiodNs) : PAUSE_HYPERPERIOD_NS,
    entries: governed
      .map((one) => entryOf(schedule.timetable, one))
      .sort((a, b) => (a.guest < b.guest ? -1 : a.guest > b.guest ? 1 : 0)),
  };
}

function entryOf(
  timetable: Timetable | null,
  { guest, class: className, member }: ClassifiedGuest,
): DutyEntry {
  const ofClass = timetable?.windows.filter((window) => window.class === (className ?? 'others')) ?? [];
  // How many others there will be nobody knows when the plan is made: those beyond its windows run in the first ones.
  const column = className === null && !ofClass.some((window) => window.member === member) ? 0 : member;
  const windows = ofClass
    .filter((window) => window.member === column)
    .map(({ startNs, endNs }) => ({ startNs: BigInt(startNs), endNs: BigInt(endNs) }))
    .sort((a, b) => Number(a.startNs - b.startNs));
  return { guest: guest.key, windows };
}
