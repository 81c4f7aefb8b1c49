import type { Diagnostic } from '../../lang/diagnostic.js';
import type { Source } from '../../lang/source.js';
import { groupBy } from '../group-by.js';
import type { Mode, Plan } from '../plan.js';
import { nameKey } from '../subject-key.js';
import { type CounterOffer, counterOffers } from './counter-offers.js';
import { type Granted, grantedIn } from './granted.js';
import { type HeldPolicy, heldPolicy } from './held-policy.js';
import { type Refusal, refusalOf } from './obstacle.js';
import { type AdmissionRequest, askingClasses, readRequest } from './request.js';
import { apartFrom } from './settled-model.js';
import { isAdmitted, type Judged, judged, type Verdict } from './verdict.js';

/** Modes in which a request does not fit, and what stands in its way. */
export interface RefusedIn extends Refusal {
  readonly modes: readonly string[];
  readonly example: string | null;
}

export interface AdmissionAnswer {
  readonly admitted: boolean;
  readonly request: { readonly name: string; readonly guests: number; readonly vcpus: number };
  /** Where it fits: all modes of the plan, when it is admitted. */
  readonly granted: readonly Granted[];
  readonly refused: readonly RefusedIn[];
  /** What would be admitted in all modes; none where it is admitted, or where nothing of the kind would be. */
  readonly counterOffers: readonly CounterOffer[];
  /** Whether counter-offers were looked for: not where it is admitted, nor where no number helps or that takes too long. */
  readonly sought: boolean;
}

export interface Admitted {
  /** Null: the request has errors. */
  readonly answer: AdmissionAnswer | null;
  /** What is wrong with it as a request; null: what the diagnostics say, or nothing. */
  readonly problem: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** How much is planned for the counter-offers to a request, in sentences and servers; */
const MOST_WORK = 3_000_000;
/** and how often all of them, at the most. */
const PLANS_EXPECTED = 150;

/**
 * Whether a request would fit beside everything that a plan holds, in all its modes: whether the policy of the plan and the
 * request, compiled together for the host of the plan, have a plan. If not, what would fit. Pure and exact; the plan is taken
 * to be what its certificate proves (see verifyPlan).
 */
export function admit(plan: Plan, request: Source): Admitted {
  const read = readRequest(request, plan.host);
  const { diagnostics } = read;
  if (!read.ok) return { answer: null, problem: read.problem, diagnostics };
  return { answer: answerTo(read.request, read.unkeepable, plan), problem: null, diagnostics };
}

function answerTo(request: AdmissionRequest, unkeepable: Diagnostic | null, plan: Plan): AdmissionAnswer {
  const { name, guests, vcpus } = request;
  const head = { request: { name, guests, vcpus }, granted: [], counterOffers: [], sought: false };
  const refused = (refusal: Refusal): AdmissionAnswer => ({
    admitted: false,
    ...head,
    refused: [refusedIn(plan.modes, refusal)],
  });
  if (unkeepable) return refused(refusalOf(unkeepable));
  const held = heldPolicy(plan);
  if (!held.ok) return refused(undecided(held.reason));
  const { admitted, ...answer } = answerBeside(held.policy, request, plan);
  return { admitted, ...head, ...answer };
}

const undecided = (why: string): Refusal => ({
  obstacle: 'undecided',
  code: null,
  reason: `${why}: compile policy and request together`,
  proof: false,
});

function answerBeside(
  policy: HeldPolicy,
  asked: AdmissionRequest,
  plan: Plan,
): Omit<AdmissionAnswer, 'request'> {
  const request = { ...asked, model: apartFrom(policy.model, asked.model) };
  const result = judged(policy, plan, request.model);
  const admitted = isAdmitted(result);
  const key = keyOf(request);
  const sought = !admitted && workOf(result) <= MOST_WORK;
  const { problem, verdicts } = result;
  return {
    admitted,
    granted: problem ? [] : granted(verdicts, key),
    refused: problem ? [refusedIn(plan.modes, problem)] : refusals(verdicts),
    counterOffers: sought
      ? counterOffers(request, {
          host: policy.host,
          admits: (model) => isAdmitted(judged(policy, plan, model)),
          outcomes: verdicts.map(({ outcome }) => outcome),
          key,
        })
      : [],
    sought,
  };
}

const workOf = ({ verdicts }: Judged): number =>
  PLANS_EXPECTED *
  verdicts.reduce((sum, { outcome }) => sum + outcome.situation.active.length + outcome.servers.length, 0);

function keyOf({ model }: AdmissionRequest): string {
  const [only] = askingClasses(model);
  // INVARIANT: a request has one class or one offer.
  return nameKey(only!.name);
}

/** The same in several modes once. */
function granted(verdicts: readonly Verdict[], key: string): readonly Granted[] {
  const fitting = verdicts.flatMap(({ modes, outcome, present, refusal }) =>
    refusal ? [] : [{ modes, grant: grantedIn(outcome, key, present) }],
  );
  return [...groupBy(fitting, ({ grant }) => JSON.stringify(grant)).values()].map((alike) => ({
    modes: alike.flatMap(({ modes }) => modes.map(({ id }) => id)),
    // INVARIANT: no group is empty.
    ...alike[0]!.grant,
  }));
}

function refusals(verdicts: readonly Verdict[]): readonly RefusedIn[] {
  const refused = verdicts.flatMap(({ modes, refusal }) => (refusal ? [{ modes, refusal }] : []));
  const alike = groupBy(refused, ({ refusal: { obstacle, code, proof } }) => `${obstacle} ${code} ${proof}`);
  return [...alike.values()].map((some) =>
    refusedIn(
      some.flatMap(({ modes }) => modes),
      // INVARIANT: no group is empty.
      some[0]!.refusal,
    ),
  );
}

const refusedIn = (modes: readonly Mode[], refusal: Refusal): RefusedIn => ({
  modes: modes.map(({ id }) => id),
  example: modes.find(({ example }) => example !== null)?.example ?? null,
  ...refusal,
});
