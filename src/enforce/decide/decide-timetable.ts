import type { Schedule, Timetable } from '../../compiler/plan.js';
import type { Guest } from '../../qemu/guest.js';
import type { ClassifiedGuest } from '../classify.js';
import type { FindingDraft } from '../findings.js';
import type { DutyEntry, Observation, RunningTimetable } from '../host.js';
import { isDuty, type PlanIndex } from '../plan-index.js';
import { stopWithinNs } from './decide-knobs.js';

/** Of a timetable that only pauses: nothing happens at its edges, so how long it is does not matter. */
const PAUSE_HYPERPERIOD_NS = 1_000_000_000n;

/**
 * The schedule's windows for the guests that exist. A guest that its user stopped stays out: it is not ours to wake.
 * One that a duty cycle governs and that has no window is paused. One in a terminal is frozen, whatever the policy says. Where
 * there is no freezer it is not stopped, but reported; and so is one that is another user's and beyond this one's signals.
 */
export function decideTimetable(
  index: PlanIndex,
  schedule: Schedule,
  classified: readonly ClassifiedGuest[],
  observation: Observation,
): { readonly timetable: RunningTimetable | null; readonly findings: readonly FindingDraft[] } {
  const duties = schedule.settings.filter(isDuty);
  const held = new Set(observation.guests.filter((one) => one.heldByUs).map((one) => one.guest.key));
  // One that is to end must run to power down.
  const onDuty = classified.filter(
    (one) =>
      duties.some((setting) => index.appliesTo(setting, one.class)) &&
      stopWithinNs(index, schedule, one) === null,
  );
  const hasFreezer = index.plan.host.cgroup.freezer;
  const unstoppable = new Set(
    observation.guests.filter((one) => one.unstoppable).map((one) => one.guest.key),
  );
  const obstacleOf = (guest: Guest): FindingDraft | null => {
    if (unstoppable.has(guest.key)) return beyondSignals(guest);
    return guest.hasTerminal && !hasFreezer ? watchedByShell(guest) : null;
  };
  const findings = onDuty.flatMap(({ guest }) => obstacleOf(guest) ?? []);
  const governed = onDuty.filter(
    ({ guest }) => obstacleOf(guest) === null && (!guest.stopped || held.has(guest.key)),
  );
  const isFrozen = ({ guest, class: name }: ClassifiedGuest): boolean =>
    hasFreezer &&
    (guest.hasTerminal || duties.some((duty) => duty.mechanism === 'freezer' && index.appliesTo(duty, name)));
  if (governed.length === 0) return { timetable: null, findings };
  const timetable = {
    hyperperiodNs: schedule.timetable ? BigInt(schedule.timetable.hyperperiodNs) : PAUSE_HYPERPERIOD_NS,
    entries: governed
      .map((one): DutyEntry => {
        const entry = { guest: one.guest.key, windows: windowsOf(schedule.timetable, one) };
        return isFrozen(one) ? { ...entry, by: 'freezer' } : entry;
      })
      .sort((a, b) => (a.guest < b.guest ? -1 : a.guest > b.guest ? 1 : 0)),
  };
  return { timetable, findings };
}

/** man 2 kill: the same user's, or CAP_KILL. */
function beyondSignals(guest: Guest): FindingDraft {
  return {
    code: 'guest-of-another-user',
    severity: 'error',
    subject: guest.key,
    message:
      `guest ${guest.name ?? guest.pid} is of ${guest.user}, and the daemon's user may not stop and continue it: ` +
      'grant CAP_KILL (`vmc doctor` says how)',
    fallback: 'it is left alone, and runs without its duty cycle',
  };
}

/** Job control takes the terminal from a guest that is stopped, and stops it again when it is continued: for good. */
function watchedByShell(guest: Guest): FindingDraft {
  return {
    code: 'guest-with-terminal',
    severity: 'error',
    subject: guest.key,
    message:
      `guest ${guest.name ?? guest.pid} runs in a terminal: its shell would keep it stopped after the first stop of its ` +
      'duty cycle; start it with setsid, without a terminal, or on a host with a freezer',
    fallback: 'it runs without its duty cycle; mechanisms that do not stop it still apply',
  };
}

function windowsOf(
  timetable: Timetable | null,
  { class: className, member }: ClassifiedGuest,
): DutyEntry['windows'] {
  const ofClass = timetable?.windows.filter((window) => window.class === (className ?? 'others')) ?? [];
  // How many others there will be nobody knows when the plan is made: those beyond its windows run in the first ones.
  const column = className === null && !ofClass.some((window) => window.member === member) ? 0 : member;
  return ofClass
    .filter((window) => window.member === column)
    .map(({ startNs, endNs }) => ({ startNs: BigInt(startNs), endNs: BigInt(endNs) }))
    .sort((a, b) => Number(a.startNs - b.startNs));
}
