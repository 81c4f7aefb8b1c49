import { calendarCases } from './calendar-cases.js';
import type { ConditionTable } from './condition-table.js';
import type { Atom, Truth } from './plan.js';
import { ResidualStore } from './residual.js';
import { formatInstant } from './zone.js';

/** A combination of condition values that can occur. */
export interface ReachableMode {
  /** By index of the condition. */
  readonly values: readonly Truth[];
  /** RFC 9557; null where no calendar plays a part. */
  readonly example: string | null;
}

export type ModesResult =
  | { readonly ok: true; readonly modes: readonly ReachableMode[] }
  | { readonly ok: false; readonly atLeast: number };

export const MOST_MODES = 4096;
/** Half-evaluated combinations kept at a time: more than this many would be minutes of work. */
const MOST_STATES = 32_768;

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
  let states = calendarStates(table, start, store, zone);
  for (const atom of table.atoms) {
    if (atom.kind === 'calendar') continue;
    states = split(states, atom.id, rangeOf(atom), store);
    if (states.length > MOST_STATES) return { ok: false, atLeast: states.length };
  }
  if (states.length > MOST_MODES) return { ok: false, atLeast: states.length };
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

function split(
  states: readonly State[],
  atom: string,
  range: readonly Truth[],
  store: ResidualStore,
): readonly State[] {
  const choices = range.map((value) => ({
    values: new Map([[atom, value]]),
    memo: new Map<number, number>(),
  }));
  return distinct(
    states.flatMap(({ residuals, instantMs }) =>
      choices.map(({ values, memo }) => ({
        instantMs,
        residuals: residuals.map((residual) => store.substitute(residual, values, memo)),
      })),
    ),
  );
}

/** The first of each kind: states come in order of time, so an example is the earliest known instant. */
function distinct(states: readonly State[]): readonly State[] {
  const first = new Map<string, State>();
  for (const state of states) {
    const key = state.residuals.join(' ');
    if (!first.has(key)) first.set(key, state);
  }
  return [...first.values()];
}

function compareVectors(a: readonly Truth[], b: readonly Truth[]): number {
  const rank = (value: Truth | undefined) => (value === true ? 0 : value === false ? 1 : 2);
  for (let index = 0; index < a.length; index++) {
    const difference = rank(a[index]) - rank(b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}
