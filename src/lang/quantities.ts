import { invariant, unreachable } from '../support/invariant.js';
import { multiply, parseDecimal, type Rational, rational } from '../support/rational.js';
import type { CpuAmount, Quantity as ModelQuantity } from './model.js';
import type { SignalType } from './signals.js';
import type { Quantity } from './tree.js';
import { type Dimension, unitOf } from './units.js';

/*
 * What written quantities amount to, exactly. A quantity whose dimension is not the one asked for has its error
 * already: these functions then return null, so that a check about its value stays silent.
 */

export function dimensionOf(quantity: Quantity): Dimension {
  const unit = unitOf(quantity.unit);
  invariant(unit !== null, `the grammar let ${quantity.unit} pass as a unit`);
  return unit.dimension;
}

/** In the base of its dimension: ns, cores, bytes, bytes per second, parts of the whole for `%` of memory. */
export function exactValue(quantity: Quantity): Rational {
  const unit = unitOf(quantity.unit);
  invariant(unit !== null, `the grammar let ${quantity.unit} pass as a unit`);
  return multiply(parseDecimal(quantity.number), rational(unit.num, unit.den));
}

function valueIn(dimension: Dimension, quantity: Quantity): Rational | null {
  return dimensionOf(quantity) === dimension ? exactValue(quantity) : null;
}

/** Nanoseconds; may be a fraction. */
export const timeOf = (quantity: Quantity): Rational | null => valueIn('time', quantity);
export const numberOf = (quantity: Quantity): Rational | null => valueIn('number', quantity);
/** Bytes; may be a fraction. */
export const sizeOf = (quantity: Quantity): Rational | null => valueIn('size', quantity);
/** Bytes per second; may be a fraction. */
export const rateOf = (quantity: Quantity): Rational | null => valueIn('rate', quantity);
/** I/O operations per second. */
export const iopsOf = (quantity: Quantity): Rational | null => valueIn('iops', quantity);
/** Nanoseconds of one core; may be a fraction. */
export const workOf = (quantity: Quantity): Rational | null => valueIn('work', quantity);
/** Of the host's memory: 1 is all of it. */
export const memoryFractionOf = (quantity: Quantity): Rational | null => valueIn('memory-fraction', quantity);
/** Percent as written: 95 for `95%`. */
export const percentOf = (quantity: Quantity): Rational | null => valueIn('percent', quantity);

/** An amount of CPU as a constraint states it. */
export function cpuOf(quantity: Quantity): CpuAmount | null {
  const value = valueIn('cpu', quantity);
  if (value === null) return null;
  return quantity.unit === '% of cpu'
    ? { kind: 'host-fraction', fraction: value }
    : { kind: 'cores', cores: value };
}

/** The lower end of an elastic ceiling, which may leave out `of cpu`. */
export function elasticEndOf(quantity: Quantity): CpuAmount | null {
  const percent = percentOf(quantity);
  if (percent === null) return cpuOf(quantity);
  return { kind: 'host-fraction', fraction: multiply(percent, rational(1n, 100n)) };
}

/** A quantity compared with a signal of the given type; the check of dimensions has passed. */
export function comparedWith(type: Exclude<SignalType, 'boolean'>, quantity: Quantity): ModelQuantity {
  const value = exactValue(quantity);
  switch (type) {
    case 'cpu': {
      const fraction = multiply(value, rational(1n, 100n));
      return cpuOf(quantity) ?? { kind: 'host-fraction', fraction };
    }
    case 'size':
      return dimensionOf(quantity) === 'size'
        ? { kind: 'size', bytes: value }
        : { kind: 'memory-fraction', fraction: value };
    case 'time':
      return { kind: 'time', ns: wholeOf(value) };
    case 'rate':
      return { kind: 'rate', bytesPerSecond: value };
    case 'number':
      return { kind: 'number', value };
    case 'percent':
      return { kind: 'percent', percent: value };
    case 'temperature':
      return { kind: 'temperature', celsius: value };
    default:
      return unreachable(type);
  }
}

/** Of a time that a check has shown to be in whole nanoseconds. */
export const nanosecondsOf = (quantity: Quantity): bigint => wholeOf(timeOf(quantity));

/** A value that a check has shown to be whole. */
export function wholeOf(value: Rational | null): bigint {
  invariant(value !== null && value.den === 1n, 'a whole number of the right dimension was checked for');
  return value.num;
}
