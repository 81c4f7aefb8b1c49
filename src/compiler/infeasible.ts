import {
  compare,
  floor,
  formatRational,
  multiply,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../support/rational.js';
import { type AdmissionCase, isTiming, totalUtilisation } from './admission.js';
import { feasibility } from './catalogue.js';
import type { CombineContext } from './combine-context.js';
import { shownIn } from './demand-text.js';
import { sum } from './exact.js';
import { pointAt } from './findings.js';
import { groupBy } from './group-by.js';
import { coreRooms } from './placement.js';
import {
  type Change,
  changes,
  type FitTest,
  irreducible,
  isRelaxable,
  type Relaxable,
} from './relaxation.js';
import type { ServerDemand } from './server-demand.js';
import type { Unkept } from './shares.js';
import type { Situation } from './situation.js';
import { holds, type TrialContext, trialOf, unkeptOf } from './trial.js';

/** Beyond so much work, in sentences × (servers + classes) of all refused situations, no smaller set is looked for. */
const HINT_WORK = 200_000;
const TERMS_SHOWN = 12;

/** A situation for which there is no schedule, and why. */
export interface Refused {
  readonly situation: Situation;
  /** What does not fit on the cores; null: it does, but `unkept` does not fit beside it. */
  readonly admission: (AdmissionCase & { readonly proof: boolean }) | null;
  readonly unkept: Unkept | null;
}

/**
 * Reports for each refused situation a smallest set of sentences that cannot hold together, with the arithmetic, and for
 * each of them the smallest change of its number after which everything fits, in all modes.
 */
export function reportRefused(refused: readonly Refused[], context: TrialContext): void {
  const distinct = distinctOf(refused, context);
  const work = distinct.reduce(
    (sum, { all, servers }) => sum + all.length * (servers + context.population.classes.size),
    0,
  );
  for (const one of distinct) {
    const culprits = work <= HINT_WORK ? irreducible(one.all, one.fits) : one.all;
    report(one, culprits, relaxed(one, culprits, work <= HINT_WORK ? distinct : [], context), context);
  }
}

interface Attempt extends Refused {
  readonly all: readonly Relaxable[];
  readonly servers: number;
  readonly fits: FitTest;
}

/** Situations in which the same of these sentences are in force are one. */
function distinctOf(refused: readonly Refused[], context: TrialContext): readonly Attempt[] {
  const known = new Map<string, Attempt>();
  for (const one of refused) {
    const all = one.situation.active
      .map(({ sentence }) => sentence)
      .filter((sentence): sentence is Relaxable => isRelaxable(sentence) && context.mechanisms.has(sentence));
    const key = all.map(({ index }) => index).join();
    const servers = one.admission?.servers.length ?? 0;
    const fits = (sentences: readonly Relaxable[]) => holds(sentences, one.situation, context);
    if (!known.has(key)) known.set(key, { ...one, all, servers, fits });
  }
  return [...known.values()];
}

interface Relaxed {
  readonly changes: readonly Change[];
  /** Each of them makes everything fit, in all modes. */
  readonly enough: boolean;
}

function relaxed(
  one: Attempt,
  culprits: readonly Relaxable[],
  everywhere: readonly Attempt[],
  { host }: TrialContext,
): Relaxed {
  if (everywhere.length === 0) return { changes: [], enough: false };
  const replaced = (all: readonly Relaxable[], sentence: Relaxable, variant: Relaxable) =>
    all.map((each) => (each.index === sentence.index ? variant : each));
  const enough = changes(culprits, host, (sentence, variant) =>
    everywhere.every(({ all, fits }) => fits(replaced(all, sentence, variant))),
  );
  if (enough.length > 0) return { changes: enough, enough: true };
  // Where other sentences stand in the way as well, what helps these at least.
  const here = (sentence: Relaxable, variant: Relaxable) => one.fits(replaced(culprits, sentence, variant));
  return { changes: changes(culprits, host, here), enough: false };
}

function report(
  { situation, admission, unkept }: Attempt,
  culprits: readonly Relaxable[],
  found: Relaxed,
  context: TrialContext,
): void {
  const sentences = culprits.length > 0 ? culprits : (unkept?.sentences ?? []);
  if (sentences.length === 0) return;
  const { place, related } = pointAt(sentences, ({ text }) => `and this: ${text}`);
  const texts = { changes: found.changes.map(({ text }) => `"${text}"`), enough: found.enough };
  const first = found.changes[0];
  const extras = first && found.enough ? { related, fix: first.fix } : { related };
  const { findings } = context;
  if (admission) {
    const { servers, keep } = trialOf(culprits, situation, context).admissionCase;
    const terms = { arithmetic: arithmetic({ servers, keep }, context), proof: admission.proof };
    findings.add(
      feasibility.reservationsDoNotFit.at(place, { ...terms, ...texts, ...shownIn(situation) }, extras),
    );
  } else if (unkept?.arithmetic) {
    const sums = unkeptOf(culprits, situation, context)?.arithmetic ?? unkept.arithmetic;
    findings.add(
      feasibility.guaranteesDoNotFit.at(
        place,
        { arithmetic: sums, relaxed: texts, ...shownIn(situation) },
        extras,
      ),
    );
  } else if (unkept) {
    const { parent } = unkept;
    findings.add(feasibility.weightsTooCoarse.at(place, { parent, ...texts, ...shownIn(situation) }, extras));
  }
}

/** "video: 2 × 0.5002 + 0.052 = 1.0524; …; together 2.1 of 1.9 (2 × 0.95)". */
function arithmetic({ servers, keep }: AdmissionCase, { host }: CombineContext): string {
  const byClass = groupBy(servers, (one) => (isTiming(one) ? '' : one.class));
  const terms = [...byClass].map(([name, own]) =>
    name === '' ? `vmc's timing thread takes ${short(totalUtilisation(own))}` : classTerm(name, own),
  );
  const rooms = coreRooms(host, keep);
  const capacity = sum(rooms.map(({ limit }) => limit));
  const needed = totalUtilisation(servers);
  const kept = compare(keep, ZERO) > 0 ? ` with ${formatRational(keep)} kept for the owner` : '';
  const room = `${short(capacity)} cores (${roomText(rooms)})`;
  const verdict =
    compare(needed, capacity) > 0
      ? `together ${short(needed)} of ${room}${kept}`
      : `together ${short(needed)} of ${room}${kept}, but they cannot be placed: no thread may be on two cores`;
  const hidden = terms.length - TERMS_SHOWN;
  const rest = hidden > 0 ? [`${hidden} more classes take their part`] : [];
  return [...terms.slice(0, TERMS_SHOWN), ...rest, verdict].join('; ');
}

function classTerm(name: string, servers: readonly ServerDemand[]): string {
  const vcpu = servers.filter(({ thread }) => thread !== 'main');
  const main = servers.filter(({ thread }) => thread === 'main');
  const part = (own: readonly ServerDemand[]) =>
    [...groupBy(own, ({ utilisation }) => short(utilisation))]
      .map(([each, all]) => `${all.length} × ${each}`)
      .join(' + ');
  return `${name} takes ${part(vcpu)} for vCPUs + ${part(main)} for main loops = ${short(totalUtilisation(servers))}`;
}

function roomText(rooms: ReturnType<typeof coreRooms>): string {
  const byLimit = groupBy(
    rooms.filter(({ limit }) => compare(limit, ZERO) > 0),
    ({ limit }) => short(limit),
  );
  return [...byLimit].map(([limit, own]) => `${own.length} × ${limit}`).join(' + ') || 'none';
}

/** Four decimals, rounded down; for reading only. */
export function short(value: Rational): string {
  const tenThousandths = floor(multiply(value, rational(10_000n)));
  const rest = subtract(value, rational(tenThousandths, 10_000n));
  const text = formatRational(rational(tenThousandths, 10_000n));
  return compare(rest, ZERO) > 0 && tenThousandths === 0n ? '0.0001' : text;
}
