import type { Schedule, SettingOf } from '../../compiler/plan.js';
import type { ClassifiedGuest } from '../classify.js';
import { holdsServers } from '../decide/decide-servers.js';
import { pathKey } from '../group-path.js';
import type { GroupPath, RunningTimetable } from '../host.js';
import type { PlanIndex } from '../plan-index.js';
import { type RunningLevel, runningLevels } from './running-levels.js';
import type { ControlSample } from './sample.js';
import type { Interval } from './usage.js';
import { type Claim, waterFill } from './water-filling.js';

/** Waiting for a CPU for this part of the time in which it may run means that a guest wanted more than it had. */
const WAITING = 0.05;
/** Close enough to the most it could take to have wanted it all. */
const SATURATED = 0.95;
/** Where waiting is not measured: below this part of its due a guest is taken to have been idle. */
const IDLE = 0.1;

/** A group with a weight, among siblings under the same parent. Its cap is the most it can take while all of it runs. */
interface Sharer extends Claim {
  readonly setting: SettingOf<'share'>;
  readonly levels: readonly RunningLevel[];
  readonly guests: readonly ClassifiedGuest[];
  readonly deliveredNs: number;
  /** Null: not measured. */
  readonly waitNs: number | null;
}

/**
 * Shares promise proportions under contention: what the siblings that wanted CPU got together is divided by their
 * weights, each up to its vCPUs and ceilings, and compared with what each got. While a timetable stops all of a group it is due
 * nothing: a share is one of its running times. What the others have of that is theirs, and promised to nobody. A guest that
 * wanted none is not measured, nor is one with a reservation: weights do not concern it.
 */
export function measureShares(
  index: PlanIndex,
  schedule: Schedule,
  classified: readonly ClassifiedGuest[],
  interval: Interval,
  timetable: RunningTimetable | null,
): readonly ControlSample[] {
  const families = new Map<string, Sharer[]>();
  for (const { parent, sharer } of sharersOf(index, schedule, classified, interval, timetable)) {
    const family = families.get(parent);
    if (family) family.push(sharer);
    else families.set(parent, [sharer]);
  }
  return [...families.values()].flatMap((family) => measureFamily(family, interval.elapsedNs));
}

function measureFamily(family: readonly Sharer[], elapsedNs: number): readonly ControlSample[] {
  const wanting = wantingOf(family, elapsedNs);
  const total = wanting.reduce((sum, { deliveredNs }) => sum + deliveredNs, 0);
  if (total <= 0) return [];
  const due = duesOf(total, wanting, elapsedNs);
  return wanting.flatMap(({ setting, guests, deliveredNs }, at) =>
    guests.map(({ guest }) => ({
      guest: guest.key,
      setting,
      unit: 'fraction' as const,
      bound: 'at-least' as const,
      promisedNs: due[at] ?? 0,
      deliveredNs,
      baseNs: total,
    })),
  );
}

/** What each is due of `total` at every level of its own, ns, while all the others run: more of them there never are. */
const duesOf = (total: number, family: readonly Sharer[], elapsedNs: number): readonly number[] =>
  family.map((sharer, at) =>
    sharer.levels.reduce((due, { part, cores }) => {
      const claims = family.with(at, { ...sharer, cap: cores * elapsedNs });
      return due + part * (waterFill(total, claims)[at] ?? 0);
    }, 0),
  );

function wantingOf(family: readonly Sharer[], elapsedNs: number): readonly Sharer[] {
  if (family.every(({ waitNs }) => waitNs !== null)) {
    return family.filter(({ waitNs, deliveredNs, levels }) => {
      const runningNs = elapsedNs * levels.reduce((sum, { part }) => sum + part, 0);
      const mostNs = elapsedNs * levels.reduce((sum, { part, cores }) => sum + part * cores, 0);
      return (waitNs ?? 0) > WAITING * runningNs || deliveredNs > SATURATED * mostNs;
    });
  }
  const total = family.reduce((sum, { deliveredNs }) => sum + deliveredNs, 0);
  const due = duesOf(total, family, elapsedNs);
  const busy = family.filter(({ deliveredNs }, at) => deliveredNs > IDLE * (due[at] ?? 0));
  return busy.length < family.length && busy.length > 0 ? wantingOf(busy, elapsedNs) : busy;
}

function sharersOf(
  index: PlanIndex,
  schedule: Schedule,
  classified: readonly ClassifiedGuest[],
  interval: Interval,
  timetable: RunningTimetable | null,
): { readonly parent: string; readonly sharer: Sharer }[] {
  // Who yields is promised nothing.
  const settings = schedule.settings.filter(
    (one): one is SettingOf<'share'> => one.mechanism === 'share' && !one.idle,
  );
  const present = classified.filter((one) => {
    const usage = interval.usage.get(one.guest.key);
    return usage !== undefined && !usage.stoppedByUser && !holdsServers(schedule, one);
  });
  return settings.flatMap((setting) => {
    const inside = present.filter((one) => index.appliesTo(setting, one.class));
    const groups: { path: GroupPath | null; guests: readonly ClassifiedGuest[] }[] =
      setting.scope === 'each'
        ? inside.map((one) => ({ path: index.leafPath(one.class, one.guest.key), guests: [one] }))
        : [{ path: index.subjectPath(setting), guests: inside }];
    return groups.flatMap(({ path, guests }) => {
      // The slice's weight is against the owner's work, which is measured elsewhere.
      if (path === null || path.length === 0 || guests.length === 0) return [];
      const levels = levelsOf(index, schedule, setting, guests, timetable);
      return [{ parent: pathKey(path.slice(0, -1)), sharer: sharerOf(setting, guests, interval, levels) }];
    });
  });
}

function sharerOf(
  setting: SettingOf<'share'>,
  guests: readonly ClassifiedGuest[],
  { usage, elapsedNs }: Interval,
  levels: readonly RunningLevel[],
): Sharer {
  const used = guests.flatMap(({ guest }) => usage.get(guest.key) ?? []);
  return {
    setting,
    guests,
    weight: setting.weight,
    levels,
    cap: elapsedNs * Math.max(0, ...levels.map(({ cores }) => cores)),
    deliveredNs: used.reduce((sum, { cpuNs }) => sum + cpuNs, 0),
    waitNs: used.every(({ waitNs }) => waitNs !== null)
      ? used.reduce((sum, { waitNs }) => sum + (waitNs ?? 0), 0)
      : null,
  };
}

/** What these guests can use together, and when: those that run then, by their vCPUs, and ceilings on just them. */
function levelsOf(
  index: PlanIndex,
  schedule: Schedule,
  setting: SettingOf<'share'>,
  guests: readonly ClassifiedGuest[],
  timetable: RunningTimetable | null,
): readonly RunningLevel[] {
  const quotas = schedule.settings.filter((one): one is SettingOf<'quota'> => one.mechanism === 'quota');
  const perGuest = guests.map((one) => {
    const own = quotas.filter((quota) => quota.scope === 'each' && index.appliesTo(quota, one.class));
    const vcpus = Math.max(1, one.guest.vcpus.length);
    return { key: one.guest.key, cores: Math.min(vcpus, ...own.map((quota) => quota.ceilingCores)) };
  });
  const onSum = quotas.filter(
    (quota) => quota.scope === 'sum' && quota.subject === setting.subject && quota.class === setting.class,
  );
  return runningLevels(perGuest, timetable).map(({ part, cores }) => ({
    part,
    cores: Math.min(cores, ...onSum.map((quota) => quota.ceilingCores)),
  }));
}
