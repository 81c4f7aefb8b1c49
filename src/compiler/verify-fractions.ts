/*
 * Exact fractions for the check of certificates, which shares no arithmetic with what it checks either.
 */

/** [numerator, denominator], denominator above 0. */
export type Fraction = readonly [bigint, bigint];

export const zero: Fraction = [0n, 1n];
export const plus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => reduce([a * d + c * b, b * d]);
export const minus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => reduce([a * d - c * b, b * d]);
export const times = ([a, b]: Fraction, [c, d]: Fraction): Fraction => reduce([a * c, b * d]);
export const over = ([a, b]: Fraction, [c, d]: Fraction): Fraction =>
  c < 0n ? reduce([-a * d, -b * c]) : reduce([a * d, b * c]);
export const above = ([a, b]: Fraction, [c, d]: Fraction): boolean => a * d > c * b;
export const equal = ([a, b]: Fraction, [c, d]: Fraction): boolean => a * d === c * b;
export const show = ([a, b]: Fraction): string => (b === 1n ? `${a}` : `${a}/${b}`);

export function reduce([a, b]: Fraction): Fraction {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? zero : [a / x, b / x];
}

export function parse(text: string): Fraction {
  const match = /^(-?\d+)(?:\/([1-9]\d*))?$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is not a fraction`);
  return [BigInt(match[1] ?? '0'), BigInt(match[2] ?? '1')];
}

/** The value of a number as it is written: 0.95 is 95/100. */
export function decimalFraction(value: number): Fraction {
  const match = /^(\d+)(?:\.(\d+))?(?:e(-?\d+))?$/.exec(String(value));
  if (!match) throw new RangeError(`${value} is not a number`);
  const digits = match[2] ?? '';
  const exponent = Number(match[3] ?? '0') - digits.length;
  const whole = BigInt(`${match[1]}${digits}`);
  return exponent < 0 ? reduce([whole, 10n ** BigInt(-exponent)]) : [whole * 10n ** BigInt(exponent), 1n];
}

/** A fraction as the plan's settings write it. */
export const rounded = ([a, b]: Fraction): Fraction => decimalFraction(Number(a) / Number(b));
