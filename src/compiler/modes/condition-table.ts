import type { Condition, Sentence, SignalSubject, Threshold } from '../../lang/model.js';
import { toNumber } from '../../support/rational.js';
import { budgetIds } from '../demands/budgets.js';
import type { EffectiveHost } from '../effective-host.js';
import type { Atom, Calendar, Expression, PlanCondition } from '../plan.js';
import {
  type ConditionWords,
  calendarText,
  comparisonText,
  conditionText,
  processText,
  sensorValue,
  spentText,
} from './condition-text.js';

/** The conditions that guard sentences, each once, and the atoms that they are made of, each once. */
export interface ConditionTable {
  readonly atoms: readonly Atom[];
  readonly conditions: readonly PlanCondition[];
  /** For each sentence (by position in the list given) the conditions that guard it, by index. */
  readonly guards: readonly (readonly GuardReference[])[];
}

export interface GuardReference {
  readonly condition: number;
  readonly expected: boolean;
}

/** Conditions are the same when their expressions are; a `let` gives its name to the one that it stands for. */
export function tabulateConditions(sentences: readonly Sentence[], host: EffectiveHost): ConditionTable {
  const words: ConditionWords = { host, budgets: budgetIds(sentences) };
  const atoms = new Map<string, Atom>();
  const conditions: PlanCondition[] = [];
  const indexByExpression = new Map<string, number>();
  const indexByCondition = new Map<Condition, number>();

  const indexOf = (condition: Condition): number => {
    const known = indexByCondition.get(condition);
    if (known !== undefined) return known;
    const expression = expressionOf(condition, atoms, words);
    const key = JSON.stringify(expression);
    const index = indexByExpression.get(key) ?? conditions.length;
    const id = conditionText(condition, words);
    const present = conditions[index];
    if (!present || (condition.kind === 'named' && present.id === present.text)) {
      const unnamed = condition.kind === 'named' ? condition.condition : condition;
      conditions[index] = { id, text: conditionText(unnamed, words), expression };
    }
    indexByExpression.set(key, index);
    indexByCondition.set(condition, index);
    return index;
  };

  const guards = sentences.map((sentence) =>
    sentence.guards.map(({ condition, expected }) => ({ condition: indexOf(condition), expected })),
  );
  return { atoms: [...atoms.values()], conditions, guards };
}

function expressionOf(condition: Condition, atoms: Map<string, Atom>, words: ConditionWords): Expression {
  switch (condition.kind) {
    case 'constant':
      return { op: 'constant', value: condition.value };
    case 'and':
    case 'or':
      return {
        op: condition.kind,
        left: expressionOf(condition.left, atoms, words),
        right: expressionOf(condition.right, atoms, words),
      };
    case 'not':
      return { op: 'not', operand: expressionOf(condition.operand, atoms, words) };
    case 'assuming':
      return {
        op: 'assuming',
        operand: expressionOf(condition.operand, atoms, words),
        value: condition.value,
      };
    case 'named':
      return expressionOf(condition.condition, atoms, words);
    case 'calendar':
    case 'switch':
    case 'signal':
    case 'process':
    case 'spent':
    case 'comparison': {
      const atom = atomOf(condition, words);
      if (!atoms.has(atom.id)) atoms.set(atom.id, atom);
      return { op: 'atom', atom: atom.id };
    }
  }
}

type AtomCondition = Extract<
  Condition,
  { kind: 'calendar' | 'switch' | 'signal' | 'process' | 'spent' | 'comparison' }
>;

/** Equal atoms get equal ids: the canonical text, with its kind where two kinds could read alike. */
function atomOf(condition: AtomCondition, words: ConditionWords): Atom {
  switch (condition.kind) {
    case 'calendar':
      return {
        id: calendarText(condition.calendar),
        kind: 'calendar',
        calendar: structuredCalendar(condition.calendar),
      };
    case 'switch':
      return { id: `switch ${condition.name}`, kind: 'switch', name: condition.name };
    case 'signal':
      return { id: condition.signal, kind: 'signal', signal: condition.signal };
    case 'process':
      return { id: processText(condition.pattern), kind: 'process', pattern: condition.pattern };
    case 'spent':
      return {
        id: spentText(condition.budget, words),
        kind: 'budget',
        // INVARIANT: checked when the id was made.
        budget: words.budgets.get(condition.budget)!,
      };
    case 'comparison': {
      const { subject } = condition;
      return {
        id: comparisonText(condition, words.host),
        kind: 'comparison',
        subject: planSubject(subject),
        start: plainThreshold(condition.start, words.host),
        until: condition.until === null ? null : plainThreshold(condition.until, words.host),
      };
    }
  }
}

/** A signal, or the forecast of one, as the plan writes it. */
export function planSubject(subject: SignalSubject): Extract<Atom, { kind: 'comparison' }>['subject'] {
  if (subject.kind === 'signal') return { kind: 'signal', signal: subject.signal };
  const { signal, overNs, side, level } = subject;
  return { kind: 'forecast', signal, overNs: Number(overNs), side, level: toNumber(level) };
}

function plainThreshold({ operator, quantity, forNs }: Threshold, host: EffectiveHost) {
  return { operator, value: toNumber(sensorValue(quantity, host)), forNs: Number(forNs) };
}

function structuredCalendar(calendar: Extract<Condition, { kind: 'calendar' }>['calendar']): Calendar {
  switch (calendar.kind) {
    case 'days':
      return {
        kind: 'days',
        weekdays: [...calendar.weekdays],
        windows: calendar.windows.map(({ startMinute, endMinute }) => ({ startMinute, endMinute })),
      };
    case 'dates':
      return {
        kind: 'dates',
        ranges: calendar.ranges.map(({ first, last }) => ({ first, last })),
        windows: calendar.windows.map(({ startMinute, endMinute }) => ({ startMinute, endMinute })),
      };
    case 'except':
      return {
        kind: 'except',
        base: structuredCalendar(calendar.base),
        removed: structuredCalendar(calendar.removed),
      };
  }
}
