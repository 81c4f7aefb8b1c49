/**
 * A counter of the kernel's, read now and then: by how much it grows in a second. A counter that has gone back has wrapped or
 * was begun anew; how much came meanwhile nobody knows, so that reading gives none, and the next is compared with it. NaN is a
 * reading that could not be taken: neither it nor the next gives a rate.
 */
export class CounterRate {
  #value = 0;
  #atNs: bigint | null = null;

  /** Since the last reading; null at the first, and where the counter has gone back or no time has passed. */
  next(value: number, atNs: bigint): number | null {
    const [beforeValue, beforeNs] = [this.#value, this.#atNs];
    this.#value = value;
    this.#atNs = atNs;
    if (beforeNs === null || !(value >= beforeValue)) return null;
    const elapsedNs = Number(atNs - beforeNs);
    return elapsedNs > 0 ? ((value - beforeValue) * 1e9) / elapsedNs : null;
  }
}
