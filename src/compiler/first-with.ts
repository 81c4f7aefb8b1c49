/** Bisection for the first element of which `holds` is true; it is true of all behind that one. The length: of none. */
export function firstWith(sorted: ArrayLike<number>, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    // INVARIANT: the middle is below the length.
    if (holds(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
