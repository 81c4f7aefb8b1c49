import type { HostFacts } from '../compiler/facts.js';
import type { Plan } from '../compiler/plan.js';
import type { Source } from '../lang/index.js';
import type { AdmissionDocument } from './admission-schema.js';
import type { LoadedPlan } from './load-plan.js';

/*
 * What the daemon and the thread that compiles for it say to each other. Each request has one answer, in their order.
 */

/** What is to become a plan: a file, or a text that stands in the place of one. For the host of these facts. */
export type PlanRequest =
  | { readonly kind: 'file'; readonly file: string; readonly facts: HostFacts }
  | { readonly kind: 'text'; readonly source: Source; readonly facts: HostFacts };

/** What is to be admitted beside a plan. */
export interface AdmissionRequest {
  readonly kind: 'admission';
  readonly plan: Plan;
  readonly request: Source;
}

/** What an error says of itself: its class does not come through between threads. */
export interface ErrorParts {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
}

export type CompilerAnswer<Result = LoadedPlan | AdmissionDocument> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: ErrorParts };

export function partsOf(error: unknown): ErrorParts {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  const { code } = error as NodeJS.ErrnoException;
  return { name, message, ...(stack !== undefined && { stack }), ...(code !== undefined && { code }) };
}

/** An error with these parts: to be told from others by its name. */
export const errorOf = ({ message, ...parts }: ErrorParts): Error => Object.assign(new Error(message), parts);
