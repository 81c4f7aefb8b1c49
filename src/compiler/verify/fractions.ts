/* Exact fractions for the check of certificates, which shares no arithmetic with what it checks either. */

/** [numerator, denominator], denominator above 0, in lowest terms. */
export type Fraction = readonly [bigint, bigint];

export const ZERO: Fraction = [0n, 1n];
export const ONE: Fraction = [1n, 1n];
export const plus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => reduced(a * d + c * b, b * d);
export const minus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => reduced(a * d - c * b, b * d);
export const times = ([a, b]: Fraction, [c, d]: Fraction): Fraction => reduced(a * c, b * d);
export const over = ([a, b]: Fraction, [c, d]: Fraction): Fraction => reduced(a * d, b * c);
export const above = ([a, b]: Fraction, [c, d]: Fraction): boolean => a * d > c * b;
export const equal = (a: Fraction, b: Fraction): boolean => !above(a, b) && !above(b, a);
export const sum = (all: readonly Fraction[]): Fraction => all.reduce(plus, ZERO);
export const ratio = (num: number, den = 1): Fraction => reduced(BigInt(num), BigInt(den));

function reduced(num: bigint, den: bigint): Fraction {
  if (den <= 0n) throw new RangeError('a fraction with a denominator that is not above 0');
  let [x, y] = [num < 0n ? -num : num, den];
  while (y !== 0n) [x, y] = [y, x % y];
  return [num / x, den / x];
}

/** "19/20" or "3". */
export function parse(text: string): Fraction {
  const [, num, den = '1'] = /^(-?\d+)(?:\/(\d+))?$/.exec(text) ?? [];
  if (num === undefined) throw new RangeError(`"${text}" is not a fraction`);
  return reduced(BigInt(num), BigInt(den));
}

/** The value of a number as it is written: 0.95 is 19/20. */
export function decimal(value: number): Fraction {
  const [, whole, digits = '', exponent = 0] = /^(\d+)(?:\.(\d+))?(?:e(-?\d+))?$/.exec(String(value)) ?? [];
  if (whole === undefined) throw new RangeError(`${value} is no number for a plan`);
  const shift = BigInt(Number(exponent) - digits.length);
  const scaled = BigInt(whole + digits);
  return shift < 0n ? reduced(scaled, 10n ** -shift) : [scaled * 10n ** shift, 1n];
}
