import type { Schedule, SettingOf } from '../../compiler/plan.js';
import type { ClassifiedGuest } from '../classify.js';
import { holdsServers } from '../decide/decide-servers.js';
import { pathKey } from '../group-path.js';
import type { GroupPath } from '../host.js';
import type { PlanIndex } from '../plan-index.js';
import type { ControlSample } from './sample.js';
import type { Interval } from './usage.js';
import { type Claim, waterFill } from './water-filling.js';

/** Waiting for a CPU for this part of the time means that a guest wanted more than it had. */
const WAITING = 0.05;
/** Close enough to the most it could take to have wanted it all. */
const SATURATED = 0.95;
/** Where waiting is not measured: below this part of its due a guest is taken to have been idle. */
const IDLE = 0.1;

/** A group with a weight, among siblings under the same parent. */
interface Sharer extends Claim {
  readonly setting: SettingOf<'share'>;
  readonly guests: readonly ClassifiedGuest[];
  readonly deliveredNs: number;
  /** Null: not measured. */
  readonly waitNs: number | null;
}

/**
 * Shares promise proportions under contention: what the siblings that wanted CPU got together is divided by their
 * weights, each up to its vCPUs and ceilings, and compared with what each got. A guest that wanted none is not measured,
 * nor is one with a reservation: weights do not concern it.
 */
export function measureShares(
  index: PlanIndex,
  schedule: Schedule,
  classified: readonly ClassifiedGuest[],
  interval: Interval,
): readonly ControlSample[] {
  const families = new Map<string, Sharer[]>();
  for (const { parent, sharer } of sharersOf(index, schedule, classified, interval)) {
    families.set(parent, [...(families.get(parent) ?? []), sharer]);
  }
  return [...families.values()].flatMap((family) => measureFamily(family, interval.elapsedNs));
}

function measureFamily(family: readonly Sharer[], elapsedNs: number): readonly ControlSample[] {
  const wanting = wantingOf(family, elapsedNs);
  const total = wanting.reduce((sum, { deliveredNs }) => sum + deliveredNs, 0);
  if (total <= 0) return [];
  const due = waterFill(total, wanting);
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

function wantingOf(family: readonly Sharer[], elapsedNs: number): readonly Sharer[] {
  if (family.every(({ waitNs }) => waitNs !== null)) {
    return family.filter(
      ({ waitNs, deliveredNs, cap }) => (waitNs ?? 0) > WAITING * elapsedNs || deliveredNs > SATURATED * cap,
    );
  }
  const total = family.reduce((sum, { deliveredNs }) => sum + deliveredNs, 0);
  const due = waterFill(total, family);
  const busy = family.filter(({ deliveredNs }, at) => deliveredNs > IDLE * (due[at] ?? 0));
  return busy.length < family.length && busy.length > 0 ? wantingOf(busy, elapsedNs) : busy;
}

function sharersOf(
  index: PlanIndex,
  schedule: Schedule,
  classified: readonly ClassifiedGuest[],
  interval: Interval,
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
      const sharer = sharerOf(setting, guests, interval, ceilingCores(index, schedule, setting, guests));
      return [{ parent: pathKey(path.slice(0, -1)), sharer }];
    });
  });
}

function sharerOf(
  setting: SettingOf<'share'>,
  guests: readonly ClassifiedGuest[],
  { usage, elapsedNs }: Interval,
  cores: number,
): Sharer {
  const used = guests.flatMap(({ guest }) => usage.get(guest.key) ?? []);
  return {
    setting,
    guests,
    weight: setting.weight,
    cap: cores * elapsedNs,
    deliveredNs: used.reduce((sum, { cpuNs }) => sum + cpuNs, 0),
    waitNs: used.every(({ waitNs }) => waitNs !== null)
      ? used.reduce((sum, { waitNs }) => sum + (waitNs ?? 0), 0)
      : null,
  };
}

/** The most that these guests can use together: their vCPUs, and ceilings on just them. */
function ceilingCores(
  index: PlanIndex,
  schedule: Schedule,
  setting: SettingOf<'share'>,
  guests: readonly ClassifiedGuest[],
): number {
  const quotas = schedule.settings.filter((one): one is SettingOf<'quota'> => one.mechanism === 'quota');
  const perGuest = guests.map((one) => {
    const own = quotas.filter((quota) => quota.scope === 'each' && index.appliesTo(quota, one.class));
    return Math.min(Math.max(1, one.guest.vcpus.length), ...own.map((quota) => quota.ceilingCores));
  });
  const onSum = quotas.filter(
    (quota) => quota.scope === 'sum' && quota.subject === setting.subject && quota.class === setting.class,
  );
  const sum = perGuest.reduce((total, cores) => total + cores, 0);
  return Math.min(sum, ...onSum.map((quota) => quota.ceilingCores));
}
