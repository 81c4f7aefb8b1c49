/*
 * Weights of nice values: `sched_prio_to_weight` of the Linux scheduler (kernel/sched/core.c), each step a quarter more or
 * less. A session's nice value (/proc/PID/autogroup) gives its group this weight.
 */

const LEAST_NICE = -20;

const WEIGHTS = [
  88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904, 3906, 3121,
  2501, 1991, 1586, 1277, 1024, 820, 655, 526, 423, 335, 272, 215, 172, 137, 110, 87, 70, 56, 45, 36, 29, 23,
  18, 15,
] as const;

/** Of a session whose nice value nobody has set. */
export const STANDARD_NICE_WEIGHT = 1024;

/** −20 to 19. */
export function weightOfNice(nice: number): number {
  const weight = WEIGHTS[nice - LEAST_NICE];
  if (weight === undefined) throw new RangeError(`no nice value is ${nice}`);
  return weight;
}

/** The nice value of a range whose weight is nearest to this one, as a ratio. */
export function niceOfWeight(
  weight: number,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  let [best, error] = [least, Number.POSITIVE_INFINITY];
  for (let nice = least; nice <= most; nice++) {
    const off = Math.abs(Math.log(weightOfNice(nice) / weight));
    if (off < error) [best, error] = [nice, off];
  }
  return best;
}
