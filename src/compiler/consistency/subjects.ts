import type { Plan, Setting } from '../plan.js';
import { unless } from '../verify/host.js';
import { isOnce } from './is-once.js';

type Kind = Setting['subject'];

/** Of whom each guest is treated alike: where it runs, and when. */
const OF_EACH: ReadonlySet<Setting['mechanism']> = new Set([
  'reservation',
  'duty',
  'freezer',
  'placement',
  'stop',
]);

/** Names say one thing each, and whoever is spoken of exists, and is what it is said to be. */
export function subjectProblems(plan: Plan): readonly string[] {
  const { classes, unions, tree, budgets, schedules } = plan;
  const kinds = kindsIn(plan);
  const isWholly = (names: readonly string[]) =>
    names.length > 0 && isOnce(names) && names.every((name) => kinds.get(name) === 'class');
  const named = [...classes, ...unions].map(({ name }) => name);
  return [
    ...unless(kinds.size === named.length + 3, 'two classes or unions have the same name'),
    ...unless(
      unions.every((one) => isWholly(one.classes)),
      'a union is not of classes, each of them once',
    ),
    ...tree
      .filter(({ name, subject }) => kinds.get(name) !== subject)
      .map(({ name }) => `${name} of the tree is no such subject`),
    ...budgets
      .filter(({ class: name, subject }) => kinds.get(name) !== subject)
      .map(({ id }) => `budget ${id} is of no such subject`),
    ...schedules.flatMap(({ id, settings }) =>
      settings.flatMap((setting) => [
        ...unless(
          kinds.get(setting.class) === setting.subject,
          `schedule ${id}: ${setting.class} is no such subject`,
        ),
        ...unless(
          hasScope(setting),
          `schedule ${id}: the ${setting.mechanism} of ${setting.class} has another scope`,
        ),
      ]),
    ),
  ];
}

function kindsIn({ classes, unions }: Plan): ReadonlyMap<string, Kind> {
  return new Map<string, Kind>([
    ...classes.map(({ name }) => [name, 'class'] as const),
    ...unions.map(({ name }) => [name, 'union'] as const),
    ['guests', 'guests'],
    ['others', 'others'],
    ['owner', 'owner'],
  ]);
}

/** Nice values are of sessions, one for each guest; weights of cgroups are of all guests in one. */
function hasScope(setting: Setting): boolean {
  const { mechanism, scope } = setting;
  if (mechanism === 'share') return scope === (setting.nice === undefined ? 'sum' : 'each');
  return scope === 'each' || !OF_EACH.has(mechanism);
}
