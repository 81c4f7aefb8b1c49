import { Value } from '@sinclair/typebox/value';
import type { Plan } from '../compiler/plan.js';
import { PlanSchema } from '../compiler/plan-schema.js';

/** A plan of a policy of 1 MiB is larger than it; what is larger than this is no plan either. */
export const PLAN_LIMIT_BYTES = 64 * 1024 * 1024;

/** A text that is no plan that this version reads; the message names `file` and the first place that is wrong. */
export class InvalidPlanError extends Error {
  override readonly name = 'InvalidPlanError';
}

/** The plan in a text of JSON. Its certificate is not checked: that is verifyPlan's. Throws an {@link InvalidPlanError}. */
export function parsePlan(text: string, file: string): Plan {
  const document = parseJson(text, file);
  const [first] = Value.Errors(PlanSchema, document);
  if (first)
    throw new InvalidPlanError(`${file} is no plan of this version: ${first.path || '/'}: ${first.message}`);
  return document as Plan;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidPlanError(`${file} is no plan: ${(error as Error).message}`);
  }
}
