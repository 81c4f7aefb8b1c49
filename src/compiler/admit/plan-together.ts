import type { Diagnostic } from '../../lang/diagnostic.js';
import type { Model, Sentence } from '../../lang/model.js';
import { invariant } from '../../support/invariant.js';
import { feasibility } from '../catalogue.js';
import { checkAssertions } from '../claims/check-assertions.js';
import { contextOf, type ModelContext } from '../model-context.js';
import type { ActiveSentence, Situation } from '../modes/situation.js';
import { MOST_SERVER_SETS, transitionsBetween } from '../modes/transitions.js';
import { planningContext } from '../planning-context.js';
import { MOST_ROWS, type Outcome, outcomesOf } from '../situation-plan.js';
import type { HeldPolicy } from './held-policy.js';
import { inOrder, joinedModel, type SettledModel, settledModel } from './settled-model.js';

/** What comes of planning a policy and a request together. */
export interface Together {
  /** For each situation of the policy; none where both cannot be planned at all. */
  readonly outcomes: readonly Outcome[];
  /** What is wrong with both in all modes alike; null: nothing. */
  readonly problem: Diagnostic | null;
}

/**
 * Plans everything that a policy and a request say together, by the very steps that compile their texts one after the other:
 * what comes of it has a plan exactly where those have one. `request` has names and numbers of its own (see apartFrom).
 */
export function planTogether(policy: HeldPolicy, request: Model): Together {
  const settled = settledModel(request);
  const model = joinedModel(policy.model, settled);
  const context = { ...contextOf(model, policy.host.facts, { degrade: policy.leavesOut }), isTrial: true };
  if (context.findings.hasErrors) return { outcomes: [], problem: firstError(context) };
  const situations = joinedSituations(policy, settled);
  const { all, tooLarge } = outcomesOf(situations, planningContext(context));
  if (tooLarge) {
    const place = (tooLarge.active.at(-1)?.sentence ?? firstOf(settled)).place;
    return { outcomes: [], problem: feasibility.planTooLarge.at(place, { most: MOST_ROWS }) };
  }
  return { outcomes: all, problem: all.every(isKept) ? asAWhole(all, context) : null };
}

/** Whether a situation has a schedule. */
export const isKept = ({ refusals, context }: Outcome): boolean =>
  refusals.length === 0 && !context.findings.hasErrors;

/** A request holds at all times. */
function joinedSituations({ situations }: HeldPolicy, request: SettledModel): readonly Situation[] {
  const always = (sentence: Sentence): ActiveSentence => ({ sentence, certain: true });
  const asked = { said: request.said.map(always), terms: request.terms.map(always) };
  return situations.map(({ said, terms, modes }) => {
    const [mode] = modes;
    // INVARIANT: every situation has a mode.
    const { id, example } = mode!;
    return { modeId: id, example, active: inOrder({ said, terms }, asked) };
  });
}

/** What is found wrong when every situation has a schedule. */
function asAWhole(outcomes: readonly Outcome[], context: ModelContext): Diagnostic | null {
  // INVARIANT: the servers of what is kept are admitted.
  const drafts = outcomes.map(({ drafted }) => drafted!.schedule);
  checkAssertions(
    context,
    outcomes.map(({ situation }, index) => ({ situation, proof: drafts[index]!.proof })),
  );
  if (context.findings.hasErrors) return firstError(context);
  if (drafts.length <= MOST_SERVER_SETS) return null;
  const schedules = drafts.map((draft, index) => ({ ...draft, id: `${index}` }));
  if (transitionsBetween(schedules, context.host) !== null) return null;
  const conditions = context.table.conditions.map(({ id }) => id);
  return feasibility.tooManyChanges.at(firstOf(context.model).place, { most: MOST_SERVER_SETS, conditions });
}

function firstError({ findings }: ModelContext): Diagnostic {
  const error = findings.list.find(({ severity }) => severity === 'error');
  invariant(error, 'there is an error among the findings');
  return error;
}

function firstOf(model: SettledModel | Model): Sentence {
  const [first] = 'all' in model ? model.all.sentences : model.sentences;
  invariant(first, 'a request says something');
  return first;
}
