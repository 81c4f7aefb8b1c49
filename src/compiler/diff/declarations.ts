import type { GuestClass, Matcher, Model, Place } from '../../lang/model.js';
import { formatDuration } from '../../support/duration.js';
import { cycleText } from '../demand-text.js';
import { budgetIds } from '../demands/budgets.js';
import type { EffectiveHost } from '../effective-host.js';
import type { ModelContext } from '../model-context.js';
import { conditionText } from '../modes/condition-text.js';
import { joinWords, sizeText } from '../render/render-text.js';
import { nameKey } from '../subject-key.js';
import type { Renames } from './rename.js';

/** Something that a policy declares and the other does not, or otherwise. */
export interface DeclarationChange {
  readonly what:
    | 'host'
    | 'class'
    | 'union'
    | 'offer'
    | 'ignore'
    | 'switch'
    | 'signal'
    | 'condition'
    | 'order';
  /** Its name in the new policy, or in the old where it is gone. */
  readonly name: string;
  readonly change: 'added' | 'removed' | 'renamed' | 'changed';
  /**
   * What differs, each "vcpus 1 → 2"; the old name of what is renamed; what it is, of what is added or
   * removed.
   */
  readonly details: readonly string[];
  /** Null where it is not there. */
  readonly old: Place | null;
  readonly new: Place | null;
}

/** Two policies on one host; the old one with the names of the new. */
export interface Compared {
  readonly old: ModelContext;
  readonly new: ModelContext;
  readonly renames: Renames;
}

/** What the policies declare differently, as far as that can change what anybody gets. */
export function declarationChanges(compared: Compared): readonly DeclarationChange[] {
  const { old, new: now } = compared;
  return [
    ...hostChanges(old.host, now.host, old.model, now.model),
    ...classChanges(compared),
    ...unionChanges(compared),
    ...ignoreChanges(old.model, now.model),
    ...orderChanges(old.model, now.model),
    ...named('switch', old.model.switches, now.model.switches, () => ''),
    ...named('signal', old.model.signals, now.model.signals, ({ type }) => type),
    ...conditionChanges(old, now),
  ];
}

function hostChanges(
  old: EffectiveHost,
  now: EffectiveHost,
  before: Model,
  after: Model,
): readonly DeclarationChange[] {
  const facts = ({ coreCount, facts: { memoryBytes, timezone }, mechanisms }: EffectiveHost) => [
    `${coreCount} cores`,
    `memory ${sizeText(memoryBytes)}`,
    `timezone ${timezone}`,
    `mechanisms ${[...mechanisms].sort().join(', ')}`,
  ];
  const details = changes(facts(old), facts(now));
  if (details.length === 0) return [];
  return [
    { what: 'host', name: 'host', change: 'changed', details, old: before.host.place, new: after.host.place },
  ];
}

/** "vcpus 1 → 2" of descriptions that begin alike. */
function changes(old: readonly string[], now: readonly string[]): readonly string[] {
  return old.flatMap((text, index) => (text === now[index] ? [] : [`${text} → ${now[index]}`]));
}

const isOffer = ({ matchers }: GuestClass): boolean => matchers.length === 0;

function classChanges({ old, new: now, renames }: Compared): readonly DeclarationChange[] {
  const oldNames = new Map([...renames].map(([before, after]) => [after, before]));
  const before = new Map(old.model.classes.map((one) => [one.name, one]));
  const after = new Map(now.model.classes.map((one) => [one.name, one]));
  const what = (one: GuestClass) => (isOffer(one) ? ('offer' as const) : ('class' as const));
  return [
    ...[...after.values()].flatMap((one): readonly DeclarationChange[] => {
      const other = before.get(one.name);
      const head = { what: what(one), name: nameKey(one.name), new: one.place };
      if (!other) return [{ ...head, change: 'added', details: describe(one), old: null }];
      const oldName = oldNames.get(one.name);
      const details = changes(describe(other), describe(one));
      if (oldName !== undefined) {
        return [{ ...head, change: 'renamed', details: [nameKey(oldName), ...details], old: other.place }];
      }
      return details.length === 0 ? [] : [{ ...head, change: 'changed', details, old: other.place }];
    }),
    ...[...before.values()]
      .filter(({ name }) => !after.has(name))
      .map(
        (one): DeclarationChange => ({
          what: what(one),
          name: nameKey(one.name),
          change: 'removed',
          details: describe(one),
          old: one.place,
          new: null,
        }),
      ),
  ];
}

