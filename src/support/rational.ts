/** An exact rational number in lowest terms; `den` > 0. Policies and verdicts are computed in these, never in floats. */
export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** num/den in lowest terms. Throws a RangeError when `den` is 0. */
export function rational(num: bigint, den: bigint = 1n): Rational {
  if (den === 0n) throw new RangeError('a rational number needs a denominator other than 0');
  const sign = den < 0n ? -1n : 1n;
  const divisor = gcd(num, den) || 1n;
  return { num: (sign * num) / divisor, den: (sign * den) / divisor };
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

export const add = (a: Rational, b: Rational): Rational =>
  rational(a.num * b.den + b.num * a.den, a.den * b.den);
export const subtract = (a: Rational, b: Rational): Rational =>
  rational(a.num * b.den - b.num * a.den, a.den * b.den);
export const multiply = (a: Rational, b: Rational): Rational => rational(a.num * b.num, a.den * b.den);
export const divide = (a: Rational, b: Rational): Rational => rational(a.num * b.den, a.den * b.num);

/** Negative, zero or positive as a < b, a = b, a > b. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.num * b.den - b.num * a.den;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
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
