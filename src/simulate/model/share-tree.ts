import type { Schedule, Setting, SettingOf } from '../../compiler/plan.js';
import { IDLE_WEIGHT } from '../../enforce/host.js';
import type { PlanIndex } from '../../enforce/plan-index.js';
import { fill } from './fill.js';
import type { SimulatedClass } from './population.js';

/** What a group has when nobody sets it, in each version of cgroups. */
export const standardWeight = (version: 0 | 1 | 2): number => (version === 2 ? 100 : 1024);

type Quota = SettingOf<'quota'>;

/** A group of the cpu controller; its children's numbers are in arrays, as `fill` wants them. */
interface Node {
  readonly weight: number;
  /** Quotas on its sum: positions in the list of ceilings. */
  readonly quotas: readonly number[];
  /** Of a class: its position; its members are below it, all alike. */
  readonly class: number | null;
  readonly children: readonly Node[];
  readonly weights: Float64Array;
  readonly caps: Float64Array;
  readonly parts: Float64Array;
}

/** The slice of all guests under one schedule: unions and classes below it, with their weights and quotas. */
export class ShareTree {
  readonly #root: Node;

  constructor(
    index: PlanIndex,
    schedule: Schedule,
    classes: readonly SimulatedClass[],
    quotas: readonly Quota[],
  ) {
    this.#root = nodeOf(null, index, schedule, classes, quotas);
  }

  get weight(): number {
    return this.#root.weight;
  }

  /** What all in it could use at most. `caps`: by class; `ceilings`: of each quota. */
  demand(caps: Float64Array, ceilings: readonly number[]): number {
    return demandOf(this.#root, caps, ceilings);
  }

  /** Adds each class's part of `cores`, times `share`, to `into`; of the demand that was asked for last. */
  divide(cores: number, share: number, into: number[]): void {
    divideDown(this.#root, cores, share, into);
  }
}

function nodeOf(
  name: string | null,
  index: PlanIndex,
  schedule: Schedule,
  classes: readonly SimulatedClass[],
  quotas: readonly Quota[],
): Node {
  const { plan } = index;
  const share = schedule.settings.find((one) => one.mechanism === 'share' && isOnSum(one, name));
  const own = classes.findIndex((one) => one.name === name);
  const children = plan.tree
    .filter(({ parent }) => parent === name)
    .map((child) => nodeOf(child.name, index, schedule, classes, quotas));
  return {
    weight:
      share?.mechanism === 'share'
        ? share.idle
          ? IDLE_WEIGHT
          : share.weight
        : standardWeight(plan.host.cgroup.version),
    quotas: quotas.flatMap((quota, at) => (isOnSum(quota, name) ? [at] : [])),
    class: own < 0 ? null : own,
    children,
    weights: Float64Array.from(children, ({ weight }) => weight),
    caps: new Float64Array(children.length),
    parts: new Float64Array(children.length),
  };
}

const isOnSum = (setting: Setting, name: string | null): boolean =>
  setting.scope === 'sum' &&
  (name === null ? setting.subject === 'guests' : setting.subject !== 'guests' && setting.class === name);

function demandOf(node: Node, caps: Float64Array, ceilings: readonly number[]): number {
  let inside = node.class === null ? 0 : caps[node.class]!;
  for (let at = 0; at < node.children.length; at++) {
    const cores = demandOf(node.children[at]!, caps, ceilings);
    node.caps[at] = cores;
    inside += cores;
  }
  for (const at of node.quotas) inside = Math.min(inside, ceilings[at]!);
  return inside;
}

function divideDown(node: Node, cores: number, share: number, into: number[]): void {
  if (cores <= 0) return;
  if (node.class !== null) {
    into[node.class]! += share * cores;
    return;
  }
  fill(cores, node.weights, node.caps, node.parts);
  for (let at = 0; at < node.children.length; at++) {
    divideDown(node.children[at]!, node.parts[at]!, share, into);
  }
}
