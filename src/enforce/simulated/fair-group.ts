import { type Claim, waterFill } from '../account/water-filling.js';
import { IDLE_WEIGHT, type Quota } from '../host.js';
import { Longest } from './longest.js';
import { QuotaPool } from './quota-pool.js';
import type { Task } from './task.js';

/** One cgroup of the simulated kernel's cpu controller. */
export class FairGroup {
  readonly parent: FairGroup | null;
  readonly children = new Map<string, FairGroup>();
  readonly tasks = new Set<Task>();
  weight: number;
  /** While its quota was used up. */
  readonly throttled = new Longest();
  #pool: QuotaPool | null = null;

  constructor(parent: FairGroup | null, weight: number) {
    this.parent = parent;
    this.weight = weight;
  }

  get pool(): QuotaPool | null {
    return this.#pool;
  }

  get quota(): Quota | null {
    return this.#pool?.quota ?? null;
  }

  /** It begins with a whole quota, whatever was used before. */
  setQuota(quota: Quota | null, nowNs: number): void {
    this.#pool = quota === null ? null : new QuotaPool(quota, nowNs);
    this.throttled.end(nowNs);
  }

  /** Cores, over whole periods. */
  get ceiling(): number {
    return this.quota === null
      ? Number.POSITIVE_INFINITY
      : Number(this.quota.quotaNs) / Number(this.quota.periodNs);
  }

  isEmpty(): boolean {
    return this.tasks.size === 0 && this.children.size === 0;
  }
}

/** What the threads without servers get, in cores, while nothing changes. */
export interface FairRates {
  readonly tasks: ReadonlyMap<Task, number>;
  /** What is used of each quota. */
  readonly groups: ReadonlyMap<FairGroup, number>;
}

/** Cores that each runnable fair task gets of `capacity`: processor sharing down the tree, in the fluid limit. */
export function fairRates(root: FairGroup, capacity: number, taskWeight: number): FairRates {
  const rates = { tasks: new Map<Task, number>(), groups: new Map<FairGroup, number>() };
  const demands = new Map<FairGroup, number>();
  demandOf(root, demands);
  divide(root, capacity, taskWeight, demands, rates);
  return rates;
}

function divide(
  group: FairGroup,
  capacity: number,
  taskWeight: number,
  demands: ReadonlyMap<FairGroup, number>,
  rates: { readonly tasks: Map<Task, number>; readonly groups: Map<FairGroup, number> },
): void {
  const wanted = demands.get(group) ?? 0;
  if (wanted === 0 || capacity <= 0) return;
  if (group.pool !== null) rates.groups.set(group, Math.min(capacity, wanted));
  const tasks = [...group.tasks].filter((task) => task.wantsShare);
  const groups = [...group.children.values()].filter((child) => (demands.get(child) ?? 0) > 0);
  const parts = withIdle(capacity, [
    ...tasks.map(() => ({ weight: taskWeight, cap: 1 })),
    ...groups.map((child) => ({ weight: child.weight, cap: demands.get(child) ?? 0 })),
  ]);
  tasks.forEach((task, at) => {
    rates.tasks.set(task, parts[at] ?? 0);
  });
  groups.forEach((child, at) => {
    divide(child, parts[tasks.length + at] ?? 0, taskWeight, demands, rates);
  });
}

/** Processor sharing; what is left goes to those that are idle, in equal parts. */
function withIdle(total: number, claims: readonly Claim[]): readonly number[] {
  const parts = waterFill(total, claims);
  if (claims.every(({ weight }) => weight !== IDLE_WEIGHT)) return parts;
  const left = total - parts.reduce((sum, part) => sum + part, 0);
  const idle = waterFill(
    left,
    claims.map(({ weight, cap }) => ({ weight: weight === IDLE_WEIGHT ? 1 : 0, cap })),
  );
  return parts.map((part, at) => part + (idle[at] ?? 0));
}

/** The most that a group could use now: nothing while its quota is used up. */
function demandOf(group: FairGroup, demands: Map<FairGroup, number>): number {
  let sum = 0;
  for (const task of group.tasks) if (task.wantsShare) sum += 1;
  for (const child of group.children.values()) sum += demandOf(child, demands);
  const demand = group.pool?.isSpent ? 0 : sum;
  demands.set(group, demand);
  return demand;
}
