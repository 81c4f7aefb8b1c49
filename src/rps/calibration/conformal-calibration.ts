import { MAX_TRAILING_GAP, type ModelForecast } from '../models/model.js';
import { SampleWindow } from '../models/sample-window.js';
import { normalQuantile } from '../numeric/normal.js';
import type { Range } from '../range.js';
import { TRACKED, TRACKED_LEVELS } from './adaptive-tails.js';
import type { Accuracy } from './forecast-record.js';
import { TrackedForecast } from './tracked-forecast.js';
import { Volatility } from './volatility.js';

/** What a forecast is about: the sample h steps ahead, or the average of the next h samples. */
export type ForecastKind = 'step' | 'average';

/** How forecasts so many steps ahead have fared, over the last of them whose outcome is known. */
export interface HorizonAccuracy {
  readonly steps: number;
  readonly step: Accuracy;
  /** Of the average over the first `steps` steps. */
  readonly average: Accuracy;
}

/** How far the limits of an average are corrected now. */
export interface LimitCalibration {
  /** False: too few errors are known, and limits are those of normal errors of the model's deviation. */
  readonly calibrated: boolean;
  /** Errors behind it, at most 600; of the tracked horizon at or above the asked one. */
  readonly errors: number;
  /**
   * Level that the limits are taken at now, 0 to 1. Above the asked one they are wider than its own share of the last errors,
   * for more outcomes lay beyond them of late than should; null while not calibrated.
   */
  readonly effectiveLevel: number | null;
  /** Each limit by itself: the level is that of a one-sided limit, (1 + the asked one) / 2. */
  readonly lower: LimitRecord;
  readonly upper: LimitRecord;
}

/** One limit's correction, and how such limits held. */
export interface LimitRecord {
  /** As {@link LimitCalibration.effectiveLevel}. */
  readonly effectiveLevel: number | null;
  /** The tracked level nearest to the asked one, that `held` is of. */
  readonly auditedLevel: number;
  /** Share of outcomes that such limits held, as published, at the audited horizon nearest to the asked one; null when none has come. */
  readonly held: number | null;
}

/** Steps ahead at which errors correct limits, unless told otherwise. */
export const CALIBRATED_HORIZONS = [1, 5, 10, 30, 120];
/** Beyond so many steps only one forecast in ten is followed: neighbouring ones have nearly the same errors, and looking far is dear. */
const [NEAR, FAR_EVERY] = [30, 10];
const NORMAL = TRACKED.map(normalQuantile);

/**
 * Limits of forecasts that learn from the errors of those made before, for one predictor: at some horizons, for single steps and
 * averages apart, the model's deviation is replaced by quantiles of signed errors ({@link TrackedForecast}); between horizons
 * they are interpolated, beyond the furthest scaled by the model's deviations. Until enough is known: normal errors of the
 * model's deviation. Limits are not clipped here. Allocates nothing after it was made.
 */
export class ConformalCalibration {
  readonly #horizons: readonly number[];
  readonly #audited: readonly number[];
  readonly #steps: readonly TrackedForecast[];
  readonly #averages: readonly TrackedForecast[];
  readonly #recent: SampleWindow;
  readonly #volatility = new Volatility();
  #time = 0;
  /** What was forecast of the next sample; NaN: nothing that counts. */
  #expected = Number.NaN;

  /** Steps ahead at which errors are kept, and those of them that accuracy is told of; the latter, and one step, are calibrated too. */
  constructor(audited: readonly number[], calibrated: readonly number[], range: Range) {
    const horizons = [...new Set([1, ...audited, ...calibrated])];
    horizons.sort((a, b) => a - b);
    this.#audited = [...audited].sort((a, b) => a - b);
    const track = (steps: number) =>
      new TrackedForecast(steps, steps > NEAR ? FAR_EVERY : 1, range, audited.includes(steps));
    this.#steps = horizons.map(track);
    this.#averages = horizons.map(track);
    this.#horizons = horizons;
    this.#recent = new SampleWindow(horizons.at(-1)!);
  }

