import type { Mode, Plan, PlanClass, Schedule, Setting, SettingOf } from '../compiler/plan.js';
import { nameKey } from '../compiler/subject-key.js';
import { invariant } from '../support/invariant.js';
import { groupName, OTHERS_GROUP } from './group-path.js';
import type { GroupPath } from './host.js';

/** Look-ups over a plan that every step needs, made once. */
export interface PlanIndex {
  readonly plan: Plan;
  readonly classes: ReadonlyMap<string, PlanClass>;
  readonly schedules: ReadonlyMap<string, Schedule>;
  /** Guests of this class (null: of none) are moved below the slice, in every mode: no mode moves a guest about. */
  gathers(className: string | null): boolean;
  /** Where the guests of a class have their leaves; null stands for those of no class. */
  classPath(className: string | null): GroupPath;
  /** The group on which a setting about the sum of a subject acts; null: the tree has none. */
  subjectPath(setting: Setting): GroupPath | null;
  appliesTo(setting: Setting, className: string | null): boolean;
}

export function indexPlan(plan: Plan): PlanIndex {
  const unions = new Map(plan.unions.map((union) => [union.name, union.classes]));
  const members = (name: string): ReadonlySet<string> => new Set(expand(name, unions));
  const unionMembers = new Map(plan.unions.map((union) => [nameKey(union.name), members(union.name)]));
  const paths = treePaths(plan);

  const appliesTo = (setting: Setting, className: string | null): boolean => {
    switch (setting.subject) {
      case 'owner':
        return false;
      case 'guests':
        return true;
      case 'others':
        return className === null;
      case 'class':
        return className !== null && nameKey(className) === setting.class;
      case 'union':
        return className !== null && (unionMembers.get(setting.class)?.has(className) ?? false);
    }
  };
  const inCgroups = plan.schedules
    .flatMap((schedule) => schedule.settings)
    .filter((setting) => setting.mechanism === 'share' || setting.mechanism === 'quota');
  const { gather, version } = plan.host.cgroup;
  const gathered = new Map(
    [null, ...plan.classes.map((one) => one.name)].map((name) => [
      name,
      gather && version > 0 && inCgroups.some((setting) => appliesTo(setting, name)),
    ]),
  );

  return {
    plan,
    classes: new Map(plan.classes.map((one) => [one.name, one])),
    schedules: new Map(plan.schedules.map((one) => [one.id, one])),
    gathers: (className) => gathered.get(className) ?? false,
    classPath: (className) =>
      className === null
        ? (paths.get(treeKey('others', 'others')) ?? [])
        : (paths.get(treeKey('class', nameKey(className))) ?? []),
    subjectPath: (setting) =>
      setting.subject === 'guests' ? [] : (paths.get(treeKey(setting.subject, setting.class)) ?? null),
    appliesTo,
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

function expand(name: string, unions: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const parts = unions.get(name);
  return parts === undefined
    ? [name]
    : parts.flatMap((part) => (part === name ? [part] : expand(part, unions)));
}

const treeKey = (subject: string, name: string): string => `${subject} ${name}`;

function treePaths(plan: Plan): ReadonlyMap<string, GroupPath> {
  const nodes = new Map(plan.tree.map((node) => [node.name, node]));
  const pathOf = (name: string, seen: readonly string[] = []): GroupPath => {
    const node = nodes.get(name);
    invariant(node && !seen.includes(name), `the plan's tree has no way from ${name} to the slice`);
    const own = node.subject === 'others' ? OTHERS_GROUP : groupName(node.name);
    return node.parent === null ? [own] : [...pathOf(node.parent, [...seen, name]), own];
  };
  return new Map(plan.tree.map((node) => [treeKey(node.subject, node.name), pathOf(node.name)]));
}
