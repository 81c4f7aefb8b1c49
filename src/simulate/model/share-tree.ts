import type { Schedule, Setting, SettingOf } from '../../compiler/plan.js';
import { waterFill } from '../../enforce/account/water-filling.js';
import { IDLE_WEIGHT } from '../../enforce/host.js';
import type { PlanIndex } from '../../enforce/plan-index.js';
import type { SimulatedClass } from './population.js';

/** A group of the cpu controller as the fluid model has it: unions and classes below the slice of all guests. */
export interface ShareNode {
  readonly name: string;
  readonly weight: number;
  /** Quotas on its sum: positions in the list of ceilings. */
  readonly quotas: readonly number[];
  readonly children: readonly ShareNode[];
  /** Of a class: its position; its members are below it, all alike. */
  readonly class: number | null;
}

/** What a group has when nobody sets it, in each version of cgroups. */
export const standardWeight = (version: 0 | 1 | 2): number => (version === 2 ? 100 : 1024);

type Quota = SettingOf<'quota'>;

/** The slice of all guests, with weights and quotas of a schedule. */
export function shareTree(
  index: PlanIndex,
  { settings }: Schedule,
  classes: readonly SimulatedClass[],
  quotas: readonly Quota[],
): ShareNode {
  const { plan } = index;
  const standard = standardWeight(plan.host.cgroup.version);
  const onSum = (setting: Setting, name: string | null): boolean =>
    setting.scope === 'sum' &&
    (name === null ? setting.subject === 'guests' : setting.subject !== 'guests' && setting.class === name);
  const node = (name: string | null): ShareNode => {
    const share = settings.find((one) => one.mechanism === 'share' && onSum(one, name));
    const own = classes.findIndex((one) => one.name === name);
    return {
      name: name ?? 'guests',
      weight: share?.mechanism === 'share' ? (share.idle ? IDLE_WEIGHT : share.weight) : standard,
      quotas: quotas.flatMap((quota, at) => (onSum(quota, name) ? [at] : [])),
      children: plan.tree.filter(({ parent }) => parent === name).map((child) => node(child.name)),
      class: own < 0 ? null : own,
    };
  };
  return node(null);
}

/** What a node and all in it could use at most; `caps` by class. */
export function demandOf(node: ShareNode, caps: readonly number[], ceilings: readonly number[]): number {
  const inside =
    node.class === null
      ? node.children.reduce((sum, child) => sum + demandOf(child, caps, ceilings), 0)
      : (caps[node.class] ?? 0);
  return node.quotas.reduce((least, at) => Math.min(least, ceilings[at] ?? least), inside);
}

/** Divides `cores` down the tree by weights; adds each class's part, times `share`, to `into`. */
export function divideDown(
  node: ShareNode,
  cores: number,
  caps: readonly number[],
  ceilings: readonly number[],
  share: number,
  into: number[],
): void {
  const available = Math.min(cores, demandOf(node, caps, ceilings));
  if (available <= 0) return;
  if (node.class !== null) {
    into[node.class] = (into[node.class] ?? 0) + share * available;
    return;
  }
  const parts = byWeight(
    available,
    node.children.map((child) => ({ weight: child.weight, cap: demandOf(child, caps, ceilings) })),
  );
  node.children.forEach((child, at) => {
    divideDown(child, parts[at] ?? 0, caps, ceilings, share, into);
  });
}

/** Processor sharing; what is left goes to those that yield, in equal parts. */
export function byWeight(
  total: number,
  claims: readonly { readonly weight: number; readonly cap: number }[],
): readonly number[] {
  const parts = waterFill(total, claims);
  if (claims.every(({ weight }) => weight !== IDLE_WEIGHT)) return parts;
  const left = total - parts.reduce((sum, part) => sum + part, 0);
  const idle = waterFill(
    left,
    claims.map(({ weight, cap }) => ({ weight: weight === IDLE_WEIGHT ? 1 : 0, cap })),
  );
  return parts.map((part, at) => part + (idle[at] ?? 0));
}
