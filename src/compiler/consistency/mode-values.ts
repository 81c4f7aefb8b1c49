import type { Atom, Calendar, Mode, Plan, Truth } from '../plan.js';
import { unless } from '../verify/host.js';
import { isIn, type LocalTime, localTime } from './local-time.js';
import { truthOf } from './truth.js';

/** Combinations of what atoms can be, times conditions: beyond this they are not gone through. */
const MOST_WORK = 200_000;

type Values = ReadonlyMap<string, Truth>;

/** A mode can occur, at the time of its example; and of those that can occur at such times none is missing. */
export function modeValueProblems(plan: Plan): readonly string[] {
  const { modes, conditions, atoms } = plan;
  const calendars = atoms.flatMap((atom) => (atom.kind === 'calendar' ? [atom] : []));
  const cases = modes.map((mode) => calendarValues(mode, calendars, plan.host.timezone));
  const timed = unless(
    cases.every((one) => one !== null),
    'a mode has no time at which it can occur, or one where none is needed',
  );
  const free = atoms.filter(({ kind }) => kind !== 'calendar');
  const distinct = new Map(cases.flatMap((one) => (one ? [[JSON.stringify([...one]), one] as const] : [])));
  const work = 3 ** free.length * Math.max(conditions.length, 1) * distinct.size;
  if (timed.length > 0 || work > MOST_WORK) return timed;
  const vectorsOf = (values: Values) =>
    conditions.map(({ expression }) => String(truthOf(expression, values))).join();
  const given = modes.map(({ when }) => conditions.map(({ id }) => String(when[id])).join());
  const known = new Set(given);
  const possible = new Map<string, ReadonlySet<string>>();
  let isWhole = true;
  for (const [key, values] of distinct) {
    possible.set(key, new Set(combinations(free, anyOf, values).map(vectorsOf)));
    isWhole &&= combinations(free, certainOf(plan), values).every((one) => known.has(vectorsOf(one)));
  }
  const impossible = modes.filter(
    (_, index) => !possible.get(JSON.stringify([...(cases[index] ?? [])]))?.has(given[index] ?? ''),
  );
  return [
    ...impossible.map(({ id }) => `mode "${id}" can never be`),
    ...unless(isWhole, 'a mode that can be is missing'),
  ];
}

/** Of the calendars at the time of a mode's example; null: it has none, or needs none. */
function calendarValues(
  { example }: Mode,
  calendars: readonly Extract<Atom, { kind: 'calendar' }>[],
  zone: string,
): Values | null {
  if (calendars.length === 0) return example === null ? new Map() : null;
  const at: LocalTime | null = example === null ? null : localTime(example, zone);
  return at && new Map(calendars.map(({ id, calendar }) => [id, isIn(calendar as Calendar, at)] as const));
}

/** All values of some atoms, with those that are fixed. */
function combinations(
  atoms: readonly Atom[],
  rangeOf: (atom: Atom) => readonly Truth[],
  fixed: Values,
): readonly Values[] {
  return atoms.reduce<readonly Values[]>(
    (all, atom) => all.flatMap((one) => rangeOf(atom).map((value) => new Map([...one, [atom.id, value]]))),
    [fixed],
  );
}

/** What an atom may be on whichever host: a signal can be lost, or never known. */
const anyOf = (atom: Atom): readonly Truth[] =>
  signalOf(atom) === null ? [true, false] : [true, false, 'unknown'];

/** What it can be for certain: whether a signal that no sensor has is known at all depends on what it is about. */
function certainOf({ signals, host }: Plan): (atom: Atom) => readonly Truth[] {
  const sensed = new Set([...signals.map(({ name }) => name), ...host.sensors]);
  return (atom) => {
    const signal = signalOf(atom);
    return signal === null || sensed.has(signal) ? anyOf(atom) : ['unknown'];
  };
}

function signalOf(atom: Atom): string | null {
  if (atom.kind === 'signal') return atom.signal;
  return atom.kind === 'comparison' ? atom.subject.signal : null;
}
