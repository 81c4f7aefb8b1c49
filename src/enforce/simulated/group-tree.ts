import { parentsFirst, pathKey } from '../group-path.js';
import { type GroupPath, IDLE_WEIGHT, type ObservedGroup, type Outcome, type Quota } from '../host.js';
import { FairGroup } from './fair-group.js';
import type { SimulatedKernel } from './kernel.js';

const WEIGHTS = {
  1: { least: 2, most: 262_144, normal: 1024 },
  2: { least: 1, most: 10_000, normal: 100 },
} as const;
const MILLISECOND = 1_000_000n;
const SECOND = 1_000_000_000n;

const OK: Outcome = { ok: true };
const refuse = (code: 'ENOENT' | 'EINVAL' | 'EBUSY', message: string): Outcome => ({
  ok: false,
  code,
  message,
  retry: code === 'EBUSY',
});

/** The cgroups below our slice, with the refusals of the version that the host has. */
export class GroupTree {
  readonly #groups = new Map<string, { readonly path: GroupPath; readonly group: FairGroup }>();
  readonly #kernel: SimulatedKernel;
  readonly #version: 1 | 2;

  constructor(kernel: SimulatedKernel, version: 1 | 2) {
    this.#kernel = kernel;
    this.#version = version;
  }

  get normalWeight(): number {
    return WEIGHTS[this.#version].normal;
  }

  find(path: GroupPath): FairGroup | null {
    return this.#groups.get(pathKey(path))?.group ?? null;
  }

  observe(): ObservedGroup[] {
    return [...this.#groups.values()]
      .sort((a, b) => parentsFirst(a.path, b.path))
      .map(({ path, group }) => ({ path, weight: group.weight, quota: group.quota }));
  }

  create(path: GroupPath): Outcome {
    if (this.find(path)) return OK;
    const parent = path.length === 0 ? this.#kernel.root : this.find(path.slice(0, -1));
    if (parent === null) return refuse('ENOENT', `no group above ${pathKey(path)}`);
    const group = new FairGroup(parent, this.normalWeight);
    parent.children.set(path.at(-1) ?? 'vmc', group);
    this.#groups.set(pathKey(path), { path, group });
    return OK;
  }

  remove(path: GroupPath): Outcome {
    const group = this.find(path);
    if (group === null) return OK;
    if (!group.isEmpty()) return refuse('EBUSY', `group ${pathKey(path)} is not empty`);
    group.parent?.children.delete(path.at(-1) ?? 'vmc');
    this.#groups.delete(pathKey(path));
    return OK;
  }

  setWeight(path: GroupPath, weight: number): Outcome {
    const group = this.find(path);
    const { least, most } = WEIGHTS[this.#version];
    if (group === null) return refuse('ENOENT', `no group ${pathKey(path)}`);
    if ((weight < least || weight > most) && weight !== IDLE_WEIGHT)
      return refuse('EINVAL', `weight ${weight} is outside ${least}–${most}`);
    group.weight = weight;
    this.#kernel.changed();
    return OK;
  }

  setQuota(path: GroupPath, quota: Quota | null): Outcome {
    const group = this.find(path);
    if (group === null) return refuse('ENOENT', `no group ${pathKey(path)}`);
    if (quota !== null && !isAcceptable(quota))
      return refuse('EINVAL', 'quotas are 1 ms and more, periods 1 ms to 1 s');
    const before = group.quota;
    const { nowNs } = this.#kernel;
    group.setQuota(quota, nowNs);
    if (this.#version === 1 && !isHierarchical(this.#kernel.root, Number.POSITIVE_INFINITY)) {
      group.setQuota(before, nowNs);
      return refuse('EINVAL', `the quota of ${pathKey(path)} does not fit its parent's or its children's`);
    }
    this.#kernel.changed();
    return OK;
  }
}

const isAcceptable = ({ quotaNs, periodNs }: Quota): boolean =>
  quotaNs >= MILLISECOND &&
  periodNs >= MILLISECOND &&
  periodNs <= SECOND &&
  quotaNs % 1000n === 0n &&
  periodNs % 1000n === 0n;

/** cgroup v1: no child's quota above its parent's (an unlimited child inherits it). */
function isHierarchical(group: FairGroup, above: number): boolean {
  if (group.ceiling !== Number.POSITIVE_INFINITY && group.ceiling > above) return false;
  const ceiling = Math.min(group.ceiling, above);
  return [...group.children.values()].every((child) => isHierarchical(child, ceiling));
}
