import type { CatalogueDiagnostic } from '../../lang/catalogue-entry.js';
import type { Diagnostic } from '../../lang/diagnostic.js';
import type { Sentence } from '../../lang/model.js';
import { feasibility } from '../catalogue.js';
import { shownIn } from '../demand-text.js';
import { pointAt } from '../findings.js';
import type { Situation } from '../modes/situation.js';
import type { PlanningContext } from '../planning-context.js';
import { withClasses } from '../population.js';
import type { AdmissionCase } from '../reservations/admission.js';
import { type RefusedReservation, vcpuChanges } from '../reservations/interface-refusal.js';
import type { Unkept } from '../shares/shares.js';
import { admissionText } from './admission-text.js';
import { type Change, fixOf } from './change.js';
import { irreducible } from './irreducible.js';
import { type Relaxation, relax } from './relax.js';
import { NO_RELAXATIONS, relaxationText } from './relaxation-text.js';
import { type Trials, takesPart, trialOf } from './trial.js';
import type { Variation } from './variation.js';

/** Why a situation has no schedule. */
export type RefusalReason =
  /** Its servers do not fit on the cores. */
  | (AdmissionCase & { readonly kind: 'servers'; readonly proof: boolean })
  /** They do, but what else is promised does not fit beside them. */
  | { readonly kind: 'unkept'; readonly unkept: Unkept }
  /** What has been said of it. */
  | {
      readonly kind: 'found';
      readonly diagnostic: CatalogueDiagnostic;
      readonly refusedReservations: readonly RefusedReservation[];
    };

export interface Refused {
  readonly situation: Situation;
  readonly reason: RefusalReason;
}

/** Diagnostics of policies that are well-formed and cannot be kept, which other numbers may mend. */
const REFUSALS: ReadonlySet<string> = new Set(
  [
    feasibility.keepsMoreThanAll,
    feasibility.hyperperiodTooLong,
    feasibility.timetableDoesNotFit,
    feasibility.nothingLeft,
    feasibility.noInterface,
    feasibility.tooManyTurns,
    // Of memory: that of CPU is found when everything else is planned.
    feasibility.guaranteesDoNotFit,
  ].map(({ code }) => code),
);
export const isRefusal = ({ code, severity }: Diagnostic): boolean =>
  severity === 'error' && REFUSALS.has(code);

/** Trials in all, in sentences, servers and classes that they plan: beyond that nothing is looked for. */
const TRIAL_WORK = 3_000_000;
/** What a single trial of so much costs at the least. */
const TRIALS_EXPECTED = 150;

/**
 * Reports for each refused situation a smallest set of sentences that cannot hold together, with the arithmetic, and what makes
 * the policy one that is accepted: the smallest change of one number, or of several, or what to leave out.
 */
export function reportRefused(refused: readonly Refused[], trials: Trials, context: PlanningContext): void {
  if (refused.length === 0) return;
  const situations = distinctOf(refused, context);
  const told = reportedOf(situations);
  const work = told.reduce((all, one) => all + workOf(one, context), 0) * TRIALS_EXPECTED;
  if (context.isTrial || work > TRIAL_WORK) {
    for (const one of told)
      context.findings.add(diagnosticOf({ ...one, culprits: [] }, NO_RELAXATIONS, context));
    return;
  }
  const attempts = told.map((one) => ({ ...one, culprits: conflictIn(one, trials, context) }));
  const everyone = [...new Set(situations.flatMap((one) => conflictsIn(one, trials, context)))];
  for (const one of attempts) {
    const relaxation = relaxationOf(one, situations, everyone, trials, context);
    context.findings.add(diagnosticOf(one, relaxation, context));
  }
}

interface Attempt extends Refused {
  /** What takes part in planning. */
  readonly sentences: readonly Sentence[];
}

interface Explained extends Attempt {
  /** A smallest set that cannot hold together; none where it was not looked for. */
  readonly culprits: readonly Sentence[];
}

/** Situations in which the same of these sentences are in force are one, unless something else was found. */
function distinctOf(refused: readonly Refused[], context: PlanningContext): readonly Attempt[] {
  const known = new Map<string, Attempt>();
  for (const one of refused) {
    const sentences = one.situation.active
      .map(({ sentence }) => sentence)
      .filter((sentence) => takesPart(sentence, context));
    const { reason } = one;
    const what = reason.kind === 'found' ? `${reason.diagnostic.code} ${reason.diagnostic.message}` : '';
    const key = `${sentences.map(({ index }) => index).join()} ${what}`;
    if (!known.has(key)) known.set(key, { ...one, sentences });
  }
  return [...known.values()];
}

/** What is found wrong in many situations is reported once, for the first. */
function reportedOf(attempts: readonly Attempt[]): readonly Attempt[] {
  const byPlace = new Map<string, Attempt>();
  for (const one of attempts) {
    const { reason, sentences } = one;
    const places = (diagnostic: CatalogueDiagnostic) =>
      [diagnostic, ...diagnostic.related].map(({ file, range }) => `${file}:${range.start.offset}`).sort();
    const key =
      reason.kind === 'found'
        ? [reason.diagnostic.code, ...places(reason.diagnostic)].join(' ')
        : sentences.map(({ index }) => index).join();
    if (!byPlace.has(key)) byPlace.set(key, one);
  }
  return [...byPlace.values()];
}

