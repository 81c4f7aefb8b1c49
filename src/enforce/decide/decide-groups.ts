import type { Schedule, Setting, SettingOf } from '../../compiler/plan.js';
import type { ClassifiedGuest } from '../classify.js';
import type { FindingDraft } from '../findings.js';
import { parentsFirst, pathKey, withAncestors } from '../group-path.js';
import { type GroupPath, IDLE_WEIGHT, type Quota } from '../host.js';
import type { PlanIndex } from '../plan-index.js';
import type { DesiredGroup } from './desired.js';
import { type Ceiling, toQuota } from './to-quota.js';

/** What a cgroup has when nobody sets it. */
const DEFAULT_WEIGHT = { v1: 1024, v2: 100 } as const;
/**
 * The groups that the gathered guests need, and no more: slice > unions > class > one leaf a guest, with weights and
 * quotas from the schedule. A setting on the sum of its subject goes to the subject's group, one on each member to leaves.
 * Of a limit on a sum the group has only what is not for members that stay elsewhere (`scattered`).
 */
export function decideGroups(
  index: PlanIndex,
  schedule: Schedule,
  classified: readonly ClassifiedGuest[],
  scattered: readonly ClassifiedGuest[] = [],
): { readonly groups: readonly DesiredGroup[]; readonly findings: readonly FindingDraft[] } {
  const leaves = classified.flatMap((one) => {
    const path = index.leafPath(one.class, one.guest.key);
    return path ? [{ one, path }] : [];
  });
  const paths = new Map(
    leaves.flatMap(({ path }) => withAncestors(path)).map((path) => [pathKey(path), path] as const),
  );
  const weights = new Map<string, number>();
  const ceilings = new Map<string, Ceiling>();
  const findings: FindingDraft[] = [];

  for (const setting of schedule.settings) {
    if (setting.subject === 'owner' || (setting.mechanism !== 'share' && setting.mechanism !== 'quota'))
      continue;
    const targets = targetsOf(index, setting, leaves);
    if (targets === null) findings.push(noGroup(setting));
    const part = setting.scope === 'sum' ? gatheredPart(index, setting, classified, scattered) : 1;
    for (const path of targets ?? []) apply(setting, pathKey(path), part, weights, ceilings);
  }

  const defaultWeight = index.plan.host.cgroup.version === 1 ? DEFAULT_WEIGHT.v1 : DEFAULT_WEIGHT.v2;
  const groups = [...paths.values()].sort(parentsFirst).map((path) => ({
    path,
    weight: weights.get(pathKey(path)) ?? defaultWeight,
    quota: quotaOf(path, ceilings),
  }));
  return { groups, findings };
}

function targetsOf(
  index: PlanIndex,
  setting: Setting,
  leaves: readonly { readonly one: ClassifiedGuest; readonly path: GroupPath }[],
): readonly GroupPath[] | null {
  const inside = leaves.filter(({ one }) => index.appliesTo(setting, one.class));
  if (setting.scope === 'each') return inside.map(({ path }) => path);
  if (inside.length === 0) return [];
  const group = index.subjectPath(setting);
  return group === null ? null : [group];
}

/** Of a sum's members, those that are gathered; 1 where there are none at all. */
function gatheredPart(
  index: PlanIndex,
  setting: Setting,
  classified: readonly ClassifiedGuest[],
  scattered: readonly ClassifiedGuest[],
): number {
  const count = (guests: readonly ClassifiedGuest[]) =>
    guests.filter((one) => index.appliesTo(setting, one.class)).length;
  const [inside, outside] = [count(classified), count(scattered)];
  return inside === 0 ? 1 : inside / (inside + outside);
}

function apply(
  setting: SettingOf<'share'> | SettingOf<'quota'>,
  key: string,
  part: number,
  weights: Map<string, number>,
  ceilings: Map<string, Ceiling>,
): void {
  if (setting.mechanism === 'share') {
    weights.set(key, setting.idle ? IDLE_WEIGHT : setting.weight);
  } else if (setting.ceilingCores * part < (ceilings.get(key)?.cores ?? Number.POSITIVE_INFINITY)) {
    ceilings.set(key, { cores: setting.ceilingCores * part, periodNs: setting.periodNs });
  }
}

/**
 * Null where a group above is limited at least as much: v1 refuses a child's quota above its parent's, and nothing is
 * gained by an equal one.
 */
function quotaOf(path: GroupPath, ceilings: ReadonlyMap<string, Ceiling>): Quota | null {
  const own = ceilings.get(pathKey(path));
  if (own === undefined) return null;
  const above = withAncestors(path).slice(0, -1);
  if (
    above.some(
      (ancestor) => (ceilings.get(pathKey(ancestor))?.cores ?? Number.POSITIVE_INFINITY) <= own.cores,
    )
  ) {
    return null;
  }
  return toQuota(own);
}

function noGroup(setting: Setting): FindingDraft {
  return {
    code: 'no-group',
    severity: 'error',
    subject: setting.class,
    message: `the plan sets a ${setting.mechanism} on the sum of ${setting.class} and has no group for it`,
    fallback: 'its members run without it',
  };
}
