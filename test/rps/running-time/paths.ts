import type { ModelForecast } from '../../../src/rps/models/model.js';
import { LoadPath } from '../../../src/rps/running-time/load-path.js';

/** A load that is known exactly, step by step of a second, and then `after`. */
export function knownPath(loads: readonly number[], after = loads.at(-1)!): LoadPath {
  return new LoadPath(
    'KNOWN',
    1e9,
    forecastOf(
      loads,
      () => 0,
      () => 0,
    ),
    { longRunMean: after, samples: Number.POSITIVE_INFINITY },
  );
}

export function forecastOf(
  loads: readonly number[],
  deviation: (step: number) => number,
  averageDeviation: (steps: number) => number,
): ModelForecast {
  let sum = 0;
  const averages = loads.map((load, i) => {
    sum += load;
    return sum / (i + 1);
  });
  return {
    steps: loads.length,
    means: Float64Array.from(loads),
    deviations: Float64Array.from(loads, (_, i) => deviation(i + 1)),
    averageMeans: Float64Array.from(averages),
    averageDeviations: Float64Array.from(loads, (_, i) => averageDeviation(i + 1)),
  };
}

export const times = (count: number, load: number): number[] => Array.from({ length: count }, () => load);

/**
 * [k]: what a thread gets of one of `processors` beside k others like it where all are treated alike, as
 * Linux's fair scheduler does with threads of one group: min(1, n / (k + 1)).
 */
export function fairRates(processors: number, most: number): number[] {
  return Array.from({ length: most + 1 }, (_, others) => Math.min(1, processors / (others + 1)));
}
