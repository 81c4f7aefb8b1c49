const FIRST = [1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 600];

/** Steps ahead at which something is measured or fitted, about evenly spaced by ratio, up to `highest`. */
export function horizonsUpTo(highest: number): Int32Array {
  const inside = FIRST.filter((h) => h < highest);
  return Int32Array.from(highest < 1 ? [1] : [...inside, Math.min(highest, FIRST.at(-1)!)]);
}

/**
 * Fills `out[0 … steps)`, where index h − 1 is `skipped` + h steps ahead, from the values at the first `count`
 * `horizons`: linear between two of them, held before the first and beyond the last.
 */
export function interpolate(
  horizons: Int32Array,
  count: number,
  values: Float64Array,
  skipped: number,
  steps: number,
  out: Float64Array,
): void {
  let node = 0;
  for (let h = 1; h <= steps; h++) {
    const at = h + skipped;
    while (node + 1 < count && horizons[node + 1]! <= at) node++;
    out[h - 1] = values[node]!;
    if (node + 1 >= count || at <= horizons[node]!) continue;
    const share = (at - horizons[node]!) / (horizons[node + 1]! - horizons[node]!);
    out[h - 1]! += share * (values[node + 1]! - values[node]!);
  }
}
