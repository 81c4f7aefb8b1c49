import type { Plan } from '../compiler/plan.js';
import { unitOf } from '../lang/units.js';
import { writtenName } from '../lang/words.js';
import { toNumber } from '../support/rational.js';

type SignalType = Plan['signals'][number]['type'];

/** Far beyond anything that is measured, and small enough for a predictor to square. */
const LARGEST = 1e100;

/** How values of each type are written. */
const EXAMPLES: { readonly [T in SignalType]: string } = {
  number: '31.5',
  percent: '70%',
  time: '30s',
  size: '2GiB',
  rate: '10MB/s',
  temperature: '65C',
};

/**
 * A pushed value in the unit in which plans state thresholds (percent, seconds, bytes, bytes per second, degrees Celsius, a
 * bare number): as written with a unit of the language, or as a number in that very unit. Null: it is none of that type.
 */
export function signalValue(value: string | number, type: SignalType): number | null {
  const amount = typeof value === 'number' ? value : writtenValue(value, type);
  return amount !== null && Math.abs(amount) <= LARGEST ? amount : null;
}

function writtenValue(value: string, type: SignalType): number | null {
  const match = /^(-?)(\d+(?:\.\d+)?)\s*(\S*)$/.exec(value.trim());
  const unit = match && unitOf(match[3] ?? '');
  if (!match || !unit || unit.dimension !== type) return null;
  const perUnit = toNumber({ num: unit.num, den: unit.den }) / (type === 'time' ? 1e9 : 1);
  return Number(`${match[1]}${match[2]}`) * perUnit;
}

/** The signal of a plan that goes by a name, with or without the quotes that it has in conditions. */
export const signalNamed = ({ signals }: Plan, name: string): Plan['signals'][number] | undefined =>
  signals.find((one) => one.name === name) ?? signals.find((one) => one.name === writtenName(name));

/** "31.5": what a value of this type looks like. */
export const exampleOf = (type: SignalType): string => EXAMPLES[type];
