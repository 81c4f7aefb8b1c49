import { formatDuration } from '../../support/duration.js';
import type { Atom, Calendar, Plan, SettingOf } from '../plan.js';
import { calendarName } from './calendar-names.js';

type Subject = NonNullable<SettingOf<'quota'>['elastic']>['minus'];
type Threshold = Extract<Atom, { kind: 'comparison' }>['start'];

/** An atom is called what it is, number by number. */
export const atomNameProblems = ({ atoms }: Plan): readonly string[] =>
  atoms.filter((atom) => !isCalled(atom)).map(({ id }) => `atom ${id} is not what it is called`);

function isCalled(atom: Atom): boolean {
  switch (atom.kind) {
    case 'calendar':
      return atom.id === calendarName(atom.calendar as Calendar);
    case 'switch':
      return atom.id === `switch ${atom.name}`;
    case 'signal':
      return atom.id === atom.signal;
    case 'process':
      return atom.id === `process "${atom.pattern.replace(/["\\]/g, '\\$&')}" running`;
    case 'budget':
      return atom.id === `budget ${atom.budget} spent`;
    case 'comparison': {
      const [, first = '', second] = /^(.*? (?:<=?|>=?) .*?)(?: until (.*))?$/.exec(atom.id) ?? [];
      const [, subject = '', start = ''] = /^(.*?) ((?:<=?|>=?) .*)$/.exec(first) ?? [];
      const isUntil =
        atom.until === null ? second === undefined : second !== undefined && isThreshold(second, atom.until);
      return isSubject(subject, atom.subject) && isThreshold(start, atom.start) && isUntil;
    }
  }
}

/** "owner.demand", "forecast(owner.demand over 30s at lower 5%)". */
function isSubject(text: string, subject: Subject): boolean {
  if (subject.kind === 'signal') return text === subject.signal;
  const head = `forecast(${subject.signal} over ${formatDuration(subject.overNs)} at ${subject.side === 'lower' ? 'lower ' : ''}`;
  const level = /^(.*)%\)$/.exec(text.slice(head.length))?.[1] ?? '';
  return text.startsWith(head) && isNear(quotient(level), subject.level * 100);
}

/** "> 50% for 10s". */
function isThreshold(text: string, { operator, value, forNs }: Threshold): boolean {
  const [, sign, quantity = '', held = '0s'] = /^(\S+) (\S+)(?: for (\S+))?$/.exec(text) ?? [];
  return sign === operator && isQuantity(quantity, value) && held === formatDuration(forNs);
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['%', 1],
  ['MiB', 1_048_576],
  ['B', 1],
  ['B/s', 1],
  ['C', 1],
]);

/** In the unit in which sensors report: "50%", "12MiB", "10min". */
function isQuantity(text: string, value: number): boolean {
  const [, amount, unit = ''] = /^(-?[\d.]+(?:\/\d+)?)(\D.*)?$/.exec(text) ?? [];
  const factor = UNITS.get(unit);
  if (amount === undefined) return false;
  if (factor !== undefined) return isNear(quotient(amount) * factor, value);
  return text === formatDuration(BigInt(Math.round(value * 1e9)));
}

/** "2.5" or "1/3". */
function quotient(text: string): number {
  const [num = '', den = '1'] = text.split('/');
  return Number(num) / Number(den);
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-12 * Math.abs(b);
