const GOLDEN = (Math.sqrt(5) - 1) / 2;
const CELLS = 16;
const PLACES = 24;

/**
 * Where `f` is least on [low, high]: the best of 17 places, then golden sections of its two neighbouring
 * cells, to 10⁻⁶ of the interval. Of several minima, one in the best cells.
 */
export function leastOnInterval(low: number, high: number, f: (at: number) => number): number {
  const cell = (high - low) / CELLS;
  let [best, least] = [low, Number.POSITIVE_INFINITY];
  for (let i = 0; i <= CELLS; i++) {
    const value = f(low + i * cell);
    if (value < least) [best, least] = [low + i * cell, value];
  }
  let [left, right] = [Math.max(low, best - cell), Math.min(high, best + cell)];
  let [a, b] = [right - GOLDEN * (right - left), left + GOLDEN * (right - left)];
  let [fa, fb] = [f(a), f(b)];
  for (let i = 0; i < PLACES; i++) {
    if (fa <= fb) {
      [right, b, fb] = [b, a, fa];
      a = right - GOLDEN * (right - left);
      fa = f(a);
    } else {
      [left, a, fa] = [a, b, fb];
      b = left + GOLDEN * (right - left);
      fb = f(b);
    }
  }
  const middle = (left + right) / 2;
  return f(middle) <= least ? middle : best;
}
