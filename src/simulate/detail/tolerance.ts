/** Rates that differ by no more are equal: so many cores, and that part of the greater one. */
export const TOLERANCE = { cores: 0.02, part: 0.02 } as const;
/** What a promise may be missed by before it is: ends of the measured time, and a float's rounding. */
const PROMISE = { cores: 0.01, part: 0.005 } as const;
/** Parts of the time that differ by no more are equal. */
const FRACTION = 0.01;

export const agree = (one: number, other: number): boolean =>
  Math.abs(one - other) <= TOLERANCE.cores + TOLERANCE.part * Math.max(one, other);

/** Whether what was delivered is what was promised. `edge`: what the ends of the measured time can come to, in cores. */
export function isKept(
  bound: 'at least' | 'at most' | 'exactly',
  unit: 'cores' | 'fraction',
  promised: number,
  delivered: number,
  edge: number,
): boolean {
  const room = unit === 'cores' ? PROMISE.cores + PROMISE.part * promised + edge : FRACTION;
  const more = delivered - promised;
  return bound === 'at least' ? more >= -room : bound === 'at most' ? more <= room : Math.abs(more) <= room;
}
