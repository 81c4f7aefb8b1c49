import { calendarCases } from '../calendar/calendar-cases.js';
import { formatInstant } from '../calendar/zone.js';
import type { Atom, Truth } from '../plan.js';
import { ResidualStore } from '../reservations/residual.js';
import type { ConditionTable } from './condition-table.js';

/** A combination of condition values that can occur. */
export interface ReachableMode {
  /** By index of the condition. */
  readonly values: readonly Truth[];
  /** RFC 9557; null where no calendar plays a part. */
  readonly example: string | null;
}

export type ModesResult =
  | { readonly ok: true; readonly modes: readonly ReachableMode[] }
  | { readonly ok: false };

export const MOST_MODES = 4096;
/** Half-evaluated combinations kept at a time: more than this many would be minutes of work. */
const MOST_STATES = 32_768;
/** Residuals in all of them: what thousands of conditions leave would otherwise be gigabytes. */
const MOST_RESIDUALS = 8_388_608;
/** Residuals worked out in all. */
const MOST_WORK = 1_000_000_000;

interface State {
  readonly residuals: readonly number[];
  readonly instantMs: number | null;
}

/** What an atom can be besides false and true: language reference, "Conditions". */
export type AtomRange = (atom: Atom) => readonly Truth[];

/**
 * Every reachable vector of condition values: calendars first, exactly, then one free atom after the other, keeping
 * only what differs in what is left to evaluate. In lexicographic order, true before false before unknown.
 */
export function reachableModes(table: ConditionTable, zone: string, rangeOf: AtomRange): ModesResult {
  const store = new ResidualStore();
  const start = table.conditions.map(({ expression }) => store.add(expression));
  const free = table.atoms.filter(({ kind }) => kind !== 'calendar');
  const most = Math.min(MOST_STATES, Math.floor(MOST_RESIDUALS / Math.max(start.length, 1)));
  let states = calendarStates(table, withFixed(start, free, rangeOf, store), store, zone);
  let work = 0;
  for (const atom of free) {
    const range = rangeOf(atom);
    if (range.length === 1) continue;
    work += states.length * range.length * start.length;
    const next = work > MOST_WORK ? null : split(states, atom.id, range, store, most);
    if (next === null) return { ok: false };
    states = next;
  }
  if (states.length > MOST_MODES) return { ok: false };
  const modes = states.map(({ residuals, instantMs }) => ({
    values: residuals.map((id) => store.constantOf(id) ?? 'unknown'),
    example: instantMs === null ? null : formatInstant(zone, instantMs),
  }));
  return { ok: true, modes: modes.sort((a, b) => compareVectors(a.values, b.values)) };
}

function calendarStates(
  table: ConditionTable,
  start: readonly number[],
  store: ResidualStore,
  zone: string,
): readonly State[] {
  const calendars = table.atoms.filter((atom) => atom.kind === 'calendar');
  if (calendars.length === 0) return [{ residuals: start, instantMs: null }];
  const cases = calendarCases(
    calendars.map(({ calendar }) => calendar),
    zone,
  );
  return distinct(
    cases.map(({ values, instantMs }) => {
      // INVARIANT: one value for each calendar.
      const known = new Map(calendars.map(({ id }, index) => [id, values[index]!]));
      const memo = new Map<number, number>();
      return { instantMs, residuals: start.map((residual) => store.substitute(residual, known, memo)) };
    }),
  );
}

/** What is left when every atom that can have one value only has it. */
function withFixed(
  start: readonly number[],
  free: readonly Atom[],
  rangeOf: AtomRange,
  store: ResidualStore,
): readonly number[] {
  const values = new Map(
    free.flatMap((atom) => {
      const [value, another] = rangeOf(atom);
      return value !== undefined && another === undefined ? [[atom.id, value] as const] : [];
    }),
  );
  const memo = new Map<number, number>();
  return start.map((residual) => store.substitute(residual, values, memo));
}

/** Null where there are more than `most`. */
function split(
  states: readonly State[],
  atom: string,
  range: readonly Truth[],
  store: ResidualStore,
  most: number,
): readonly State[] | null {
  const choices = range.map((value) => ({
    values: new Map([[atom, value]]),
    memo: new Map<number, number>(),
  }));
  const kinds = new Map<string, State>();
  for (const { residuals, instantMs } of states) {
    for (const { values, memo } of choices) {
      addFirst(
        { instantMs, residuals: residuals.map((residual) => store.substitute(residual, values, memo)) },
        kinds,
      );
      if (kinds.size > most) return null;
    }
  }
  return [...kinds.values()];
}

function distinct(states: readonly State[]): readonly State[] {
  const kinds = new Map<string, State>();
  for (const state of states) addFirst(state, kinds);
  return [...kinds.values()];
}

/** The first of each kind: states come in order of time, so an example is the earliest known instant. */
function addFirst(state: State, kinds: Map<string, State>): void {
  const key = state.residuals.join(' ');
  if (!kinds.has(key)) kinds.set(key, state);
}

function compareVectors(a: readonly Truth[], b: readonly Truth[]): number {
  const rank = (value: Truth | undefined) => (value === true ? 0 : value === false ? 1 : 2);
  for (let index = 0; index < a.length; index++) {
    const difference = rank(a[index]) - rank(b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}
