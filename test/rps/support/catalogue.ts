import type { Model } from '../../../src/rps/models/model.js';
import { MODEL_NAMES, type ModelSize, modelNamed } from '../../../src/rps/models/model-catalogue.js';

const ORDERS: Readonly<Record<string, string>> = { p: '3', q: '2', d: '1', n: '90', MODEL: 'AR(2)' };

/** A name for every line of the catalogue, its orders filled in: what stands there is tested without being listed. */
export const everyModel: readonly string[] = MODEL_NAMES.flatMap((line) => line.split(', ')).map((pattern) =>
  pattern.replace(/\((.*)\)$/, (_, orders: string) => `(${orders.split(',').map((each) => ORDERS[each])})`),
);

/** Throws when there is none. */
export function model(name: string, size: ModelSize): Model {
  const made = modelNamed(name, size);
  if (made === null) throw new Error(`the catalogue has no ${name}`);
  return made;
}
