import type { Schedule } from '../../compiler/plan.js';
import type { ClassifiedGuest } from '../classify.js';
import type { FindingDraft } from '../findings.js';
import type { Observation } from '../host.js';
import { isDuty, type PlanIndex } from '../plan-index.js';
import { decideGroups } from './decide-groups.js';
import { decideKnobs, stopWithinNs } from './decide-knobs.js';
import { decideServers } from './decide-servers.js';
import { decideTimetable } from './decide-timetable.js';
import type { Desired, DesiredGuest } from './desired.js';

/**
 * What the schedule of a mode asks of this host with these guests. Pure: no clock, no memory.
 * A guest that is not to be gathered, holds no server, is on no duty cycle and has nothing set on it is left alone.
 */
export function decide(
  index: PlanIndex,
  schedule: Schedule,
  classified: readonly ClassifiedGuest[],
  observation: Observation,
): Desired {
  const findings: FindingDraft[] = [];
  const guests = new Map<string, DesiredGuest>();
  const knobs = decideKnobs(index, schedule, classified, observation);
  for (const one of classified) {
    const { key } = one.guest;
    const settings = knobs.get(key);
    const within = stopWithinNs(index, schedule, one);
    const leaf = index.leafPath(one.class, one.guest.key);
    const reserved = decideServers(schedule, one);
    findings.push(...reserved.findings);
    const isSet = settings !== undefined || within !== null || isOnDuty(index, schedule, one);
    if (leaf !== null || reserved.servers.length > 0 || isSet) {
      guests.set(key, {
        key,
        group: leaf,
        servers: reserved.servers,
        ...(settings && { settings }),
        ...(within !== null && { stopWithinNs: within }),
      });
    }
  }
  const groups = decideGroups(index, schedule, classified);
  const duty = decideTimetable(index, schedule, classified, observation);
  return {
    groups: groups.groups,
    guests,
    timetable: duty.timetable,
    findings: [...findings, ...groups.findings, ...duty.findings],
  };
}

const isOnDuty = (index: PlanIndex, schedule: Schedule, one: ClassifiedGuest): boolean =>
  schedule.settings.some((setting) => isDuty(setting) && index.appliesTo(setting, one.class));
