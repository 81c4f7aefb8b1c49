import type { Schedule } from '../../compiler/plan.js';
import type { ClassifiedGuest } from '../classify.js';
import type { FindingDraft } from '../findings.js';
import type { GuestSetting, RunningTimetable } from '../host.js';
import { isDuty, type PlanIndex } from '../plan-index.js';
import { noVcpuThreads } from './decide-servers.js';

type Priority = Extract<GuestSetting, { knob: 'priority' }>;

/** The least of SCHED_FIFO: before everything ordinary, after all else that somebody gave a real-time class. */
const LEAST_PRIORITY = 1;

/**
 * Guests in whose times of the timetable their threads have a real-time class, by key: those cycles stand for reservations. None
 * that no window ends, and none that is more than its class is declared as. Pure.
 */
export function decidePriorities(
  index: PlanIndex,
  schedule: Schedule,
  classified: readonly ClassifiedGuest[],
  timetable: RunningTimetable | null,
): { readonly settings: ReadonlyMap<string, Priority>; readonly findings: readonly FindingDraft[] } {
  const elevated = schedule.settings.filter((setting) => isDuty(setting) && setting.elevated === true);
  const timed = new Set(
    timetable?.entries.filter(({ windows }) => windows.length > 0).map(({ guest }) => guest),
  );
  const asked = classified.filter(
    (one) =>
      one.promised &&
      timed.has(one.guest.key) &&
      elevated.some((setting) => index.appliesTo(setting, one.class)),
  );
  const known = asked.filter(({ guest }) => guest.vcpus.length > 0);
  return {
    settings: new Map(known.map(({ guest }) => [guest.key, { knob: 'priority', priority: LEAST_PRIORITY }])),
    findings: asked.filter((one) => !known.includes(one)).map(({ guest }) => noVcpuThreads(guest)),
  };
}
