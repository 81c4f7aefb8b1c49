import type { Schedule, Setting, SettingOf } from '../../compiler/plan.js';
import { IDLE_WEIGHT } from '../../enforce/host.js';
import type { PlanIndex } from '../../enforce/plan-index.js';
import { fill } from './fill.js';
import type { SimulatedClass } from './population.js';

/** What a group has when nobody sets it, in each version of cgroups. */
export const standardWeight = (version: 0 | 1 | 2): number => (version === 2 ? 100 : 1024);

/** Less than that is none. Cores. */
export const NOTHING = 1e-9;

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

/**
 * The slice of all guests under one schedule: unions and classes below it, with their weights and quotas. Answers are of a
 * while in which nothing changes: a quota holds nobody back before it is used up, and everybody below it afterwards.
 */
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

  /** What all in it could use. `caps`: by class; `left`: of each quota, nothing where it is used up. */
  demand(caps: Float64Array, left: Float64Array): number {
    return demandOf(this.#root, caps, left);
  }

  /** Each class's part of `cores` to `parts`, and what that uses of each quota to `used`; of the demand asked for last. */
  divide(cores: number, parts: Float64Array, used: Float64Array): void {
    divideDown(this.#root, cores, parts, used);
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

function demandOf(node: Node, caps: Float64Array, left: Float64Array): number {
  let inside = node.class === null ? 0 : caps[node.class]!;
  for (let at = 0; at < node.children.length; at++) {
    const cores = demandOf(node.children[at]!, caps, left);
    node.caps[at] = cores;
    inside += cores;
  }
  for (const at of node.quotas) if (left[at]! <= NOTHING) return 0;
  return inside;
}

function divideDown(node: Node, cores: number, parts: Float64Array, used: Float64Array): void {
  if (cores <= 0) return;
  for (const at of node.quotas) used[at] = cores;
  if (node.class !== null) {
    parts[node.class] = cores;
    return;
  }
  fill(cores, node.weights, node.caps, node.parts);
  for (let at = 0; at < node.children.length; at++) {
    divideDown(node.children[at]!, node.parts[at]!, parts, used);
  }
}
