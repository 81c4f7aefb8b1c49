import { greatestCommonDivisor, parseDecimal, type Rational, rational } from '../support/rational.js';

/** The exact value of a number's shortest decimal form: 0.95 is 19/20, not the double nearest to it. */
export function exactDecimal(value: number): Rational {
  const [mantissa = '0', exponent = '0'] = String(Math.abs(value)).split('e');
  const shift = 10n ** BigInt(Math.abs(Number(exponent)));
  const unsigned = parseDecimal(mantissa);
  const scaled =
    Number(exponent) < 0
      ? rational(unsigned.num, unsigned.den * shift)
      : rational(unsigned.num * shift, unsigned.den);
  return value < 0 ? rational(-scaled.num, scaled.den) : scaled;
}

/** "19/20" or "3": the form of exact numbers in a certificate. */
export function fraction(value: Rational): string {
  return value.den === 1n ? value.num.toString() : `${value.num}/${value.den}`;
}

export function leastCommonMultiple(values: Iterable<bigint>): bigint {
  let result = 1n;
  for (const value of values) result = (result / greatestCommonDivisor(result, value)) * value;
  return result;
}

export const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export const sum = (values: Iterable<Rational>): Rational => {
  let [num, den] = [0n, 1n];
  for (const value of values) {
    // Most addends of a policy share a denominator: reducing once at the end is far cheaper than at every step.
    if (value.num === 0n) continue;
    if (value.den === den) num += value.num;
    else {
      const divisor = greatestCommonDivisor(den, value.den);
      num = num * (value.den / divisor) + value.num * (den / divisor);
      den = (den / divisor) * value.den;
    }
  }
  return rational(num, den);
};
