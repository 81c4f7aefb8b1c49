/**
 * A predictor of one series on a regular grid of time. RPS's interface (Dinda, Design, implementation, and
 * performance of an extensible toolkit for resource prediction in distributed systems, IEEE TPDS 17 (2006)):
 * fit, step, predict.
 *
 * A sample is a finite number; NaN stands for one that was missed (a gap). Infinities and numbers too large
 * to square are refused with a RangeError: see {@link checkSample}.
 */
export interface Model {
  /** As it is shown to people: `AR(16)`, `LAST`, `MEAN`. */
  readonly name: string;
  /** Most steps that {@link forecast} looks ahead. */
  readonly maxSteps: number;
  /** Samples below which it has nothing to say ({@link forecast} answers null). */
  readonly minimumSamples: number;
  /** Samples that it knows now, gaps not counted. */
  readonly samples: number;
  /**
   * Forgets everything and learns from `window`, oldest sample first; longer than its own window: the newest
   * part.
   */
  fit(window: Float64Array): void;
  /** Takes in the next sample, NaN for a gap. Allocates nothing. */
  step(sample: number): void;
  /**
   * Predicts 1 … `steps` steps past the last call of {@link step} (gaps included), null while there are too
   * few samples or the last {@link MAX_TRAILING_GAP} are missing. The answer is overwritten by the next
   * call: copy what is kept. Throws a RangeError unless 1 ≤ steps ≤ maxSteps.
   */
  forecast(steps: number): ModelForecast | null;
}

/**
 * Index h − 1 is h steps ahead, or the average over the first h steps. Only the first `steps` entries are
 * meant.
 */
export interface ModelForecast {
  readonly steps: number;
  readonly means: Float64Array;
  /** Standard deviation of the error of each step. */
  readonly deviations: Float64Array;
  readonly averageMeans: Float64Array;
  /** Standard deviation of the error of each average. */
  readonly averageDeviations: Float64Array;
}

/** After so many missed samples in a row a series counts as lost. */
export const MAX_TRAILING_GAP = 10;

/** Steps ahead that a model looks unless told otherwise. */
export const DEFAULT_MAX_STEPS = 600;
const LARGEST_SAMPLE = 1e140;

/** Throws a RangeError unless `sample` is NaN (a gap) or of a size that can be squared and summed. */
export function checkSample(sample: number): void {
  if (Math.abs(sample) > LARGEST_SAMPLE) {
    throw new RangeError(`${sample} is no sample: it must be within ±${LARGEST_SAMPLE}, or NaN for a gap`);
  }
}

/** Throws a RangeError unless 1 ≤ steps ≤ maxSteps, a whole number. */
export function checkSteps(steps: number, maxSteps: number): void {
  if (!Number.isInteger(steps) || steps < 1 || steps > maxSteps) {
    throw new RangeError(`a forecast looks 1 to ${maxSteps} steps ahead, not ${steps}`);
  }
}

/** The typed arrays of a forecast, made once by each model. */
export class ForecastBuffer implements ModelForecast {
  steps = 0;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  readonly averageMeans: Float64Array;
  readonly averageDeviations: Float64Array;

  constructor(maxSteps: number) {
    this.means = new Float64Array(maxSteps);
    this.deviations = new Float64Array(maxSteps);
    this.averageMeans = new Float64Array(maxSteps);
    this.averageDeviations = new Float64Array(maxSteps);
  }

  /** Derives the averages' means from the steps' means. */
  average(): void {
    let sum = 0;
    for (let h = 1; h <= this.steps; h++) {
      sum += this.means[h - 1]!;
      this.averageMeans[h - 1] = sum / h;
    }
  }
}
