import type { Plan } from './plan.js';

/** A plan as text: the same plan gives the same bytes. Keys are in the order of the schema, two spaces of indent. */
export function serialisePlan(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}
