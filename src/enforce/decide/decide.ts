import type { Schedule } from '../../compiler/plan.js';
import type { ClassifiedGuest } from '../classify.js';
import type { FindingDraft } from '../findings.js';
import type { Observation } from '../host.js';
import { staysInPlace } from '../own-group.js';
import { isDuty, type PlanIndex } from '../plan-index.js';
import { decideGroups } from './decide-groups.js';
import { decideKnobs, stopWithinNs } from './decide-knobs.js';
import { decideOwnGroups, type ScatteredGuest } from './decide-own-groups.js';
import { decidePriorities } from './decide-priorities.js';
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
  const scattered = scatteredGuests(index, classified, observation);
  const own = decideOwnGroups(index, schedule, classified, scattered);
  const duty = decideTimetable(index, schedule, classified, observation);
  const priorities = decidePriorities(index, schedule, classified, duty.timetable);
  const inPlace = new Set(scattered.map(({ one }) => one));
  for (const one of classified) {
    const { key } = one.guest;
    const settings = [
      ...(knobs.get(key) ?? []),
      ...[own.settings.get(key), priorities.settings.get(key)].filter((one) => one !== undefined),
    ];
    const within = stopWithinNs(index, schedule, one);
    const leaf = inPlace.has(one) ? null : index.leafPath(one.class, one.guest.key);
    const reserved = inPlace.has(one)
      ? decideServersInPlace(index, schedule, one)
      : decideServers(schedule, one);
    findings.push(...reserved.findings);
    const isSet = settings.length > 0 || within !== null || isOnDuty(index, schedule, one);
    if (leaf !== null || reserved.servers.length > 0 || isSet) {
      guests.set(key, {
        key,
        group: leaf,
        servers: reserved.servers,
        ...(settings.length > 0 && { settings }),
        ...(within !== null && { stopWithinNs: within }),
      });
    }
  }
  const gathered = classified.filter((one) => !inPlace.has(one));
  const groups = decideGroups(
    index,
    schedule,
    gathered,
    scattered.map(({ one }) => one),
  );
  return {
    groups: groups.groups,
    guests,
    timetable: duty.timetable,
    findings: [...findings, ...own.findings, ...groups.findings, ...duty.findings, ...priorities.findings],
  };
}

/** Guests that stay in the cgroup that they are in: placed there, or nobody may gather any. */
function scatteredGuests(
  index: PlanIndex,
  classified: readonly ClassifiedGuest[],
  { guests }: Observation,
): readonly ScatteredGuest[] {
  const { gather, version } = index.plan.host.cgroup;
  if (version === 0) return [];
  const byKey = new Map(guests.map((observed) => [observed.guest.key, observed]));
  return classified.flatMap((one) => {
    const observed = byKey.get(one.guest.key);
    return observed && (!gather || staysInPlace(observed)) ? [{ one, observed }] : [];
  });
}

/** Under v2 a thread can be confined to a core only within a group of ours: elsewhere its server runs on any. */
function decideServersInPlace(
  index: PlanIndex,
  schedule: Schedule,
  one: ClassifiedGuest,
): ReturnType<typeof decideServers> {
  const { servers, findings } = decideServers(schedule, one);
  if (index.plan.host.cgroup.version !== 2 || servers.every(({ core }) => core === null))
    return { servers, findings };
  return {
    servers: servers.map((server) => ({ ...server, core: null })),
    findings: [...findings, onAnyCore(one)],
  };
}

const onAnyCore = ({ guest }: ClassifiedGuest): FindingDraft => ({
  code: 'reserved-anywhere',
  severity: 'warning',
  subject: guest.key,
  message: `guest ${guest.name ?? guest.pid} stays in ${guest.unit ?? guest.cgroup}, where its threads cannot be confined to the cores of their reservations`,
  fallback:
    'it holds its reservations on whichever core is free: the rate holds, the longest gap may be larger',
});

const isOnDuty = (index: PlanIndex, schedule: Schedule, one: ClassifiedGuest): boolean =>
  schedule.settings.some((setting) => isDuty(setting) && index.appliesTo(setting, one.class));
