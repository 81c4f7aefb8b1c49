import { AutoregressiveModel } from '../models/autoregressive-model.js';
import { ForecastBuffer, type Model, type ModelForecast } from '../models/model.js';
import { SmoothingModel } from '../models/smoothing-model.js';
import { WarmUpModel } from '../models/warm-up-model.js';
import { uniformDeviation } from '../range.js';
import { LoadPath } from './load-path.js';

/** Samples that are looked back at, and steps that are looked ahead. */
export const LOAD_WINDOW = 600;
const STEPS = 600;

/**
 * Fits AR(16) and exponential smoothing to the samples of a load (oldest first, NaN where one is missing; LAST
 * while there are fewer than 68) and forecasts it by the mean of both: the one returns to the mean of the
 * samples, the other stays at the present level, and a load does something in between. Null: there are no samples,
 * or the newest ten are missing. `processors`: before it is known, the load is taken to be anything up to a thread on each.
 * Fitted anew for each question (1 or 2 ms), because what is known of the asker's own
 * past work changes the samples.
 */
export function forecastLoad(samples: Float64Array, stepNs: number, processors: number): LoadPath | null {
  const returning = new AutoregressiveModel({ window: LOAD_WINDOW, maxSteps: STEPS });
  const staying = new SmoothingModel({ window: LOAD_WINDOW, maxSteps: STEPS });
  returning.fit(samples);
  const isWarm = returning.samples >= returning.minimumSamples;
  if (!isWarm) {
    const priorDeviation = uniformDeviation({ minimum: 0, maximum: processors });
    const last = new WarmUpModel({
      maxSteps: STEPS,
      ...(priorDeviation !== undefined && { priorDeviation }),
    });
    return pathOf([fitted(last, samples)], samples, stepNs);
  }
  return pathOf([returning, fitted(staying, samples)], samples, stepNs);
}

function fitted<M extends Model>(model: M, samples: Float64Array): M {
  model.fit(samples);
  return model;
}

function pathOf(models: readonly Model[], samples: Float64Array, stepNs: number): LoadPath | null {
  const forecasts = models.map((model) => model.forecast(STEPS)).filter((one) => one !== null);
  if (forecasts.length < models.length) return null;
  const name = models.map((model) => model.name).join(' + ');
  return new LoadPath(name, stepNs, meanForecast(forecasts), knownOf(samples));
}

/** Their errors are taken to be the same, so the deviation of the mean's is the mean of theirs: it is no larger. */
function meanForecast(forecasts: readonly ModelForecast[]): ModelForecast {
  const mean = new ForecastBuffer(STEPS);
  mean.steps = STEPS;
  for (const one of forecasts) {
    for (let i = 0; i < STEPS; i++) {
      mean.means[i]! += one.means[i]! / forecasts.length;
      mean.deviations[i]! += one.deviations[i]! / forecasts.length;
      mean.averageDeviations[i]! += one.averageDeviations[i]! / forecasts.length;
    }
  }
  mean.average();
  return mean;
}

function knownOf(samples: Float64Array): { readonly longRunMean: number; readonly samples: number } {
  let [sum, count] = [0, 0];
  for (const sample of samples) {
    if (Number.isNaN(sample)) continue;
    sum += sample;
    count++;
  }
  return { longRunMean: sum / count, samples: count };
}
