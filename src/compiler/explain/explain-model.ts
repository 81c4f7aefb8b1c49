import type { Model, PolicyTest } from '../../lang/model.js';
import type { HostFacts } from '../facts.js';
import { modeText } from '../modes/mode-id.js';
import type { ConditionReason } from './condition-reasons.js';
import { type Explained, givenSituations } from './given-situations.js';
import type { Point } from './point.js';
import { pointsOf } from './points-of.js';
import { type SettledPolicy, settle } from './settled-policy.js';
import type { ExplainedSubject } from './subjects.js';
import { type Aspect, aspectsOf } from './treatments.js';
import { anything, sceneryOf, Writer } from './view.js';

/** A mode in which something is so. */
export interface ExplainedMode {
  /** "office, not gaming, busy unknown". */
  readonly text: string;
  /** RFC 9557; null where no calendar plays a part. */
  readonly example: string | null;
}

/** Why a subject gets what it gets. */
export interface Explanation {
  readonly subject: ExplainedSubject;
  /** What the conditions of the policy come to, and why; null where every situation is explained. */
  readonly conditions: readonly ConditionReason[] | null;
  /** CPU first. */
  readonly aspects: readonly Aspect[];
  /** What the treatments' modes are indices of. */
  readonly modes: readonly ExplainedMode[];
}

export type ExplainResult =
  | { readonly ok: true; readonly explanation: Explanation }
  /** `refused`: no plan can be made, which is the compiler's to explain. */
  | { readonly ok: false; readonly reason: 'refused' | 'skipped-time' | 'no-schedule' };

/** In everything that can occur; with a test, under what that is given. */
export function explainModel(
  subject: ExplainedSubject,
  model: Model,
  facts: HostFacts,
  given: PolicyTest | null,
): ExplainResult {
  const settled = settle(model, facts);
  if (settled === null) return { ok: false, reason: 'refused' };
  if (given === null) return { ok: true, explanation: explain(subject, everySituation(settled)) };
  const result = givenSituations(subject.key, given, model, facts, settled);
  return result.ok ? { ok: true, explanation: explain(subject, result.explained) } : result;
}

function everySituation({ context, modes, ofMode, situations }: SettledPolicy): Explained {
  const knowledge = anything(context);
  return {
    context,
    conditions: null,
    cases: modes.map(({ values, example }, index) => ({
      values,
      example,
      // INVARIANT: every mode has a situation.
      settled: situations[ofMode[index]!]!,
      knowledge,
    })),
  };
}

function explain(subject: ExplainedSubject, { context, conditions, cases }: Explained): Explanation {
  const writer = new Writer(context);
  const known = new Map<unknown, readonly Point[]>();
  const points = cases.map(({ settled, knowledge }) => {
    const own =
      known.get(settled) ?? pointsOf({ ...sceneryOf(settled, context, knowledge, writer), key: subject.key });
    known.set(settled, own);
    return own;
  });
  const table = context.table.conditions;
  return {
    subject,
    conditions,
    aspects: aspectsOf({
      points,
      values: cases.map(({ values }) => values),
      names: table.map(({ id }) => id),
    }),
    modes: cases.map(({ values, example }) => ({ text: modeText(table, values), example })),
  };
}