/** One text for each property. */
export function describe({
  maxGuests,
  vcpus,
  memoryBytes,
  overhead,
  tasks,
  matchers,
}: GuestClass): readonly string[] {
  const taskTexts = tasks.map(
    ({ name, costNs, periodNs, deadlineNs }) =>
      `${name} ${cycleText(costNs, periodNs)} within ${formatDuration(deadlineNs)}`,
  );
  return [
    `up to ${maxGuests} ${maxGuests === 1 ? 'guest' : 'guests'}`,
    `${vcpus} ${vcpus === 1 ? 'vCPU' : 'vCPUs'}`,
    memoryBytes === null ? 'no memory declared' : `memory ${sizeText(Number(memoryBytes))}`,
    `overhead ${cycleText(overhead.budgetNs, overhead.periodNs)}`,
    tasks.length === 0 ? 'no tasks' : `tasks ${taskTexts.join(', ')}`,
    matchers.length === 0 ? 'on request' : `by ${matchers.map(matcherText).join(', or by ')}`,
  ];
}

const matcherText = (all: readonly Matcher[]): string =>
  all.map(({ attribute, pattern }) => `${attribute} ${JSON.stringify(pattern)}`).join(' and ');

function unionChanges({ old, new: now, renames }: Compared): readonly DeclarationChange[] {
  const oldNames = new Map([...renames].map(([before, after]) => [after, before]));
  const members = ({ members: list }: Model['unions'][number]) =>
    `of ${joinWords([...list].map(nameKey).sort())}`;
  return named('union', old.model.unions, now.model.unions, members).concat(
    now.model.unions.flatMap((one): DeclarationChange[] => {
      const oldName = oldNames.get(one.name);
      if (oldName === undefined) return [];
      const place = old.model.unions.find(({ name }) => name === one.name)?.place ?? null;
      const details = [nameKey(oldName)];
      return [
        { what: 'union', name: nameKey(one.name), change: 'renamed', details, old: place, new: one.place },
      ];
    }),
  );
}

function named<T extends { readonly name: string; readonly place: Place }>(
  what: DeclarationChange['what'],
  old: readonly T[],
  now: readonly T[],
  textOf: (one: T) => string,
): DeclarationChange[] {
  const before = new Map(old.map((one) => [one.name, one]));
  const after = new Map(now.map((one) => [one.name, one]));
  const details = (text: string) => (text === '' ? [] : [text]);
  return [
    ...now.flatMap((one): DeclarationChange[] => {
      const other = before.get(one.name);
      const head = { what, name: nameKey(one.name), new: one.place };
      if (!other) return [{ ...head, change: 'added', details: details(textOf(one)), old: null }];
      if (textOf(other) === textOf(one)) return [];
      return [
        { ...head, change: 'changed', details: [`${textOf(other)} → ${textOf(one)}`], old: other.place },
      ];
    }),
    ...old.flatMap((one): DeclarationChange[] => {
      if (after.has(one.name)) return [];
      const head = { what, name: nameKey(one.name), change: 'removed' as const };
      return [{ ...head, details: details(textOf(one)), old: one.place, new: null }];
    }),
  ];
}

function ignoreChanges(old: Model, now: Model): readonly DeclarationChange[] {
  const name = ({ matchers }: Model['ignores'][number]) => matcherText(matchers);
  const list = ({ ignores }: Model) => ignores.map((one) => ({ name: name(one), place: one.place }));
  return named('ignore', list(old), list(now), () => '');
}

/**
 * Who is asked first matters where a guest matches several; only those that both policies have are compared.
 */
function orderChanges(old: Model, now: Model): readonly DeclarationChange[] {
  const sequence = ({ classes, ignores }: Model): readonly string[] =>
    [...classes.filter((one) => !isOffer(one)).keys(), classes.length].flatMap((index) => [
      ...ignores
        .filter(({ beforeClass }) => beforeClass === index)
        .map(({ matchers }) => `ignore ${matcherText(matchers)}`),
      ...(classes[index] && !isOffer(classes[index]) ? [nameKey(classes[index].name)] : []),
    ]);
  const [before, after] = [sequence(old), sequence(now)];
  const [inOld, inNew] = [new Set(before), new Set(after)];
  const [first, second] = [before.filter((one) => inNew.has(one)), after.filter((one) => inOld.has(one))];
  if (first.join('\n') === second.join('\n')) return [];
  const details = [`${first.join(', ')} → ${second.join(', ')}`];
  return [{ what: 'order', name: 'order of matching', change: 'changed', details, old: null, new: null }];
}

/** Of names that both policies define and use. */
function conditionChanges(old: ModelContext, now: ModelContext): readonly DeclarationChange[] {
  const texts = ({ model, host }: ModelContext) => {
    const words = { host, budgets: budgetIds(model.sentences) };
    return new Map(
      model.conditions.map((one) => [one.name, { ...one, text: conditionText(one.condition, words) }]),
    );
  };
  const before = texts(old);
  return [...texts(now).values()].flatMap((one): DeclarationChange[] => {
    const other = before.get(one.name);
    if (!other || other.text === one.text) return [];
    const details = [`${other.text} → ${one.text}`];
    return [
      {
        what: 'condition',
        name: nameKey(one.name),
        change: 'changed',
        details,
        old: other.place,
        new: one.place,
      },
    ];
  });
}