const workOf = ({ sentences, reason }: Attempt, { population }: PlanningContext): number =>
  sentences.length + population.classes.size + (reason.kind === 'servers' ? reason.servers.length : 0);

/** Of what the refusal speaks of: where servers do not fit, it is not of promises beside them. */
function conflictIn(
  one: Attempt,
  { fitsOnCores, isPlannable }: Trials,
  context: PlanningContext,
): readonly Sentence[] {
  const ask = one.reason.kind === 'servers' ? fitsOnCores : isPlannable;
  const holds = (sentences: readonly Sentence[]) => {
    const trial = trialOf(sentences, { situation: one.situation, context }, true);
    return ask(trial.situation, trial.context);
  };
  return irreducible(one.sentences, holds);
}

/** Sets without common sentences, after which the rest of the situation has a schedule. */
function conflictsIn(one: Attempt, trials: Trials, context: PlanningContext): readonly Sentence[] {
  const found: Sentence[] = [];
  for (const asked of [trials, { ...trials, fitsOnCores: trials.isPlannable }]) {
    for (;;) {
      const rest = one.sentences.filter((sentence) => !found.includes(sentence));
      const next = conflictIn({ ...one, sentences: rest }, asked, context);
      if (next.length === 0) break;
      found.push(...next);
    }
  }
  return found;
}

function relaxationOf(
  one: Explained,
  situations: readonly Attempt[],
  everyone: readonly Sentence[],
  trials: Trials,
  context: PlanningContext,
): Relaxation {
  const { model, accepts } = context;
  if (!accepts) return NO_RELAXATIONS;
  const fits = ({ sentences: variants, classes }: Variation) =>
    situations.every(({ situation, sentences }) => {
      const varied = sentences.flatMap((sentence) => {
        const variant = variants.get(sentence.index);
        return variant === null ? [] : [variant ?? sentence];
      });
      const changed = { ...context, population: withClasses(context.population, classes) };
      const trial = trialOf(varied, { situation, context: changed }, false);
      return trials.isPlannable(trial.situation, trial.context);
    });
  return relax({
    culprits: one.culprits,
    everyone: [...new Set([...one.culprits, ...everyone])],
    sentences: [...new Set(situations.flatMap(({ sentences }) => sentences))],
    host: context.host,
    population: context.population,
    model,
    fits,
    accepts,
    others: one.reason.kind === 'found' ? otherChanges(one.reason, context) : [],
  });
}

/** Of the declarations of guests whose reservations cannot be derived. */
const otherChanges = (
  { refusedReservations }: Extract<RefusalReason, { kind: 'found' }>,
  context: PlanningContext,
): readonly Change[] => refusedReservations.flatMap((one) => vcpuChanges(one, context.host));

function diagnosticOf(one: Explained, relaxation: Relaxation, context: PlanningContext): CatalogueDiagnostic {
  const { situation, reason, culprits } = one;
  const fix = fixFor(relaxation);
  if (reason.kind === 'found') {
    const { diagnostic } = reason;
    const help = relaxationText(relaxation);
    const hint = [diagnostic.hint, help].filter(Boolean).join(' ');
    return { ...diagnostic, ...(hint === '' ? {} : { hint }), ...(fix ? { fix } : {}) };
  }
  const named = culprits.length > 0 ? culprits : namedBy(reason, one);
  const { place, related } = pointAt(named, ({ text }) => `and this: ${text}`);
  const extras = { related, ...(fix ? { fix } : {}) };
  const shown = { ...relaxation, ...shownIn(situation) };
  if (reason.kind === 'servers') {
    const arithmetic = admissionText(culprits, one, context);
    return feasibility.reservationsDoNotFit.at(place, { arithmetic, proof: reason.proof, ...shown }, extras);
  }
  const { arithmetic, parent } = reason.unkept;
  return arithmetic === null
    ? feasibility.weightsTooCoarse.at(place, { parent, ...shown }, extras)
    : feasibility.guaranteesDoNotFit.at(place, { arithmetic, ...shown }, extras);
}

/** Where no smaller set is known: those of which the admission consists, or of which the promise. */
const namedBy = (
  reason: Exclude<RefusalReason, { kind: 'found' }>,
  { sentences }: Attempt,
): readonly Sentence[] =>
  reason.kind === 'unkept'
    ? reason.unkept.sentences
    : sentences.filter(({ kind }) => kind === 'reserve' || kind === 'keep' || kind === 'place');

function fixFor({ single, together, leavesOut }: Relaxation) {
  const [first] = single;
  if (first) return fixOf(`Write ${first.text}`, [first]);
  if (together.length === 0) return null;
  const texts = together.map(({ text }) => text).join(' and ');
  return fixOf(leavesOut ? `Leave out ${texts}` : `Write ${texts}`, together);
}
