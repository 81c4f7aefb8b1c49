import { normalQuantile } from '../numeric/normal.js';
import type { AskerKind } from './asker.js';

/** What is known of work before it is done: outcomes of work that is alike say the most of it. */
export interface Likeness {
  readonly kind: AskerKind;
  readonly workNs: number;
  /** Of the owner's that were expected to want to run meanwhile, on the mean. */
  readonly threads: number;
}

/** How work turned out. */
export interface Outcome extends Likeness {
  /** Logarithm of actual time / expected time, as the forecast had it. */
  readonly logRatio: number;
  /** Standard deviation of that, as the forecast had it. */
  readonly scale: number;
  /** Of the interval that was answered. */
  readonly level: number;
  readonly inside: boolean;
}

/** The distribution of log ratios for work of one likeness. */
export interface RatioDistribution {
  /** Mean of the log ratio. */
  readonly mean: number;
  /** What the log ratio stays below with this probability, in (0, 1). */
  quantile(probability: number): number;
  /** Outcomes behind it that are closely alike. */
  readonly outcomes: number;
}

/** Of the newest so many. */
export const OUTCOMES_KEPT = 1000;
/** Outcomes that the forecast's own normal distribution counts for, beside real ones. */
const PRIOR_OUTCOMES = 8;
const PRIOR_PLACES = 48;
/** The same for its being right on the mean, which is learnt sooner, and in how wide it is. */
const PRIOR_OF_MEAN = 4;
const PRIOR_OF_WIDTH = 8;
/** Of a standard normal distribution. */
const MEAN_ABSOLUTE = Math.sqrt(2 / Math.PI);
/** One outcome that is further off than so many deviations says no more of the width than that. */
const MOST_OFF = 6;
/** At this distance an outcome counts for 1/e. */
interface Reach {
  /** Logarithms of factors of work, and of threads with the own one. */
  readonly work: number;
  readonly threads: number;
}
/** What is wrong on the mean, and in the width, is so for work of many sizes; how outcomes spread is not. */
const OF_MEAN: Reach = { work: Math.log(10), threads: Math.log(3) };
const OF_SPREAD: Reach = { work: Math.log(3), threads: Math.log(2) };
/** However sure a forecast was, one outcome says no more of the mean than to within that. */
const LEAST_NOISE = 0.1;
/** Outcomes that came since. */
const AGE_SCALE = 300;
/** Of another kind. */
const OTHER_KIND = 0.05;
const CLOSE = 0.5;

interface Score {
  readonly score: number;
  readonly weight: number;
}

/**
 * How running times are calibrated: a conformal distribution over the log ratios of actual to expected time,
 * in units of the deviation that the forecast stated, each outcome weighted by how much it is like the work
 * asked about (size, load, kind) and by its age. First they say what is wrong on the mean and in the width, with a
 * wide reach; then how they spread, with a narrow one. The forecast's normal distribution, put right by
 * the first, counts as a few outcomes more, so that there is an answer from the first question on.
 * Source: Barber, Candès, Ramdas, Tibshirani, Conformal prediction beyond exchangeability, Annals of
 * Statistics 51 (2023).
 */
export function ratioDistribution(
  outcomes: readonly Outcome[],
  like: Likeness,
  scale: number,
): RatioDistribution {
  const weightOf = (at: number, reach: Reach): number =>
    Math.exp((at + 1 - outcomes.length) / AGE_SCALE) * likeness(outcomes[at]!, like, reach);
  const shift = shiftOf(
    outcomes.map((outcome, at) => ({ ...outcome, weight: weightOf(at, OF_MEAN) })),
    scale,
  );
  const scores: Score[] = outcomes.map(({ logRatio, scale: own }, at) => ({
    score: (logRatio - shift) / own,
    weight: weightOf(at, OF_SPREAD),
  }));
  const mean = shift + scale * meanOf(scores);
  const width = widthOf(scores.map(({ score }, at) => ({ score, weight: weightOf(at, OF_MEAN) })));
  for (let i = 0; i < PRIOR_PLACES; i++) {
    const score = width * normalQuantile((i + 0.5) / PRIOR_PLACES);
    scores.push({ score, weight: PRIOR_OUTCOMES / PRIOR_PLACES });
  }
  scores.sort((a, b) => a.score - b.score);
  const total = scores.reduce((sum, { weight }) => sum + weight, 0);
  return {
    mean,
    quantile: (probability) => shift + scale * weightedQuantile(scores, total, probability),
    outcomes: outcomes.filter((outcome) => likeness(outcome, like, OF_SPREAD) >= CLOSE).length,
  };
}

/** The log ratio on the mean, each outcome weighted also by how surely its forecast was stated. */
function shiftOf(
  outcomes: readonly (Pick<Outcome, 'logRatio' | 'scale'> & { readonly weight: number })[],
  scale: number,
): number {
  const sureness = (deviation: number): number => 1 / (deviation ** 2 + LEAST_NOISE ** 2);
  let [sum, total] = [0, PRIOR_OF_MEAN * sureness(scale)];
  for (const { logRatio, scale: own, weight } of outcomes) {
    sum += weight * sureness(own) * logRatio;
    total += weight * sureness(own);
  }
  return sum / total;
}

/** The forecast's own distribution, with a mean of 0, besides. */
function meanOf(scores: readonly Score[]): number {
  let [sum, total] = [0, PRIOR_OUTCOMES];
  for (const { score, weight } of scores) {
    sum += weight * score;
    total += weight;
  }
  return sum / total;
}

/** By how much outcomes are further off than stated: 1 where they are as far. */
function widthOf(scores: readonly Score[]): number {
  let [sum, total] = [PRIOR_OF_WIDTH * MEAN_ABSOLUTE, PRIOR_OF_WIDTH];
  for (const { score, weight } of scores) {
    sum += weight * Math.min(MOST_OFF, Math.abs(score));
    total += weight;
  }
  return sum / total / MEAN_ABSOLUTE;
}

function likeness(a: Likeness, b: Likeness, reach: Reach): number {
  const work = Math.abs(Math.log(a.workNs / b.workNs)) / reach.work;
  const threads = Math.abs(Math.log((1 + a.threads) / (1 + b.threads))) / reach.threads;
  return Math.exp(-work - threads) * (a.kind === b.kind ? 1 : OTHER_KIND);
}

/**
 * Between neighbouring scores in proportion, each standing at the middle of its weight; beyond the outermost
 * the outermost.
 */
function weightedQuantile(scores: readonly Score[], total: number, probability: number): number {
  const wanted = probability * total;
  let passed = 0;
  let before: { readonly score: number; readonly at: number } | null = null;
  for (const { score, weight } of scores) {
    const at = passed + weight / 2;
    if (at >= wanted) {
      if (before === null) return score;
      return before.score + ((score - before.score) * (wanted - before.at)) / (at - before.at);
    }
    before = { score, at };
    passed += weight;
  }
  return before?.score ?? 0;
}
