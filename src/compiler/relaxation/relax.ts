import type { Model, Sentence } from '../../lang/model.js';
import { compare, type Rational } from '../../support/rational.js';
import type { EffectiveHost } from '../effective-host.js';
import type { Population } from '../population.js';
import { type Candidate, candidatesOf } from './candidates.js';
import { applied, type Change, leftOut } from './change.js';
import { irreducible } from './irreducible.js';
import { NO_RELAXATIONS } from './relaxation-text.js';
import { combined, type Variation, withSentence } from './variation.js';

/** What makes a policy that cannot be kept one that can. */
export interface Relaxation {
  /** Each of them alone, the smallest loss first. */
  readonly single: readonly Change[];
  /** Where none alone is enough: numbers that are enough together, as little smaller as that takes; or sentences to leave out. */
  readonly together: readonly Change[];
  readonly leavesOut: boolean;
}

/** What a relaxation has to make come true. */
export interface Goal {
  /** Those of a set that cannot hold together. */
  readonly culprits: readonly Sentence[];
  /** And those of all other such sets, behind them: without all of these there is a schedule. */
  readonly everyone: readonly Sentence[];
  /** All that take part in what was refused. */
  readonly sentences: readonly Sentence[];
  readonly host: EffectiveHost;
  readonly model: Model;
  readonly population: Population;
  /** Whether every refused situation has a schedule with these differences. */
  readonly fits: (variation: Variation) => boolean;
  /** Whether the policy as a whole is accepted: nothing else stands in its way, and every assertion holds. */
  readonly accepts: (model: Model) => boolean;
  /** Other changes that each may be enough; told last. */
  readonly others: readonly Change[];
}

/** The smallest changes, by exact bisection, that make a policy one that is accepted. */
export function relax(goal: Goal): Relaxation {
  const { host, population } = goal;
  const candidates = (sentences: readonly Sentence[]) => candidatesOf(sentences, host, population);
  const accepted = (changes: readonly Change[]) =>
    changes.length > 0 && goal.accepts(applied(goal.model, changes));
  const single = [...singles(candidates(goal.culprits), goal), ...goal.others].filter((change) =>
    accepted([change]),
  );
  if (single.length > 0) return { ...NO_RELAXATIONS, single };
  const joint = jointly(candidates(goal.everyone), goal);
  if (accepted(joint)) return { ...NO_RELAXATIONS, together: joint };
  const removed = without(goal, accepted);
  return removed.length > 0 ? { ...NO_RELAXATIONS, together: removed, leavesOut: true } : NO_RELAXATIONS;
}

/** Of each number the largest that is enough by itself. */
function singles(candidates: readonly Candidate[], { fits }: Goal): readonly Change[] {
  return candidates
    .flatMap((one): readonly { readonly change: Change; readonly kept: Rational }[] => {
      const step = firstFitting(one, (at) => fits(one.at(at)));
      const change = step && one.change(step);
      return step && change ? [{ change, kept: one.kept(step) }] : [];
    })
    .sort((a, b) => compare(b.kept, a.kept))
    .map(({ change }) => change);
}

/** The first step with which something fits, as with all after it; null: none. */
function firstFitting({ count }: Candidate, fits: (step: bigint) => boolean): bigint | null {
  if (!fits(count)) return null;
  let [below, reached] = [0n, count];
  while (reached - below > 1n) {
    const middle = (below + reached) / 2n;
    if (fits(middle)) reached = middle;
    else below = middle;
  }
  return reached;
}

/** One after the other at its least until all fit; then each of these, the last first, as large as the others let it be. */
function jointly(candidates: readonly Candidate[], { fits }: Goal): readonly Change[] {
  const chosen = new Map<Candidate, bigint>();
  const fitsWith = (steps: ReadonlyMap<Candidate, bigint>) =>
    fits(combined([...steps].map(([one, step]) => one.at(step))));
  for (const one of candidates) {
    chosen.set(one, one.count);
    if (fitsWith(chosen)) break;
  }
  if (chosen.size === 0 || !fitsWith(chosen)) return [];
  for (const one of [...chosen.keys()].reverse()) {
    const others = new Map(chosen);
    others.delete(one);
    if (fitsWith(others)) chosen.delete(one);
    else chosen.set(one, firstFitting(one, (step) => fitsWith(new Map(others).set(one, step))) ?? one.count);
  }
  return [...chosen].flatMap(([one, step]) => one.change(step) ?? []);
}

/**
 * A single sentence, the last that is enough; else from the last on until the rest is accepted, without those that need not go.
 * Offers are left out as a whole, and others may then be planned in another way, so that only the policy itself can tell.
 */
function without(
  { everyone, sentences, fits }: Goal,
  accepted: (changes: readonly Change[]) => boolean,
): readonly Change[] {
  const isEnough = (gone: readonly Sentence[]) =>
    fits(combined(gone.map(({ index }) => withSentence(index, null)))) && accepted(leftOutOnce(gone));
  const backwards = [...everyone].reverse();
  const single = backwards.find((one) => isEnough([one]));
  if (single) return [leftOut(single)];
  let gone: readonly Sentence[] = [];
  for (const sentence of backwards) {
    gone = [...gone, sentence];
    if (isEnough(gone)) return needed(gone, isEnough);
  }
  // What is left is planned in yet another way, and refused: more has to go.
  const rest = sentences.filter((one) => !everyone.includes(one)).reverse();
  for (let count = 1; count < 2 * rest.length; count *= 2) {
    const more = [...gone, ...rest.slice(0, count)];
    if (accepted(leftOutOnce(more))) return needed(more, (fewer) => accepted(leftOutOnce(fewer)));
  }
  return [];
}

/** Those of what is enough that have to go, in the order of the policy. */
function needed(
  gone: readonly Sentence[],
  isEnough: (gone: readonly Sentence[]) => boolean,
): readonly Change[] {
  const fewest = irreducible(gone, (some) => !isEnough(some));
  // What is left may be planned in another way without these.
  const few = isEnough(fewest) ? fewest : gone;
  return leftOutOnce([...few].sort((a, b) => a.index - b.index));
}

/** Terms of an offer are left out with it, once. */
const leftOutOnce = (gone: readonly Sentence[]): Change[] => [
  ...new Map(gone.map((one) => [`${one.place.file}:${one.place.range.start.offset}`, leftOut(one)])).values(),
];
