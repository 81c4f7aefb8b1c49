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
/** Outcomes that the forecast's own distribution counts for, beside real ones. */
const PRIOR_OUTCOMES = 12;
const PRIOR_PLACES = 48;
/** At this distance an outcome counts for 1/e: factors of work and of threads with the own one, outcomes that came since. */
const WORK_SCALE = Math.log(3);
const THREADS_SCALE = Math.log(2);
const AGE_SCALE = 400;
/** Of another kind. */
const OTHER_KIND = 0.05;
const CLOSE = 0.5;

/**
 * How running times are calibrated: a conformal distribution over the log ratios of actual to expected time,
 * in units of the deviation that the forecast stated, each outcome weighted by how much it is like the work
 * asked about (size, load, kind) and by its age. The forecast's normal distribution counts as a few outcomes
 * more, so that there is an answer from the first question on.
 * Source: Barber, Candès, Ramdas, Tibshirani, Conformal prediction beyond exchangeability, Annals of
 * Statistics 51 (2023).
 */
export function ratioDistribution(
  outcomes: readonly Outcome[],
  like: Likeness,
  scale: number,
): RatioDistribution {
  const scores: { readonly score: number; readonly weight: number }[] = [];
  let [close, weighted, total] = [0, 0, PRIOR_OUTCOMES];
  outcomes.forEach((outcome, at) => {
    const alike = likeness(outcome, like);
    const weight = alike * Math.exp((at + 1 - outcomes.length) / AGE_SCALE);
    if (alike >= CLOSE) close++;
    const score = outcome.logRatio / outcome.scale;
    scores.push({ score, weight });
    weighted += weight * score;
    total += weight;
  });
  for (let i = 0; i < PRIOR_PLACES; i++) {
    const score = normalQuantile((i + 0.5) / PRIOR_PLACES);
    scores.push({ score, weight: PRIOR_OUTCOMES / PRIOR_PLACES });
  }
  scores.sort((a, b) => a.score - b.score);
  return {
    mean: (scale * weighted) / total,
    quantile: (probability) => scale * weightedQuantile(scores, total, probability),
    outcomes: close,
  };
}

function likeness(a: Likeness, b: Likeness): number {
  const work = Math.abs(Math.log(a.workNs / b.workNs)) / WORK_SCALE;
  const threads = Math.abs(Math.log((1 + a.threads) / (1 + b.threads))) / THREADS_SCALE;
  return Math.exp(-work - threads) * (a.kind === b.kind ? 1 : OTHER_KIND);
}

/**
 * Between neighbouring scores in proportion, each standing at the middle of its weight; beyond the outermost
 * the outermost.
 */
function weightedQuantile(
  scores: readonly { readonly score: number; readonly weight: number }[],
  total: number,
  probability: number,
): number {
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