  clear(): void {
    for (const tracked of [...this.#steps, ...this.#averages]) tracked.clear();
    this.#recent.clear();
    this.#volatility.clear();
    this.#time = 0;
    this.#expected = Number.NaN;
  }

  /** Steps that the forecast to be remembered now has to reach. */
  get reach(): number {
    const far = this.#time % FAR_EVERY === 0;
    let reach = this.#horizons[0]!;
    for (const steps of this.#horizons) if (far || steps <= NEAR) reach = steps;
    return reach;
  }

  /** Learns from the forecasts that were about this sample, NaN for a gap. To be called before {@link remember}, once a step. */
  observe(sample: number): void {
    this.#recent.push(sample);
    this.#time++;
    const error = sample - this.#expected;
    if (!Number.isNaN(error)) this.#volatility.add(error);
    let [sum, reached] = [0, 0];
    for (let i = 0; i < this.#steps.length; i++) {
      const step = this.#steps[i]!;
      while (reached < step.steps) sum += this.#recent.at(this.#recent.length - ++reached);
      step.observe(this.#time, sample);
      this.#averages[i]!.observe(this.#time, sum / step.steps);
    }
  }

  /**
   * Keeps the forecast of {@link reach} made after that sample, until its outcomes come; null: there was none. `last` is the newest sample that is
   * no gap, `gap` how many were missed since. `learns`: whether limits are calibrated by its errors. A second call for
   * one sample replaces the first.
   */
  remember(forecast: ModelForecast | null, last: number, gap: number, learns: boolean): void {
    const scale = learns ? this.#volatility.scale : 0;
    this.#expected = forecast === null || !learns ? Number.NaN : forecast.means[0]!;
    for (let i = 0; i < this.#steps.length; i++) {
      this.#rememberOne('step', this.#steps[i]!, forecast, last, gap, scale);
      this.#rememberOne('average', this.#averages[i]!, forecast, last, gap, scale);
    }
  }

  /**
   * What the error stays below with `probability`, in (0, 1); rises with it. `steps` is at most that of the forecast, `gap` as
   * it was made; `learns` as in {@link remember}.
   */
  offset(
    kind: ForecastKind,
    steps: number,
    forecast: ModelForecast,
    gap: number,
    learns: boolean,
    probability: number,
  ): number {
    const scale = learns ? this.#volatility.scale : 0;
    return this.#offset(kind, steps, forecast, gap, scale, probability, -1);
  }

  /** At each audited horizon, for two-sided intervals of the {@link auditedLevel}. */
  accuracy(level: number): HorizonAccuracy[] {
    const k = nearestPlace((1 - level) / 2);
    return this.#audited.map((steps) => {
      const i = this.#steps.findIndex((tracked) => tracked.steps === steps);
      return {
        steps,
        step: this.#steps[i]!.record!.accuracy(k),
        average: this.#averages[i]!.record!.accuracy(k),
      };
    });
  }

  /** Of the average over `steps`, two-sided at `level`. */
  limits(steps: number, level: number): LimitCalibration {
    const { tails } = this.#averages.find((tracked) => tracked.steps >= steps) ?? this.#averages.at(-1)!;
    const { calibrated, errors } = tails;
    const known = this.#averages.flatMap(({ steps: at, record }) => (record ? [{ at, record }] : []));
    const { record } = known.reduce((best, next) =>
      Math.abs(next.at - steps) < Math.abs(best.at - steps) ? next : best,
    );
    const tail = (1 - level) / 2;
    const k = nearestPlace(tail);
    const [below, above] = [tails.effective(tail), tails.effective(1 - tail)];
    const share = (effective: number) => (calibrated ? Math.min(1, Math.max(0, effective)) : null);
    const side = (effective: number, place: number): LimitRecord => ({
      effectiveLevel: share(effective),
      auditedLevel: TRACKED[TRACKED.length - 1 - k]!,
      held: record.held(place),
    });
    return {
      calibrated,
      errors,
      effectiveLevel: share(above - below),
      lower: side(1 - below, k),
      upper: side(above, TRACKED.length - 1 - k),
    };
  }

  #rememberOne(
    kind: ForecastKind,
    tracked: TrackedForecast,
    forecast: ModelForecast | null,
    last: number,
    gap: number,
    scale: number,
  ): void {
    if (forecast === null || tracked.steps > forecast.steps) {
      tracked.skip(this.#time);
      return;
    }
    const means = kind === 'step' ? forecast.means : forecast.averageMeans;
    const at = tracked.remember(this.#time, means[tracked.steps - 1]!, last, scale);
    const deviations = kind === 'step' ? forecast.deviations : forecast.averageDeviations;
    if (gap === 0 && scale > 0 && tracked.tails.calibrated && deviations[tracked.steps - 1]! > 0) {
      for (let k = 0; k < TRACKED.length; k++) tracked.limits[at + k] = scale * tracked.tails.quantileAt(k);
      return;
    }
    for (let k = 0; k < TRACKED.length; k++) {
      tracked.limits[at + k] = this.#offset(kind, tracked.steps, forecast, gap, scale, TRACKED[k]!, k);
    }
  }

  /** `k`: the place of `probability` in TRACKED, −1 where it was not looked for; `scale` 0: nothing learned counts. */
  #offset(
    kind: ForecastKind,
    steps: number,
    forecast: ModelForecast,
    gap: number,
    scale: number,
    probability: number,
    k: number,
  ): number {
    const deviations = kind === 'step' ? forecast.deviations : forecast.averageDeviations;
    const deviation = deviations[steps - 1]!;
    if (deviation === 0) return 0;
    const all = kind === 'step' ? this.#steps : this.#averages;
    let known = 0;
    if (scale > 0) while (known < all.length && all[known]!.tails.calibrated) known++;
    if (known === 0) return deviation * (k < 0 ? normalQuantile(probability) : NORMAL[k]!);
    const last = all[known - 1]!;
    if (steps > last.steps) {
      const reached = deviations[last.steps - 1]!;
      const growth = reached > 0 ? deviation / reached : 1;
      return growth * scale * quantileOf(last, probability, k);
    }
    // The samples that were missed are steps ahead of the last one that came, too.
    const ahead = Math.min(last.steps, steps + Math.min(gap, MAX_TRAILING_GAP));
    let i = 0;
    while (all[i]!.steps < ahead) i++;
    const above = quantileOf(all[i]!, probability, k);
    if (all[i]!.steps === ahead) return scale * above;
    const below = quantileOf(all[i - 1]!, probability, k);
    const share = (ahead - all[i - 1]!.steps) / (all[i]!.steps - all[i - 1]!.steps);
    return scale * (below + share * (above - below));
  }
}

function quantileOf({ tails }: TrackedForecast, probability: number, k: number): number {
  return k < 0 ? tails.quantile(probability) : tails.quantileAt(k);
}

/** Place in TRACKED of the lower tail nearest to `probability`. */
function nearestPlace(probability: number): number {
  let nearest = 0;
  for (let k = 1; k < (TRACKED.length - 1) / 2; k++) {
    if (Math.abs(TRACKED[k]! - probability) < Math.abs(TRACKED[nearest]! - probability)) nearest = k;
  }
  return nearest;
}

/** The two-sided level nearest to `level` at which published limits are audited. */
export function auditedLevel(level: number): number {
  return TRACKED_LEVELS.reduce((best, next) =>
    Math.abs(next - level) < Math.abs(best - level) ? next : best,
  );
}
