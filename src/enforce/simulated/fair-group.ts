import { type Claim, waterFill } from '../account/water-filling.js';
import { IDLE_WEIGHT, type Quota } from '../host.js';
import type { Task } from './task.js';

/** One cgroup of the simulated kernel's cpu controller. */
export class FairGroup {
  readonly parent: FairGroup | null;
  readonly children = new Map<string, FairGroup>();
  readonly tasks = new Set<Task>();
  weight: number;
  quota: Quota | null = null;

  constructor(parent: FairGroup | null, weight: number) {
    this.parent = parent;
    this.weight = weight;
  }

  get ceiling(): number {
    return this.quota === null
      ? Number.POSITIVE_INFINITY
      : Number(this.quota.quotaNs) / Number(this.quota.periodNs);
  }

  isEmpty(): boolean {
    return this.tasks.size === 0 && this.children.size === 0;
  }
}

/** Cores that each runnable fair task gets of `capacity`: processor sharing down the tree, in the fluid limit. */
export function fairRates(root: FairGroup, capacity: number, taskWeight: number): ReadonlyMap<Task, number> {
  const rates = new Map<Task, number>();
  divide(root, capacity, taskWeight, rates);
  return rates;
}

function divide(group: FairGroup, capacity: number, taskWeight: number, rates: Map<Task, number>): void {
  const tasks = [...group.tasks].filter((task) => task.server === null && task.runnable);
  const groups = [...group.children.values()];
  const parts = withIdle(Math.min(capacity, group.ceiling), [
    ...tasks.map(() => ({ weight: taskWeight, cap: 1 })),
    ...groups.map((child) => ({ weight: child.weight, cap: demand(child) })),
  ]);
  tasks.forEach((task, at) => {
    rates.set(task, parts[at] ?? 0);
  });
  groups.forEach((child, at) => {
    divide(child, parts[tasks.length + at] ?? 0, taskWeight, rates);
  });
}

/** Processor sharing; what is left goes to those that are idle, in equal parts. */
function withIdle(total: number, claims: readonly Claim[]): readonly number[] {
  const parts = waterFill(total, claims);
  const left = total - parts.reduce((sum, part) => sum + part, 0);
  const idle = waterFill(
    left,
    claims.map(({ weight, cap }) => ({ weight: weight === IDLE_WEIGHT ? 1 : 0, cap })),
  );
  return parts.map((part, at) => part + (idle[at] ?? 0));
}

/** The most that a group could use now. */
function demand(group: FairGroup): number {
  let sum = 0;
  for (const task of group.tasks) if (task.server === null && task.runnable) sum += 1;
  for (const child of group.children.values()) sum += demand(child);
  return Math.min(sum, group.ceiling);
}
