/** A squared error counts as at most so many of those expected: one burst is no alarm. */
const MOST = 9;
/** Errors that are averaged, the older ones fading. */
const MEMORY = 8;
/** Average at which the fit no longer holds. */
const LIMIT = 3;
/** Samples that pass between two alarms at least: a fit that did not help is not made at every sample. */
const REST = 10;

/**
 * When a model is fitted anew: every so many samples, or sooner when its errors one step ahead say that the fit
 * no longer holds, being three times as large in mean square as it states, for some samples in a row. This is
 * RPS's managed prediction.
 * Source: Dinda, IEEE TPDS 17 (2006), section 4.3.
 */
export class RefitSchedule {
  readonly #every: number;
  #left = 1;
  #since = 0;
  #error = 1;

  /** `every`: samples between two fits, Infinity for none but by alarm. */
  constructor(every: number) {
    this.#every = every;
  }

  /** Counts a sample; true when a fit is due. */
  step(): boolean {
    this.#since++;
    this.#left--;
    return this.#left <= 0;
  }

  /** After a fit, or (false) when there was too little to fit to, so that the next sample is tried. */
  fitted(done: boolean): void {
    this.#left = done ? this.#every : 1;
    [this.#since, this.#error] = [0, 1];
  }

  /** Takes in an error one step ahead, of which `deviation` is the stated one; true when it makes a fit due. */
  observe(error: number, deviation: number): boolean {
    if (Number.isNaN(error)) return false;
    const ratio = error === 0 ? 0 : Math.min(MOST, (error / deviation) ** 2);
    this.#error += (ratio - this.#error) / MEMORY;
    if (this.#error <= LIMIT || this.#since < REST) return false;
    this.#left = 0;
    return true;
  }
}
