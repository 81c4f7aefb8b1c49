import { AutoregressiveModel } from '../models/autoregressive-model.js';
import type { Model } from '../models/model.js';
import { WarmUpModel } from '../models/warm-up-model.js';
import { LoadPath } from './load-path.js';

/** Samples that are looked back at, and steps that are looked ahead. */
export const LOAD_WINDOW = 600;
const STEPS = 600;

/**
 * Fits AR(16) to the samples of a load (oldest first, NaN where one is missing; LAST while there are fewer
 * than 68) and forecasts it. Null: there are none, or the newest ten are missing. Fitted anew for each
 * question (some 10 us), because what is known of the asker's own past work changes the samples.
 */
export function forecastLoad(samples: Float64Array, stepNs: number): LoadPath | null {
  const model: Model = new AutoregressiveModel({ window: LOAD_WINDOW });
  model.fit(samples);
  const active = model.samples < model.minimumSamples ? new WarmUpModel() : model;
  if (active !== model) active.fit(samples);
  const forecast = active.forecast(STEPS);
  if (forecast === null) return null;
  return new LoadPath(active.name, stepNs, forecast, knownOf(samples));
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
