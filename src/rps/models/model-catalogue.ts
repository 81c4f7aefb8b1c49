import { ArfimaModel } from './arfima-model.js';
import { ArimaModel } from './arima-model.js';
import { AutoregressiveModel } from './autoregressive-model.js';
import { BestMeanModel } from './best-mean-model.js';
import { BurgModel } from './burg-model.js';
import { CombinedModel, type CombinedOptions } from './combined-model.js';
import { HarModel } from './har-model.js';
import { HoltModel } from './holt-model.js';
import { LastModel } from './last-model.js';
import { LeastSquaresModel } from './least-squares-model.js';
import { ManagedModel } from './managed-model.js';
import { MeanModel } from './mean-model.js';
import { MedianModel } from './median-model.js';
import { DEFAULT_MAX_STEPS, type Model } from './model.js';
import { SmoothingModel } from './smoothing-model.js';
import { ThetaModel } from './theta-model.js';

/** Of every model: the samples that it is fitted to, how far ahead it looks, how often it is fitted. */
export interface ModelSize {
  readonly window: number;
  readonly maxSteps: number;
  /** Samples between two fits; each model's own unless given. */
  readonly refitEvery?: number;
}

/** A model by its name, and what stands in brackets after it. */
interface CatalogueEntry {
  /** Of the numbers in brackets; `?` where they may be left out, none for no brackets. */
  readonly orders?: 'p' | 'q' | 'p?' | 'p,q' | 'p,d,q';
  readonly make: (size: ModelSize, orders: readonly number[]) => Model;
}

const CATALOGUE: ReadonlyMap<string, CatalogueEntry> = new Map<string, CatalogueEntry>([
  ['LAST', { make: (size) => new LastModel(size) }],
  ['MEAN', { make: (size) => new MeanModel(size) }],
  ['MEDIAN', { orders: 'p?', make: (size, [order = 31]) => new MedianModel({ ...size, order }) }],
  ['BM', { orders: 'p?', make: (size, [order = 32]) => new BestMeanModel({ ...size, order }) }],
  ['AR', { orders: 'p?', make: autoregression }],
  ['BURG', { orders: 'p', make: (size, [order = 0]) => new BurgModel({ ...size, order }) }],
  ['OLS', { orders: 'p', make: (size, [order = 0]) => new LeastSquaresModel({ ...size, order }) }],
  ['ARI', { orders: 'p?', make: integrated }],
  ['MA', { orders: 'q', make: (size, [q = 0]) => new ArimaModel([0, 0, q], size) }],
  ['ARMA', { orders: 'p,q', make: (size, [p = 0, q = 0]) => new ArimaModel([p, 0, q], size) }],
  ['ARIMA', { orders: 'p,d,q', make: (size, [p = 0, d = 0, q = 0]) => new ArimaModel([p, d, q], size) }],
  ['ARIMAML', { orders: 'p,d,q', make: exactArima }],
  ['ARFIMA', { make: (size) => new ArfimaModel(size) }],
  ['SES', { make: (size) => new SmoothingModel(size) }],
  ['THETA', { make: (size) => new ThetaModel(size) }],
  ['HOLT', { make: (size) => new HoltModel(size) }],
  ['HAR', { make: (size) => new HarModel(size) }],
  ['WEIGHTED', { make: (size) => combined(size, 'WEIGHTED', 'weighted') }],
  ['BEST', { make: (size) => combined(size, 'BEST', 'best') }],
]);

/** The model that is used unless another is named: by {@link Predictor}, and so by the daemon. Default size: that of each model. */
export function defaultModel(size: Partial<ModelSize> = {}): Model {
  return combined({ window: 600, maxSteps: DEFAULT_MAX_STEPS, ...size }, 'WEIGHTED', 'weighted');
}

/** Every name, with the orders that must follow, or may; and those that decide when another model is fitted. */
export const MODEL_NAMES: readonly string[] = [
  ...[...CATALOGUE].map(([name, { orders }]) => {
    if (orders === undefined) return name;
    return orders === 'p?' ? `${name}, ${name}(p)` : `${name}(${orders})`;
  }),
  'AWAIT(n,MODEL)',
  'REFIT(n,MODEL)',
  'MANAGED(MODEL)',
];

/**
 * The model of a name such as `AR(16)`, `ARIMA(2,1,1)`, `WEIGHTED` or `REFIT(60,AR(8))`; null when there is none.
 * Throws a RangeError when its order does not fit into the window.
 */
export function modelNamed(name: string, size: ModelSize): Model | null {
  const match = /^([A-Z]+)(?:\((\d{1,4}(?:,\d{1,4})*)\))?$/.exec(name);
  const entry = CATALOGUE.get(match?.[1] ?? '');
  if (!match || !entry) return managed(name, size);
  const orders = match[2]?.split(',').map(Number) ?? [];
  const wanted = entry.orders?.split(',').length ?? 0;
  if (orders.length !== wanted && !(orders.length === 0 && entry.orders === 'p?')) return null;
  return entry.make(size, orders);
}

/** One that decides when another is fitted, which then never fits itself; one may not stand inside another. */
function managed(name: string, size: ModelSize): Model | null {
  const match = /^(?:(AWAIT|REFIT)\((\d{1,5}),|(MANAGED)\()([A-Z]+(?:\([\d,]+\))?)\)$/.exec(name);
  if (!match) return null;
  const model = modelNamed(match[4]!, { ...size, refitEvery: Number.POSITIVE_INFINITY });
  if (model === null) return null;
  const count = Number(match[2]);
  return new ManagedModel({
    name,
    model,
    window: size.window,
    ...(match[1] === 'AWAIT' && { awaited: count }),
    ...(match[1] === 'REFIT' && { refitEvery: count }),
    alarmed: match[3] !== undefined,
  });
}

/** With an order, Yule-Walker at every sample; without, Burg of the order with the least AICc. */
function autoregression(size: ModelSize, [order]: readonly number[]): Model {
  return order === undefined ? new BurgModel(size) : new AutoregressiveModel({ ...size, order });
}

function integrated(size: ModelSize, [order]: readonly number[]): Model {
  return new BurgModel({ ...size, differences: true, ...(order !== undefined && { order }) });
}

function exactArima(size: ModelSize, [p = 0, d = 0, q = 0]: readonly number[]): Model {
  return new ArimaModel([p, d, q], { ...size, exact: true });
}

function combined(size: ModelSize, name: string, rule: CombinedOptions['rule']): Model {
  const members = [
    new BurgModel({ ...size, differences: true }),
    new ArfimaModel(size),
    new AutoregressiveModel(size),
    new SmoothingModel(size),
    new MedianModel(size),
    new MedianModel({ ...size, order: 5 }),
    new BestMeanModel(size),
    new LastModel(size),
  ];
  return new CombinedModel({ ...size, name, rule, members });
}
