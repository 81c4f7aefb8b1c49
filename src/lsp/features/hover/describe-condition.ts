import type {
  CalendarAtom,
  ComparisonSubject,
  Condition,
  DayItem,
  Quantity,
  SignalReference,
  Threshold,
  Window,
} from '../../../lang/tree.js';
import { writtenName } from '../../../lang/words.js';

/** What a condition means, in a sentence's middle: "Monday to Friday, 09:00 to 17:00, but not on 2026-12-24". */
export function describeCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.operands.map(describeOperand).join(condition.kind === 'and' ? ', and ' : ', or ');
    case 'not':
      return `not (${describeCondition(condition.operand)})`;
    case 'assuming':
      return `${describeCondition(condition.operand)}; while that is unknown it counts as ${condition.value}`;
    case 'except':
      return `${describeOperand(condition.base)}, but not ${condition.removed.map(describeOperand).join(' nor ')}`;
    case 'days':
    case 'dates':
      return describeCalendar(condition);
    case 'reference':
      return code(signalText(condition.signal));
    case 'comparison':
      return describeComparison(condition.subject, condition.start, condition.until);
    case 'process':
      return `a process ${code(condition.pattern.text)} runs that is no guest`;
    case 'damaged':
      return 'something that cannot be read';
  }
}

function describeOperand(condition: Condition): string {
  const isLoose = condition.kind === 'and' || condition.kind === 'or' || condition.kind === 'assuming';
  return isLoose ? `(${describeCondition(condition)})` : describeCondition(condition);
}

function describeComparison(subject: ComparisonSubject, start: Threshold, until: Threshold | null): string {
  const end = until === null ? '' : `; then until it is ${describeThreshold(until)}`;
  return `${describeSubject(subject)} is ${describeThreshold(start)}${end}`;
}

const OPERATORS = { '<': 'under', '<=': 'at most', '>': 'over', '>=': 'at least' } as const;

function describeThreshold({ operator, quantity, for: hold }: Threshold): string {
  const held = hold === null ? '' : ` for ${quantityText(hold)} without a break`;
  return `${OPERATORS[operator]} ${quantityText(quantity)}${held}`;
}

function describeSubject(subject: ComparisonSubject): string {
  if (subject.kind === 'signal') return code(signalText(subject.signal));
  const { side, level, signal, over } = subject;
  return `the ${side} ${quantityText(level)} limit of the forecast of ${code(signalText(signal))}, averaged over ${quantityText(over)},`;
}

export function signalText({ head, path }: SignalReference): string {
  return [head.kind === 'named' ? writtenName(head.name.text) : head.kind, ...path].join('.');
}

const DAYS: Readonly<Record<string, string>> = {
  daily: 'every day',
  weekdays: 'Monday to Friday',
  weekends: 'Saturday and Sunday',
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

function describeCalendar(calendar: CalendarAtom): string {
  const items = calendar.kind === 'days' ? calendar.days : calendar.ranges;
  const days = joined(items.map(describeRange));
  const windows = calendar.windows.map(describeWindow);
  return windows.length === 0 ? days : `${days}, ${joined(windows)}`;
}

function describeRange({ first, last }: DayItem): string {
  const [from, to] = [DAYS[first] ?? first, DAYS[last] ?? last];
  return first === last ? from : `${from} to ${to}`;
}

const describeWindow = ({ start, end }: Window): string =>
  `${start} to ${end}${end <= start ? ' of the next day' : ''}`;

/** "a, b and c". */
function joined(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

/** As the language lays them out: times and percentages touch their number. */
export function quantityText({ number, unit }: Quantity): string {
  const isApart = unit !== '' && !unit.startsWith('%') && !/^(?:[num]?s|min|h|d)$/.test(unit);
  return `${number}${isApart ? ' ' : ''}${unit}`;
}

const code = (text: string): string => `\`${text}\``;
