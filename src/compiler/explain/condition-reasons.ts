import type { Condition, Given, PolicyTest, Threshold } from '../../lang/model.js';
import { formatDuration } from '../../support/duration.js';
import {
  compare,
  formatRational,
  multiply,
  type Rational,
  rational,
  toNumber,
} from '../../support/rational.js';
import type { EffectiveHost } from '../effective-host.js';
import { calendarText, sensorValue } from '../modes/condition-text.js';
import type { Truth } from '../plan.js';
import { joinWords, sizeText } from '../render/render-text.js';
import { partsOf } from '../scenario/explain-condition.js';
import { truthOf } from '../scenario/truth-of.js';
import type { SignalValue, World } from '../scenario/world.js';

/** A condition of the policy in a given situation. */
export interface ConditionReason {
  /** Its name, else its text. */
  readonly condition: string;
  /** Null: it depends on the time, which is not given. */
  readonly value: Truth | null;
  readonly why: string;
}

/** What the situation is given, and how things are said in it. */
export interface GivenSituation {
  readonly test: PolicyTest;
  /** "2026-11-23 10:00"; null: at any time. */
  readonly clock: string | null;
  readonly host: EffectiveHost;
  readonly textOf: (condition: Condition) => string;
}

type Comparison = Extract<Condition, { kind: 'comparison' }>;

/** Each of some conditions, and each name in them, with what it comes to in every world, and why. */
export function conditionReasons(
  conditions: readonly Condition[],
  worlds: readonly World[],
  situation: GivenSituation,
): readonly ConditionReason[] {
  const rows = new Map<string, ConditionReason>();
  const visit = (condition: Condition): void => {
    const text = situation.textOf(condition);
    if (rows.has(text)) return;
    rows.set(text, reasonFor(condition, worlds, situation));
    const inner = condition.kind === 'named' ? condition.condition : condition;
    for (const part of partsOf(inner)) if (part.kind === 'named') visit(part);
  };
  for (const condition of conditions) visit(condition);
  return [...rows.values()];
}

function reasonFor(
  condition: Condition,
  worlds: readonly World[],
  situation: GivenSituation,
): ConditionReason {
  const { host, textOf } = situation;
  const values = new Set(worlds.map((world) => truthOf(condition, world, host)));
  const [first] = worlds;
  const [value] = values;
  const text = textOf(condition);
  if (values.size !== 1 || value === undefined || first === undefined) {
    return { condition: text, value: null, why: 'it depends on the time, which is not given' };
  }
  const inner = condition.kind === 'named' ? condition.condition : condition;
  const parts = partsOf(inner);
  const named = parts.map((part) =>
    part.kind === 'named'
      ? `${textOf(part)} is ${truthOf(part, first, host)}`
      : atomText(part, first, situation),
  );
  const doubt = inner.kind === 'assuming' && truthOf(inner.operand, first, host) === 'unknown';
  const assumed = doubt ? [`what is unknown is assumed to be ${inner.value}`] : [];
  return { condition: text, value, why: joinWords([...new Set([...named, ...assumed])]) };
}

function atomText(condition: Condition, world: World, situation: GivenSituation): string {
  const { clock, test } = situation;
  switch (condition.kind) {
    case 'calendar': {
      const is = world.calendar(condition.calendar) === true ? 'is' : 'is not';
      return `${clock ?? 'the time'} ${is} in ${calendarText(condition.calendar)}`;
    }
    case 'switch':
      return `the switch ${condition.name} is ${world.switch(condition.name) ? 'on' : 'off'}${quiet(
        test.given.some((one) => one.kind === 'switch' && one.name === condition.name),
      )}`;
    case 'signal':
      return `${condition.signal} is ${world.signal(condition.signal)}${quiet(speaksOf(condition.signal, test))}`;
    case 'process': {
      const runs = world.process(condition.pattern);
      return `${runs ? 'a' : 'no'} process ${JSON.stringify(condition.pattern)} runs`;
    }
    case 'spent':
      return `the budget is ${world.spent(condition.budget) ? '' : 'not '}used up`;
    case 'comparison':
      return comparisonText(condition, world, situation);
    default:
      return situation.textOf(condition);
  }
}

/** What nobody says is quiet. */
const quiet = (given: boolean): string => (given ? '' : ' (not given)');

const speaksOf = (signal: string, { given }: PolicyTest): boolean =>
  given.some(
    (one: Given) =>
      (one.kind === 'signal' && one.signal === signal) ||
      ((one.kind === 'value' || one.kind === 'unknown') && one.subject.signal === signal) ||
      (one.kind === 'guests' && /\.(?:count|running)$/.test(signal)),
  );

/** "owner.demand is 80%, which is > 60%". */
function comparisonText(condition: Comparison, world: World, situation: GivenSituation): string {
  const { subject, start, until } = condition;
  const value = world.value(subject);
  const isGiven =
    subject.kind === 'signal'
      ? speaksOf(subject.signal, situation.test)
      : situation.test.given.some((one) => one.kind === 'value' && one.subject.kind === 'forecast');
  const signal = subject.kind === 'signal' ? subject.signal : `the forecast of ${subject.signal}`;
  if (value === 'unknown') return `${signal} is unknown`;
  const isMet = truthOf({ ...condition, until: null }, world, situation.host) === true;
  const shown = `${signal} is ${valueText(value, start)}${quiet(isGiven)}`;
  const threshold = `${start.operator} ${valueText(sensorValue(start.quantity, situation.host), start)}`;
  const between = !isMet && until !== null && value !== 'large' && !reaches(value, until, situation.host);
  const still = between ? ': between its two thresholds, where it does not hold unless it did before' : '';
  return `${shown}, which is ${isMet ? '' : 'not '}${threshold}${still}`;
}

function reaches(value: Rational, { operator, quantity }: Threshold, host: EffectiveHost): boolean {
  const order = compare(value, sensorValue(quantity, host));
  return operator.startsWith('<')
    ? order < 0 || (order === 0 && operator === '<=')
    : order > 0 || (order === 0 && operator === '>=');
}

const NS_PER_S = rational(1_000_000_000n);

/** In the unit of the threshold that it is held against. */
function valueText(value: SignalValue, { quantity }: Threshold): string {
  if (value === 'large' || value === 'unknown') return value;
  switch (quantity.kind) {
    case 'cores':
    case 'host-fraction':
    case 'percent':
      return `${formatRational(value)}%`;
    case 'time': {
      const ns = multiply(value, NS_PER_S);
      return formatDuration(ns.num / ns.den);
    }
    case 'size':
    case 'memory-fraction':
      return sizeText(value);
    case 'rate':
      return `${toNumber(value)} B/s`;
    case 'temperature':
      return `${formatRational(value)} C`;
    case 'number':
      return formatRational(value);
  }
}
