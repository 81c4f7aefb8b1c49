import { AutoregressiveModel } from './autoregressive-model.js';
import { BestMeanModel } from './best-mean-model.js';
import { BurgModel } from './burg-model.js';
import { CombinedModel, type CombinedOptions } from './combined-model.js';
import { HarModel } from './har-model.js';
import { HoltModel } from './holt-model.js';
import { LastModel } from './last-model.js';
import { MeanModel } from './mean-model.js';
import { MedianModel } from './median-model.js';
import type { Model } from './model.js';
import { SmoothingModel } from './smoothing-model.js';

/** Of every model: the samples that it is fitted to, how far ahead it looks, how often it is fitted. */
export interface ModelSize {
  readonly window: number;
  readonly maxSteps: number;
  /** Samples between two fits; each model's own unless given. */
  readonly refitEvery?: number;
}

type Make = (size: ModelSize, order: number | undefined) => Model;

/** A model by its name, and what may stand in brackets after it. */
interface CatalogueEntry {
  readonly make: Make;
  readonly order: 'none' | 'optional' | 'required';
}

const CATALOGUE: ReadonlyMap<string, CatalogueEntry> = new Map<string, CatalogueEntry>([
  ['LAST', { order: 'none', make: (size) => new LastModel(size) }],
  ['MEAN', { order: 'none', make: (size) => new MeanModel(size) }],
  ['MEDIAN', { order: 'none', make: (size) => new MedianModel(size) }],
  ['BM', { order: 'optional', make: (size, order = 32) => new BestMeanModel({ ...size, order }) }],
  ['AR', { order: 'optional', make: autoregression }],
  ['BURG', { order: 'required', make: (size, order = 16) => new BurgModel({ ...size, order }) }],
  ['ARI', { order: 'optional', make: integrated }],
  ['SES', { order: 'none', make: (size) => new SmoothingModel(size) }],
  ['HOLT', { order: 'none', make: (size) => new HoltModel(size) }],
  ['HAR', { order: 'none', make: (size) => new HarModel(size) }],
  ['WEIGHTED', { order: 'none', make: (size) => combined(size, 'WEIGHTED', 'weighted') }],
  ['BEST', { order: 'none', make: (size) => combined(size, 'BEST', 'best') }],
]);

/** What `default` is in `vmc backtest`. The daemon's own is AR(16) so far. */
export const DEFAULT_MODEL = 'WEIGHTED';

/** Every name, with `(p)` where an order may or must follow. */
export const MODEL_NAMES: readonly string[] = [...CATALOGUE].map(([name, { order }]) =>
  order === 'none' ? name : order === 'optional' ? `${name}, ${name}(p)` : `${name}(p)`,
);

/**
 * The model of a name such as `AR(16)`, `ARI` or `WEIGHTED`; null when there is none. Throws a RangeError when
 * its order does not fit into the window.
 */
export function modelNamed(name: string, size: ModelSize): Model | null {
  const match = /^([A-Z]+)(?:\((\d{1,4})\))?$/.exec(name);
  const entry = CATALOGUE.get(match?.[1] ?? '');
  if (!match || !entry) return null;
  const order = match[2] === undefined ? undefined : Number(match[2]);
  if (entry.order === (order === undefined ? 'required' : 'none')) return null;
  return entry.make(size, order);
}

/** With an order, Yule-Walker at every sample; without, Burg of the order with the least AICc. */
function autoregression(size: ModelSize, order: number | undefined): Model {
  return order === undefined ? new BurgModel(size) : new AutoregressiveModel({ ...size, order });
}

function integrated(size: ModelSize, order: number | undefined): Model {
  return new BurgModel({ ...size, differences: true, ...(order !== undefined && { order }) });
}

function combined(size: ModelSize, name: string, rule: CombinedOptions['rule']): Model {
  const members = [
    new BurgModel(size),
    new BurgModel({ ...size, differences: true }),
    new SmoothingModel(size),
    new HarModel(size),
    new AutoregressiveModel(size),
    new MeanModel(size),
  ];
  return new CombinedModel({ ...size, name, rule, members });
}
