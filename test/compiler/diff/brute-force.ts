import { calendarContains } from '../../../src/compiler/calendar/calendar-contains.js';
import { budgetIds } from '../../../src/compiler/demands/budgets.js';
import { combine } from '../../../src/compiler/demands/combine.js';
import type { Demands } from '../../../src/compiler/demands/demands.js';
import type { HostFacts } from '../../../src/compiler/facts.js';
import { Findings } from '../../../src/compiler/findings.js';
import { type ModelContext, modelContext } from '../../../src/compiler/model-context.js';
import type { ActiveSentence } from '../../../src/compiler/modes/situation.js';
import { and, not } from '../../../src/compiler/modes/truth.js';
import type { Truth } from '../../../src/compiler/plan.js';
import { truthOf } from '../../../src/compiler/scenario/truth-of.js';
import type { World } from '../../../src/compiler/scenario/world.js';
import { subjectKey } from '../../../src/compiler/subject-key.js';
import { analyse, type Sentence } from '../../../src/lang/index.js';
import { rational } from '../../../src/support/rational.js';

const CAUTIOUS: ReadonlySet<Sentence['kind']> = new Set([
  'limit',
  'run',
  'pause',
  'yield',
  'place',
  'keep',
  'budget',
]);
/** What the calendars of generated policies tell apart: a working hour, an evening, a weekend. */
const INSTANTS_MS = ['2026-01-05T10:00Z', '2026-01-05T20:00Z', '2026-01-10T12:00Z'].map((text) =>
  Date.parse(text),
);

/**
 * Subjects for which the sentences in force come to something else under some values of the conditions:
 * found by trying all of them, the switch, the process and every budget both ways, and signals low, high and
 * unknown. Without modes.
 */
export function subjectsThatDiffer(old: string, now: string, facts: HostFacts): ReadonlySet<string> {
  const [before, after] = [contextOf(old, facts), contextOf(now, facts)];
  const budgets = [
    ...new Set([before, after].flatMap(({ model }) => [...budgetIds(model.sentences).values()])),
  ];
  const differing = new Set<string>();
  const tried = new Set<string>();
  for (const values of valuesOf(budgets)) {
    const [one, other] = [before, after].map((context) => activeIn(worldOf(values, context), context));
    const key = `${keyOf(one!)} ${keyOf(other!)}`;
    if (tried.has(key)) continue;
    tried.add(key);
    const [first, second] = [demandsOf(one!, before), demandsOf(other!, after)];
    for (const subject of subjectsIn(before, after)) {
      const [a, b] = [factsOf(subject, first, one!), factsOf(subject, second, other!)];
      if (a !== b) differing.add(subject);
    }
  }
  return differing;
}

function contextOf(text: string, facts: HostFacts): ModelContext {
  const { model } = analyse({ file: 'test.vmc', text });
  if (model === null) throw new Error('the policy has errors');
  return modelContext(model, facts);
}

interface Values {
  readonly instantMs: number;
  readonly isOn: boolean;
  readonly runs: boolean;
  readonly demand: bigint | null;
  readonly price: bigint | null;
  readonly spent: ReadonlySet<string>;
}

function* valuesOf(budgets: readonly string[]): Iterable<Values> {
  const signals = [0n, 100n, null];
  for (const instantMs of INSTANTS_MS) {
    for (const isOn of [true, false]) {
      for (const runs of [true, false]) {
        for (const demand of signals) {
          for (const price of signals) {
            for (let bits = 0; bits < 2 ** budgets.length; bits++) {
              const spent = new Set(budgets.filter((_, index) => ((bits >> index) & 1) === 1));
              yield { instantMs, isOn, runs, demand, price, spent };
            }
          }
        }
      }
    }
  }
}

function worldOf(
  { instantMs, isOn, runs, demand, price, spent }: Values,
  { model, host }: ModelContext,
): World {
  const ids = budgetIds(model.sentences);
  return {
    calendar: (calendar) => calendarContains(calendar, instantMs, host.facts.timezone),
    switch: () => isOn,
    signal: () => false,
    process: () => runs,
    spent: (index) => spent.has(ids.get(index) ?? ''),
    value: ({ signal }) => {
      const value = signal === 'price' ? price : demand;
      return value === null ? 'unknown' : rational(value);
    },
  };
}

function activeIn(world: World, { model, host }: ModelContext): readonly ActiveSentence[] {
  return model.sentences.flatMap((sentence): ActiveSentence[] => {
    const value = sentence.guards.reduce<Truth>((truth, { condition, expected }) => {
      const holds = truthOf(condition, world, host);
      return and(truth, expected ? holds : not(holds));
    }, true);
    if (value === true) return [{ sentence, certain: true }];
    return value === 'unknown' && CAUTIOUS.has(sentence.kind) ? [{ sentence, certain: false }] : [];
  });
}

const keyOf = (active: readonly ActiveSentence[]): string =>
  active.map(({ sentence, certain }) => `${sentence.index}${certain}`).join();

const demandsOf = (active: readonly ActiveSentence[], context: ModelContext): Demands =>
  combine({ modeId: '', example: null, active }, { ...context, findings: new Findings() });

const subjectsIn = (...contexts: readonly ModelContext[]): readonly string[] => [
  'owner',
  'guests',
  'others',
  ...new Set(
    contexts.flatMap(({ population }) => [...population.classes.keys(), ...population.unions.keys()]),
  ),
];

/** Everything that demands hold for a subject, but for the sentences that it is from. */
function factsOf(subject: string, demands: Demands, active: readonly ActiveSentence[]): string {
  const { keep, memoryKept, shares, elastics, yields, ...tables } = demands;
  const own: unknown[] = Object.entries(tables).flatMap(([name, table]) => {
    const maps = table instanceof Map ? [table] : Object.values(table as object);
    return maps.map((map: ReadonlyMap<string, unknown>) => [name, map.get(subject) ?? null]);
  });
  const divisions = shares
    .filter(({ parts }) => parts.some(({ key }) => key === subject))
    .map(({ parts, mechanism }) => {
      // Proportions to the subject's own: what a division is whatever it is counted in.
      const whole = parts.find(({ key }) => key === subject)?.proportion ?? rational(1n);
      const relative = parts.map(({ key, proportion }) => {
        const { num, den } = rational(proportion.num * whole.den, proportion.den * whole.num);
        return `${key} ${num}/${den}`;
      });
      return [mechanism, relative.sort().join()].join();
    })
    .sort();
  const budgets = active
    .flatMap(({ sentence }) =>
      sentence.kind === 'budget' && subjectKey(sentence.subject) === subject
        ? [[sentence.workNs, sentence.per, sentence.each, sentence.then].join()]
        : [],
    )
    .sort();
  const followed = elastics.filter(({ key }) => key === subject).map(plain);
  const ofOwner = subject === 'owner' ? [keep, memoryKept] : [];
  return plain([
    yields.has(subject),
    own,
    [...new Set(divisions)],
    ofOwner,
    [...new Set(followed)].sort(),
    budgets,
  ]);
}

const plain = (value: unknown): string =>
  JSON.stringify(value, (name, part) =>
    name === 'sentences' || name === 'sentence' ? undefined : typeof part === 'bigint' ? String(part) : part,
  );
