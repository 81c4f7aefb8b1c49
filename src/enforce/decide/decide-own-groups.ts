import type { Schedule } from '../../compiler/plan.js';
import type { ClassifiedGuest } from '../classify.js';
import type { FindingDraft } from '../findings.js';
import { type GuestSetting, IDLE_WEIGHT, type ObservedGuest } from '../host.js';
import { managerOf } from '../own-group.js';
import type { PlanIndex } from '../plan-index.js';
import { type Ceiling, toQuota } from './to-quota.js';

type OwnGroup = Extract<GuestSetting, { knob: 'own-group' }>;

/** A guest that is not gathered, with the class that it is in. */
export interface ScatteredGuest {
  readonly one: ClassifiedGuest;
  readonly observed: ObservedGuest;
}

/**
 * Weight and quota for the cgroups of guests that stay where they are, by key: what each is promised or limited to itself,
 * and of what is set on a sum an equal part for each of its members, here or elsewhere. Nothing for a guest whose cgroup holds
 * other processes too. Pure.
 */
export function decideOwnGroups(
  index: PlanIndex,
  schedule: Schedule,
  classified: readonly ClassifiedGuest[],
  scattered: readonly ScatteredGuest[],
): { readonly settings: ReadonlyMap<string, OwnGroup>; readonly findings: readonly FindingDraft[] } {
  const settings = new Map<string, OwnGroup>();
  const findings: FindingDraft[] = [];
  for (const { one, observed } of scattered) {
    const { weight, ceiling } = wantedOf(index, schedule, classified, one);
    if (weight === null && ceiling === null) continue;
    const manager = managerOf(one.guest);
    if (manager === null && observed.alone !== true) {
      findings.push(sharesItsGroup(one));
      continue;
    }
    settings.set(one.guest.key, { knob: 'own-group', weight, quota: ceiling && toQuota(ceiling) });
    if (weight !== null) findings.push(weighedElsewhere(one));
  }
  return { settings, findings };
}

function wantedOf(
  index: PlanIndex,
  schedule: Schedule,
  classified: readonly ClassifiedGuest[],
  one: ClassifiedGuest,
): { readonly weight: number | null; readonly ceiling: Ceiling | null } {
  let weight: { readonly value: number; readonly isOwn: boolean } | null = null;
  let ceiling: Ceiling | null = null;
  for (const setting of schedule.settings) {
    if (!index.appliesTo(setting, one.class)) continue;
    const isOwn = setting.scope === 'each';
    const sharers = isOwn ? 1 : classified.filter((other) => index.appliesTo(setting, other.class)).length;
    if (setting.mechanism === 'share' && setting.nice === undefined) {
      // Its own weight says more of it than a part of the sum's does.
      if (weight?.isOwn && !isOwn) continue;
      const part = Math.max(Math.round(setting.weight / sharers), 1);
      weight = { value: setting.idle ? IDLE_WEIGHT : part, isOwn };
    } else if (setting.mechanism === 'quota') {
      const cores = setting.ceilingCores / sharers;
      if (ceiling === null || cores < ceiling.cores) ceiling = { cores, periodNs: setting.periodNs };
    }
  }
  return { weight: weight?.value ?? null, ceiling };
}

const nameOf = ({ guest }: ClassifiedGuest): string => `guest ${guest.name ?? guest.pid}`;

const sharesItsGroup = (one: ClassifiedGuest): FindingDraft => ({
  code: 'shared-group',
  severity: 'warning',
  subject: one.guest.key,
  message: `${nameOf(one)} shares the cgroup ${one.guest.cgroup} with other processes, so that neither weight nor quota is set there`,
  fallback: 'it runs without them; started by systemd-run it would have a cgroup of its own',
});

const weighedElsewhere = (one: ClassifiedGuest): FindingDraft => ({
  code: 'weighed-elsewhere',
  severity: 'warning',
  subject: one.guest.key,
  message: `${nameOf(one)} stays in ${one.guest.unit ?? one.guest.cgroup}, where it was placed: its weight counts there, among its neighbours, not among the other guests`,
  fallback: 'what is promised to it and to others by weights holds approximately; limits hold',
});
