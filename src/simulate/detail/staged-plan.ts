import type { Plan } from '../../compiler/plan.js';
import type { CurrentMode } from '../../enforce/mode-tracker.js';

/** The name of the guests of the class at a position. */
export const stagedName = (at: number): string => `class ${at}`;

/** The signal that says what a condition is. */
const signalOf = (condition: string): string => `condition ${condition}`;

/**
 * The same plan for a stage: guests are told by the names that the stage gives them, and each condition is what the stage
 * says it is. All that a schedule asks for, the modes and the changes between them are as they were.
 */
export function stagedPlan(plan: Plan): Plan {
  return {
    ...plan,
    classes: plan.classes.map((one, at) => ({
      ...one,
      match: [[{ attribute: 'name', pattern: stagedName(at) }]],
    })),
    ignored: [],
    switches: [],
    signals: [],
    atoms: plan.conditions.map(({ id }) => ({ id: signalOf(id), kind: 'signal', signal: signalOf(id) })),
    conditions: plan.conditions.map((one) => ({
      ...one,
      expression: { op: 'atom', atom: signalOf(one.id) },
    })),
  };
}

/** Values of the signals with which an enforcer of the staged plan is in this mode of the replay; null: unknown. */
export function signalsOfMode(plan: Plan, { id, states }: CurrentMode): ReadonlyMap<string, number | null> {
  const mode = plan.modes.find((one) => one.id === id);
  return new Map(
    plan.conditions.map((condition) => {
      const value = mode ? mode.when[condition.id] : states.conditions.get(condition.id)?.value;
      return [signalOf(condition.id), typeof value === 'boolean' ? Number(value) : null];
    }),
  );
}
