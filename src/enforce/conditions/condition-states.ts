import { evaluate } from '../../compiler/modes/truth.js';
import type { Expression, Mode, Plan, Truth } from '../../compiler/plan.js';
import type { Cause } from '../status.js';
import { type AtomInputs, type AtomState, type Instant, stepAtom } from './atom.js';
import { atomText } from './atom-text.js';

/** Every atom and condition of a plan at one instant. */
export interface ConditionStates {
  readonly atoms: ReadonlyMap<string, AtomState>;
  readonly conditions: ReadonlyMap<string, { readonly value: Truth; readonly since: Instant }>;
}

export const NO_CONDITIONS: ConditionStates = { atoms: new Map(), conditions: new Map() };

/** Steps every atom, then evaluates every condition over them (Kleene). Pure in everything but the signal source. */
export function stepConditions(plan: Plan, previous: ConditionStates, inputs: AtomInputs): ConditionStates {
  const atoms = new Map(
    plan.atoms.map((atom) => [atom.id, stepAtom(previous.atoms.get(atom.id) ?? null, atom, inputs)]),
  );
  const conditions = plan.conditions.map((condition) => {
    const value = evaluate(condition.expression, (atom) => atoms.get(atom)?.value);
    const before = previous.conditions.get(condition.id);
    const since =
      before && before.value === value ? before.since : { nowNs: inputs.nowNs, wallMs: inputs.wallMs };
    return [condition.id, { value, since }] as const;
  });
  return { atoms, conditions: new Map(conditions) };
}

/** The mode whose `when` is exactly what the conditions are; null: the plan has none. */
export function findMode(plan: Plan, states: ConditionStates): Mode | null {
  const fits = (mode: Mode) =>
    plan.conditions.every(
      ({ id }) => mode.when[id] === undefined || mode.when[id] === states.conditions.get(id)?.value,
    );
  return plan.modes.find(fits) ?? null;
}

/** The conditions that differ between two instants, with those of their atoms that do: why a mode changed. */
export function causesBetween(plan: Plan, before: ConditionStates, after: ConditionStates): Cause[] {
  const changed = plan.conditions.filter(
    ({ id }) => conditionValue(before, id) !== conditionValue(after, id),
  );
  return changed.map(({ id, text, expression }) => {
    const inside = atomsOf(expression);
    const atoms = plan.atoms.filter(
      (atom) => inside.has(atom.id) && before.atoms.get(atom.id)?.value !== after.atoms.get(atom.id)?.value,
    );
    return {
      condition: id,
      text,
      from: conditionValue(before, id),
      to: conditionValue(after, id),
      atoms: atoms.map((atom) => {
        const state = after.atoms.get(atom.id);
        return {
          id: atom.id,
          text: atomText(atom),
          value: state?.value ?? 'unknown',
          sinceMs: state?.since.wallMs ?? 0,
          sample: state?.sample ?? null,
        };
      }),
    };
  });
}

const conditionValue = (states: ConditionStates, id: string): Truth =>
  states.conditions.get(id)?.value ?? 'unknown';

/** The earliest instant of monotonic time at which some atom changes by itself; null: none will. */
export function nextChangeNs(states: ConditionStates, { nowNs, wallMs }: Instant): bigint | null {
  let next: bigint | null = null;
  for (const { changesAtNs, changesAtMs } of states.atoms.values()) {
    const candidates = [
      changesAtNs,
      changesAtMs === null ? null : nowNs + BigInt(Math.ceil((changesAtMs - wallMs) * 1e6)),
    ];
    for (const at of candidates) if (at !== null && (next === null || at < next)) next = at;
  }
  return next;
}

/** Ids of the atoms in an expression. */
export function atomsOf(expression: Expression): ReadonlySet<string> {
  switch (expression.op) {
    case 'constant':
      return new Set();
    case 'atom':
      return new Set([expression.atom]);
    case 'not':
    case 'assuming':
      return atomsOf(expression.operand);
    case 'and':
    case 'or':
      return new Set([...atomsOf(expression.left), ...atomsOf(expression.right)]);
  }
}
