import type { ModelContext } from '../model-context.js';
import type { ConditionTable } from '../modes/condition-table.js';
import { modeText } from '../modes/mode-id.js';
import { type AtomRange, reachableModes } from '../modes/modes.js';
import { type Situation, situationsOf } from '../modes/situation.js';
import type { Atom, PlanCondition, Truth } from '../plan.js';

/** The situations of two policies at the same time. */
export interface JointMode {
  /** Of the conditions of both, by index. */
  readonly values: readonly Truth[];
  /** RFC 9557; null where no calendar plays a part. */
  readonly example: string | null;
  /** "office, not busy (old)". */
  readonly text: string;
  /** Indices of the situations. */
  readonly old: number;
  readonly new: number;
}

export type JointModes =
  | {
      readonly ok: true;
      readonly modes: readonly JointMode[];
      /** Names of the conditions; those that the two policies define differently say whose they are. */
      readonly names: readonly string[];
      readonly old: readonly Situation[];
      readonly new: readonly Situation[];
    }
  | { readonly ok: false; readonly conditions: readonly string[] };

/**
 * Every combination of the conditions of two policies that can occur: atoms that are equal are one, and
 * calendars are exact. Where the policies differ in their time zone, calendars are taken in that of the new
 * one.
 */
export function jointModes(old: ModelContext, now: ModelContext): JointModes {
  const { table, oldOf, newOf, names } = union(old.table, now.table);
  const zone = now.host.facts.timezone;
  const reachable = reachableModes(table, zone, rangeOf(old, now));
  if (!reachable.ok) return { ok: false, conditions: names };
  const situations = (context: ModelContext, of: readonly number[]) => {
    const values = reachable.modes.map((mode, index) => ({
      id: String(index),
      example: mode.example,
      // INVARIANT: every condition of either policy is one of the union's.
      values: of.map((at) => mode.values[at]!),
    }));
    return situationsOf(context.model.sentences, context.table, values);
  };
  const [before, after] = [situations(old, oldOf), situations(now, newOf)];
  const shown: readonly PlanCondition[] = table.conditions.map((one, index) => ({
    ...one,
    id: names[index]!,
  }));
  return {
    ok: true,
    names,
    old: before.situations,
    new: after.situations,
    modes: reachable.modes.map(({ values, example }, index) => ({
      values,
      example,
      text: modeText(shown, values),
      // INVARIANT: every mode is in a situation of either policy.
      old: before.ofMode[index]!,
      new: after.ofMode[index]!,
    })),
  };
}

/** The conditions of both, each once, and for each of either where it is. */
function union(old: ConditionTable, now: ConditionTable) {
  const atoms = new Map([...old.atoms, ...now.atoms].map((atom) => [atom.id, atom]));
  const conditions: PlanCondition[] = [];
  const indexByExpression = new Map<string, number>();
  const add = (condition: PlanCondition): number => {
    const key = JSON.stringify(condition.expression);
    const index = indexByExpression.get(key) ?? conditions.length;
    conditions[index] = condition;
    indexByExpression.set(key, index);
    return index;
  };
  const oldOf = old.conditions.map(add);
  // Where a condition is called otherwise now, its new name counts.
  const newOf = now.conditions.map(add);
  const table: ConditionTable = { atoms: [...atoms.values()], conditions, guards: [] };
  return { table, oldOf, newOf, names: namesOf(conditions, new Set(oldOf), new Set(newOf)) };
}

function namesOf(
  conditions: readonly PlanCondition[],
  inOld: ReadonlySet<number>,
  inNew: ReadonlySet<number>,
): readonly string[] {
  const uses = new Map<string, number>();
  for (const { id } of conditions) uses.set(id, (uses.get(id) ?? 0) + 1);
  return conditions.map(({ id }, index) => {
    if (uses.get(id) === 1 || (inOld.has(index) && inNew.has(index))) return id;
    const shown = /\s/.test(id) ? `(${id})` : id;
    return `${inNew.has(index) ? 'new' : 'old'}:${shown}`;
  });
}

/** What an atom can be in one of the policies. */
function rangeOf(old: ModelContext, now: ModelContext): AtomRange {
  const known = (context: ModelContext) => new Set(context.table.atoms.map(({ id }) => id));
  const [inOld, inNew] = [known(old), known(now)];
  return (atom: Atom) => {
    const values = [
      ...(inOld.has(atom.id) ? old.range(atom) : []),
      ...(inNew.has(atom.id) ? now.range(atom) : []),
    ];
    return [true, false, 'unknown' as const].filter((value) => values.includes(value));
  };
}
