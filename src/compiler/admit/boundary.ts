/** A search for a number, step by step from the one that is likely. */
export interface Search {
  readonly least: bigint;
  /** The next one is known not to hold. */
  readonly most: bigint;
  /** Whether a number is admitted: of all below one that is, if not of some that are very small. */
  readonly holds: (value: bigint) => boolean;
  /** Where to begin, as close to what is sought as is known; absent: nothing is known. */
  readonly guess?: bigint;
}

/**
 * The largest number that holds, the next of which does not; null: none was found. From the guess in steps of doubled length
 * to the first that is on the other side, and by bisection between the two: a good guess takes two trials.
 */
export function largest({ least, most, holds, guess }: Search): bigint | null {
  if (most < least) return null;
  if (guess === undefined && holds(least)) return between(least, most + 1n, holds);
  const start = clamped(guess ?? most, least, most);
  return holds(start) ? above(start, most, holds) : below(start, least, holds);
}

/** The same of numbers of which the larger hold: the smallest, the one before which does not. */
export function smallest({ least, most, holds, guess }: Search): bigint | null {
  const mirrored = (value: bigint): bigint => most + least - value;
  const found = largest({
    least,
    most,
    holds: (value) => holds(mirrored(value)),
    ...(guess === undefined ? {} : { guess: mirrored(guess) }),
  });
  return found === null ? null : mirrored(found);
}

const clamped = (value: bigint, least: bigint, most: bigint): bigint =>
  value < least ? least : value > most ? most : value;

function above(holding: bigint, most: bigint, holds: Search['holds']): bigint {
  let [low, step] = [holding, 1n];
  while (low < most) {
    const next = clamped(low + step, low, most);
    if (!holds(next)) return between(low, next, holds);
    [low, step] = [next, step * 2n];
  }
  return low;
}

function below(failing: bigint, least: bigint, holds: Search['holds']): bigint | null {
  let [high, step] = [failing, 1n];
  while (high > least) {
    // What is left is at most halved: very small numbers may not hold either.
    const half = (high - least + 1n) / 2n;
    const next = high - (step < half ? step : half);
    if (holds(next)) return between(next, high, holds);
    [high, step] = [next, step * 2n];
  }
  return null;
}

function between(holding: bigint, failing: bigint, holds: Search['holds']): bigint {
  let [low, high] = [holding, failing];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
