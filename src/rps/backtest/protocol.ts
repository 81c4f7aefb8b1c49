/** How origins are chosen: `p1` a fit at each of a few, `p2` a walk over every sample. */
export type ProtocolName = 'p1' | 'p2';

/** Steps that are forecast from each origin. */
export const HORIZON = 30;
/** Steps ahead that are scored. */
export const SCORED_HORIZONS = [1, 5, 10, 30] as const;
/** Samples between two fits of a walk. */
export const BLOCK = 30;

const [LONG, SHORT] = [600, 192];
const ENOUGH_FOR_LONG = 1200;
const [MANY, FEW] = [24, 4];
const LEAST_DEVIATION = 1e-9;
const LEAST_VALUES = 10;

/** Samples that are trained on, for a series of `n`. */
export const trainingWindow = (n: number): number => (n >= ENOUGH_FOR_LONG ? LONG : SHORT);

/** Fewest samples that can be scored. */
export const LEAST_SAMPLES = SHORT + HORIZON;

/** Where p1 forecasts from: the index of the first sample that is not known. Without duplicates, in order. */
export function originsOf(n: number): number[] {
  const window = trainingWindow(n);
  const count = n >= ENOUGH_FOR_LONG ? MANY : FEW;
  const origins = Array.from(
    { length: count },
    (_, k) => window + Math.floor((k * (n - window - HORIZON)) / (count - 1)),
  );
  return [...new Set(origins)];
}

/** A window that is as good as constant says nothing of a model, and is left out. */
export function isInformative(training: Float64Array): boolean {
  if (new Set(training).size < LEAST_VALUES) return false;
  const n = training.length;
  const mean = training.reduce((sum, value) => sum + value, 0) / n;
  const squares = training.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (n - 1)) > LEAST_DEVIATION;
}

/** Mean absolute difference of neighbours: what MASE is relative to. */
export function naiveScale(training: Float64Array): number {
  let sum = 0;
  for (let t = 1; t < training.length; t++) sum += Math.abs(training[t]! - training[t - 1]!);
  return sum / (training.length - 1);
}
