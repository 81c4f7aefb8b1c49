import type { DesiredGroup } from '../decide/desired.js';
import { parentsFirst, pathKey, withAncestors } from '../group-path.js';
import type { Action, GroupPath, ObservedGroup, Quota } from '../host.js';

export interface GroupActions {
  readonly create: readonly Action[];
  /** Quotas that fall, those of groups that leave too, and all settings of groups that are new and still empty. */
  readonly tighten: readonly Action[];
  /** Quotas that rise, and weights. */
  readonly loosen: readonly Action[];
  readonly remove: readonly Action[];
}

/**
 * Changes of groups. cgroup v1 refuses a quota above a parent's: effective ceilings that fall are therefore set from the
 * leaves up, before those that rise, which are set from the slice down; every intermediate tree is a valid one.
 */
export function diffGroups(
  observed: readonly ObservedGroup[],
  desired: readonly DesiredGroup[],
): GroupActions {
  const before = new Map(observed.map((group) => [pathKey(group.path), group]));
  const after = new Map(desired.map((group) => [pathKey(group.path), group]));
  const created = desired.filter(({ path }) => !before.has(pathKey(path))).sort(byPath);
  const newKeys = new Set(created.map(({ path }) => pathKey(path)));

  const changed = desired.filter(
    ({ path, quota }) => !sameQuota(before.get(pathKey(path))?.quota ?? null, quota),
  );
  const falls = ({ path }: DesiredGroup) => effective(path, after) <= effective(path, before);
  const tighten = [...changed.filter(falls), ...leavingAboveTheirParents(observed, after)]
    .sort(byPath)
    .reverse();
  const loosen = changed.filter((group) => !falls(group)).sort(byPath);
  const weights = desired
    .filter(({ path, weight }) => before.get(pathKey(path))?.weight !== weight)
    .sort(byPath);

  return {
    create: created.map(({ path }) => ({ kind: 'create-group', path })),
    tighten: [
      ...weights.filter(({ path }) => newKeys.has(pathKey(path))).map(setWeight),
      ...tighten.map(setQuota),
    ],
    loosen: [
      ...loosen.map(setQuota),
      ...weights.filter(({ path }) => !newKeys.has(pathKey(path))).map(setWeight),
    ],
    remove: observed
      .filter(({ path }) => !after.has(pathKey(path)))
      .sort(byPath)
      .reverse()
      .map(({ path }) => ({ kind: 'remove-group', path })),
  };
}

/**
 * Groups that are removed in the end stand until then: where a group above falls below what one of them may use, it comes
 * down with it.
 */
function leavingAboveTheirParents(
  observed: readonly ObservedGroup[],
  after: ReadonlyMap<string, DesiredGroup>,
): readonly Pick<ObservedGroup, 'path' | 'quota'>[] {
  return observed.flatMap(({ path, quota }) => {
    if (quota === null || after.has(pathKey(path))) return [];
    const above = withAncestors(path).flatMap((ancestor) => after.get(pathKey(ancestor))?.quota ?? []);
    const ceiling = above.find((one) => coresOf(one) === Math.min(...above.map(coresOf)));
    return ceiling && coresOf(ceiling) < coresOf(quota) ? [{ path, quota: ceiling }] : [];
  });
}

const coresOf = ({ quotaNs, periodNs }: Quota): number => Number(quotaNs) / Number(periodNs);

const byPath = (a: { readonly path: GroupPath }, b: { readonly path: GroupPath }): number =>
  parentsFirst(a.path, b.path);

const setWeight = ({ path, weight }: DesiredGroup): Action => ({ kind: 'set-weight', path, weight });
const setQuota = ({ path, quota }: Pick<DesiredGroup, 'path' | 'quota'>): Action => ({
  kind: 'set-quota',
  path,
  quota,
});

const sameQuota = (a: Quota | null, b: Quota | null): boolean =>
  a === b || (a !== null && b !== null && a.quotaNs === b.quotaNs && a.periodNs === b.periodNs);

/** What a group may use at most, in cores: its own quota and those above it. */
function effective(path: GroupPath, groups: ReadonlyMap<string, { readonly quota: Quota | null }>): number {
  const ceilings = withAncestors(path).map((ancestor) => {
    const quota = groups.get(pathKey(ancestor))?.quota;
    return quota ? coresOf(quota) : Number.POSITIVE_INFINITY;
  });
  return Math.min(...ceilings);
}
