import type { Mode, Plan, Schedule, Setting, SettingOf } from '../compiler/plan.js';
import { invariant } from '../support/invariant.js';
import type { GroupPath } from './host.js';

/** What the plan calls the guests that no class took; a class of that name stands in quotes there. */
export const OTHERS = 'others';

/** Look-ups over a plan that every step needs, made once. A class is named as in the plan; null stands for no class. */
export interface PlanIndex {
  readonly plan: Plan;
  readonly schedules: ReadonlyMap<string, Schedule>;
  /** The leaf of a guest, the same in every mode; null: guests of that class are not gathered. */
  leafPath(className: string | null, guest: string): GroupPath | null;
  /** The group on which a setting about the sum of a subject acts; null: the tree has none. */
  subjectPath(setting: Setting): GroupPath | null;
  /** Whether a setting, or a budget, is about the guests of a class. */
  appliesTo(setting: Pick<Setting, 'subject' | 'class'>, className: string | null): boolean;
}

export function indexPlan(plan: Plan): PlanIndex {
  const unions = new Map(plan.unions.map(({ name, classes }) => [name, new Set(classes)]));
  const { gather, version } = plan.host.cgroup;
  const paths = gather && version > 0 ? treePaths(plan) : new Map<string, GroupPath>();
  return {
    plan,
    schedules: new Map(plan.schedules.map((one) => [one.id, one])),
    leafPath: (className, guest) => {
      const path = paths.get(className ?? OTHERS);
      return path ? [...path, guest] : null;
    },
    subjectPath: (setting) => (setting.subject === 'guests' ? [] : (paths.get(setting.class) ?? null)),
    appliesTo: (setting, className) => {
      switch (setting.subject) {
        case 'owner':
          return false;
        case 'guests':
          return true;
        case 'others':
          return className === null;
        case 'class':
          return className === setting.class;
        case 'union':
          return className !== null && (unions.get(setting.class)?.has(className) ?? false);
      }
    },
  };
}

/** Kept by the timetable, whichever way a guest is stopped. */
export const isDuty = (setting: Setting): setting is SettingOf<'duty' | 'freezer'> =>
  setting.mechanism === 'duty' || setting.mechanism === 'freezer';

/** The schedule that a mode names. */
export function scheduleOf(index: PlanIndex, mode: Mode): Schedule {
  const schedule = index.schedules.get(mode.schedule);
  invariant(schedule, `the plan has no schedule ${mode.schedule}`);
  return schedule;
}

function treePaths(plan: Plan): ReadonlyMap<string, GroupPath> {
  const nodes = new Map(plan.tree.map((node) => [node.name, node]));
  const pathOf = (name: string, below: readonly string[]): GroupPath => {
    const node = nodes.get(name);
    invariant(node && !below.includes(name), `the plan's tree has no way from ${name} to the slice`);
    return node.parent === null ? [name] : [...pathOf(node.parent, [...below, name]), name];
  };
  return new Map(plan.tree.map(({ name }) => [name, pathOf(name, [])]));
}
