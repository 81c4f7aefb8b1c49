import type {
  Calendar,
  ClockWindow,
  Condition,
  Quantity,
  SignalSubject,
  Threshold,
} from '../../lang/model.js';
import { formatDuration } from '../../support/duration.js';
import { invariant } from '../../support/invariant.js';
import { formatRational, multiply, type Rational, rational } from '../../support/rational.js';
import { type EffectiveHost, wholeHost } from '../effective-host.js';

/*
 * One canonical text for each condition: equal conditions read alike however they were written, so the text can
 * name them in plans and messages.
 */

const HUNDRED = rational(100n);
const MIB = rational(1n, 1_048_576n);

/** How tightly each operator binds; an operand that binds less is put in parentheses. */
const BINDING = { assuming: 0, or: 1, and: 2, not: 3, atom: 4 } as const;

/** What the text of a condition depends on besides the condition. */
export interface ConditionWords {
  readonly host: EffectiveHost;
  /** Names of the budgets, by index of their sentence. */
  readonly budgets: ReadonlyMap<number, string>;
}

export function conditionText(condition: Condition, words: ConditionWords): string {
  return text(condition, words, BINDING.assuming);
}

function text(condition: Condition, words: ConditionWords, least: number): string {
  const inParentheses = (binding: number, inner: string) => (binding < least ? `(${inner})` : inner);
  switch (condition.kind) {
    case 'constant':
      return String(condition.value);
    case 'and':
    case 'or': {
      const own = BINDING[condition.kind];
      const left = text(condition.left, words, own);
      return inParentheses(own, `${left} ${condition.kind} ${text(condition.right, words, own + 1)}`);
    }
    case 'not':
      return inParentheses(BINDING.not, `not ${text(condition.operand, words, BINDING.not)}`);
    case 'assuming': {
      const operand = text(condition.operand, words, BINDING.or);
      return inParentheses(BINDING.assuming, `${operand} assuming ${condition.value}`);
    }
    case 'named':
      return nameText(condition.name);
    case 'calendar':
      return inParentheses(
        condition.calendar.kind === 'except' ? BINDING.not : BINDING.atom,
        calendarText(condition.calendar),
      );
    case 'switch':
      return nameText(condition.name);
    case 'signal':
      return condition.signal;
    case 'process':
      return processText(condition.pattern);
    case 'spent':
      return spentText(condition.budget, words);
    case 'comparison':
      return comparisonText(condition, words.host);
  }
}

export const processText = (pattern: string): string => `process ${quoted(pattern)} running`;

export function spentText(budget: number, { budgets }: ConditionWords): string {
  const name = budgets.get(budget);
  invariant(name !== undefined, `sentence ${budget} is no budget`);
  return `budget ${name} spent`;
}

/** A string as the language writes it: `\"` and `\\` are its only escapes. */
const quoted = (content: string): string => `"${content.replace(/["\\]/g, '\\$&')}"`;

const nameText = (name: string): string =>
  /^[A-Za-z][A-Za-z0-9_-]*$/.test(name) ? name : JSON.stringify(name);

export function comparisonText(
  { subject, start, until }: Extract<Condition, { kind: 'comparison' }>,
  host: EffectiveHost,
): string {
  const first = `${subjectText(subject)} ${thresholdText(start, host)}`;
  return until === null ? first : `${first} until ${thresholdText(until, host)}`;
}

/** "owner.demand", "forecast(owner.demand over 30s at 95%)". */
export function subjectText(subject: SignalSubject): string {
  if (subject.kind === 'signal') return subject.signal;
  const side = subject.side === 'upper' ? '' : 'lower ';
  const level = formatRational(multiply(subject.level, HUNDRED));
  return `forecast(${subject.signal} over ${formatDuration(subject.overNs)} at ${side}${level}%)`;
}

function thresholdText({ operator, quantity, forNs }: Threshold, host: EffectiveHost): string {
  const held = forNs === 0n ? '' : ` for ${formatDuration(forNs)}`;
  return `${operator} ${quantityText(quantity, host)}${held}`;
}

function quantityText(quantity: Quantity, host: EffectiveHost): string {
  const value = formatRational(sensorValue(quantity, host));
  switch (quantity.kind) {
    case 'cores':
    case 'host-fraction':
    case 'percent':
      return `${value}%`;
    case 'time':
      return formatDuration(quantity.ns);
    case 'size':
    case 'memory-fraction': {
      const mebibytes = multiply(sensorValue(quantity, host), MIB);
      return mebibytes.den === 1n ? `${mebibytes.num}MiB` : `${value}B`;
    }
    case 'rate':
      return `${value}B/s`;
    case 'temperature':
      return `${value}C`;
    case 'number':
      return value;
  }
}

/**
 * A threshold in the unit in which sensors report: percent of all CPUs or of the signal's own whole, seconds, bytes,
 * bytes per second, degrees Celsius, or a bare number.
 */
export function sensorValue(quantity: Quantity, host: EffectiveHost): Rational {
  switch (quantity.kind) {
    case 'cores':
      return multiply(quantity.cores, rational(100n, wholeHost(host).num));
    case 'host-fraction':
      return multiply(quantity.fraction, HUNDRED);
    case 'percent':
      return quantity.percent;
    case 'time':
      return rational(quantity.ns, 1_000_000_000n);
    case 'size':
      return quantity.bytes;
    case 'memory-fraction':
      return multiply(quantity.fraction, rational(BigInt(host.facts.memoryBytes)));
    case 'rate':
      return quantity.bytesPerSecond;
    case 'temperature':
      return quantity.celsius;
    case 'number':
      return quantity.value;
  }
}

export function calendarText(calendar: Calendar): string {
  switch (calendar.kind) {
    case 'days':
      return [weekdaysText(calendar.weekdays), windowsText(calendar.windows)].filter(Boolean).join(' ');
    case 'dates': {
      const ranges = calendar.ranges.map(({ first, last }) => (first === last ? first : `${first}..${last}`));
      return [ranges.join(', '), windowsText(calendar.windows)].filter(Boolean).join(' ');
    }
    case 'except': {
      const removed = calendarText(calendar.removed);
      return `${calendarText(calendar.base)} except ${calendar.removed.kind === 'except' ? `(${removed})` : removed}`;
    }
  }
}

function weekdaysText(days: readonly string[]): string {
  const listed = days.join(',');
  const groups: Record<string, string> = {
    'mon,tue,wed,thu,fri,sat,sun': 'daily',
    'mon,tue,wed,thu,fri': 'weekdays',
    'sat,sun': 'weekends',
  };
  return groups[listed] ?? listed;
}

const windowsText = (windows: readonly ClockWindow[]): string =>
  windows.map(({ startMinute, endMinute }) => `${clock(startMinute)}-${clock(endMinute)}`).join(', ');

function clock(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
