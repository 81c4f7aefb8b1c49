import type { GuestClass, GuestTask, Matcher } from '../lang/model.js';
import { writtenName } from '../lang/words.js';
import { becauseOf } from './because.js';
import { budgetIds } from './demands/budgets.js';
import type { ModelContext } from './model-context.js';
import { type ConditionValues, guardValues } from './modes/situation.js';
import type { Plan } from './plan.js';
import { nameKey, subjectKey } from './subject-key.js';

/** What the policy declares, as the enforcer needs it. */
export function planDeclarations({
  model,
  population,
}: ModelContext): Pick<Plan, 'classes' | 'unions' | 'ignored' | 'switches' | 'signals'> {
  return {
    classes: model.classes.map(planClass),
    unions: [...population.unions].map(([name, classes]) => ({ name, classes: [...classes] })),
    ignored: model.ignores.map(({ beforeClass, matchers }) => ({
      beforeClass,
      match: plainMatchers(matchers),
    })),
    switches: model.switches.map(({ name }) => name),
    signals: model.signals.map(({ name, type }) => ({ name: writtenName(name), type })),
  };
}

function planClass(one: GuestClass): Plan['classes'][number] {
  return {
    name: nameKey(one.name),
    kind: one.kind,
    maxGuests: one.maxGuests,
    vcpus: one.vcpus,
    memoryBytes: one.memoryBytes === null ? null : Number(one.memoryBytes),
    match: one.matchers.map(plainMatchers),
    ...(one.tasks.length > 0 ? { tasks: one.tasks.map(planTask) } : {}),
  };
}

const planTask = ({ name, costNs, periodNs, deadlineNs }: GuestTask) => ({
  name,
  costNs: Number(costNs),
  periodNs: Number(periodNs),
  deadlineNs: Number(deadlineNs),
});

const plainMatchers = (all: readonly Matcher[]) =>
  all.map(({ attribute, pattern }) => ({ attribute, pattern }));

/** In file order. What `then` asks for is among the sentences of the modes in which the budget is spent. */
export function planBudgets({ model, table, population }: ModelContext): Plan['budgets'] {
  const ids = budgetIds(model.sentences);
  return model.sentences.flatMap((sentence, position) => {
    if (sentence.kind !== 'budget') return [];
    const key = subjectKey(sentence.subject);
    const guards = table.guards[position] ?? [];
    return {
      // INVARIANT: every budget has its name.
      id: ids.get(sentence.index)!,
      class: key,
      subject: population.kindOf(key),
      scope: sentence.each ? ('each' as const) : ('sum' as const),
      workNs: Number(sentence.workNs),
      per: sentence.per,
      // biome-ignore lint/suspicious/noThenProperty: a word of the language, and no function.
      then: sentence.then,
      // INVARIANT: guards refer to conditions of the table.
      while: guards.map(({ condition, expected }) => ({
        condition: table.conditions[condition]!.id,
        expected,
      })),
      because: becauseOf([sentence]),
    };
  });
}

export function planOffers(
  { model, table }: ModelContext,
  modes: readonly ConditionValues[],
): Plan['offers'] {
  const guards = modes.map(({ values }) => guardValues(table, values));
  return model.sentences.flatMap((sentence, position) => {
    if (sentence.kind !== 'offer') return [];
    return {
      name: nameKey(sentence.name),
      count: sentence.count,
      vcpus: sentence.vcpus,
      memoryBytes: sentence.memoryBytes === null ? null : Number(sentence.memoryBytes),
      modes: modes.filter((_, index) => guards[index]?.[position] === true).map(({ id }) => id),
      because: becauseOf([sentence]),
    };
  });
}
