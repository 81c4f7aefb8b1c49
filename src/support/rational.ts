/** An exact rational number in lowest terms; `den` > 0. Policies and verdicts are computed in these, never in floats. */
export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
}

const LARGEST_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/** Of integers that a processor divides at once. */
const LARGEST_INT = 2 ** 31 - 1;

/** Of numbers of 0 and above. Most are small: without big integers, and then without floats, it takes a fraction of the time. */
export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (x > LARGEST_EXACT || y > LARGEST_EXACT) {
    if (y === 0n) return x;
    [x, y] = [y, x % y];
  }
  let [first, second] = [Number(x), Number(y)];
  while (first > LARGEST_INT || second > LARGEST_INT) {
    if (second === 0) return BigInt(first);
    [first, second] = [second, first % second];
  }
  let [small, smaller] = [first | 0, second | 0];
  while (smaller !== 0) [small, smaller] = [smaller, (small % smaller) | 0];
  return BigInt(small);
}

/** num/den in lowest terms. Throws a RangeError when `den` is 0. */
export function rational(num: bigint, den: bigint = 1n): Rational {
  if (den === 0n) throw new RangeError('a rational number needs a denominator other than 0');
  if (den === 1n) return { num, den };
  if (den < 0n) return rational(-num, -den);
  const divisor = greatestCommonDivisor(num < 0n ? -num : num, den);
  return divisor === 1n ? { num, den } : { num: num / divisor, den: den / divisor };
}

export const ZERO: Rational = { num: 0n, den: 1n };
export const ONE: Rational = { num: 1n, den: 1n };

/** Parses digits with at most one point between them ("12", "0.5"): the form numbers have in a policy. */
export function parseDecimal(text: string): Rational {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`not a decimal number: ${text}`);
  const fraction = match[2] ?? '';
  return rational(BigInt(`${match[1]}${fraction}`), 10n ** BigInt(fraction.length));
}

export function add(a: Rational, b: Rational): Rational {
  if (a.num === 0n) return b;
  if (b.num === 0n) return a;
  if (a.den === b.den) return rational(a.num + b.num, a.den);
  return rational(a.num * b.den + b.num * a.den, a.den * b.den);
}
export const subtract = (a: Rational, b: Rational): Rational => add(a, { num: -b.num, den: b.den });
export const multiply = (a: Rational, b: Rational): Rational => rational(a.num * b.num, a.den * b.den);
export const divide = (a: Rational, b: Rational): Rational => rational(a.num * b.den, a.den * b.num);

/** Negative, zero or positive as a < b, a = b, a > b. */
export function compare(a: Rational, b: Rational): number {
  const [left, right] = a.den === b.den ? [a.num, b.num] : [a.num * b.den, b.num * a.den];
  return left < right ? -1 : left > right ? 1 : 0;
}
export const min = (a: Rational, b: Rational): Rational => (compare(a, b) <= 0 ? a : b);
export const max = (a: Rational, b: Rational): Rational => (compare(a, b) >= 0 ? a : b);

/** Largest integer not above `a`. */
export function floor(a: Rational): bigint {
  const quotient = a.num / a.den;
  return a.num < 0n && quotient * a.den !== a.num ? quotient - 1n : quotient;
}
/** Least integer not below `a`. */
export const ceil = (a: Rational): bigint => -floor({ num: -a.num, den: a.den });

/** Nearest double; for display and for runtime settings, never for a verdict. */
export function toNumber(a: Rational): number {
  const direct = Number(a.num) / Number(a.den);
  if (Number.isFinite(direct)) return direct;
  const scale = 10n ** 18n;
  return Number((a.num * scale) / a.den) / 1e18;
}

/** "3", "0.25" where the decimal expansion ends within 12 digits, else "1/3". */
export function formatRational(a: Rational): string {
  if (a.den === 1n) return a.num.toString();
  for (let digits = 1; digits <= 12; digits++) {
    const scaled = a.num * 10n ** BigInt(digits);
    if (scaled % a.den === 0n) {
      const sign = scaled < 0n ? '-' : '';
      const text = (scaled < 0n ? -scaled / a.den : scaled / a.den).toString().padStart(digits + 1, '0');
      return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
    }
  }
  return `${a.num}/${a.den}`;
}
