import type { Quota } from '../host.js';

/** Less is a float's rounding. */
const NOTHING_NS = 0.5;

/**
 * The bandwidth controller of one group: so much CPU time in every period, counted from when it was set. Who has used it
 * up waits for the next period; what was not used is lost. Times in ns.
 */
export class QuotaPool {
  readonly quota: Quota;
  readonly #quotaNs: number;
  readonly #periodNs: number;
  #leftNs: number;
  #refillsAtNs: number;

  constructor(quota: Quota, nowNs: number) {
    this.quota = quota;
    this.#quotaNs = Number(quota.quotaNs);
    this.#periodNs = Number(quota.periodNs);
    this.#leftNs = this.#quotaNs;
    this.#refillsAtNs = nowNs + this.#periodNs;
  }

  get isSpent(): boolean {
    return this.#leftNs <= NOTHING_NS;
  }

  get refillsAtNs(): number {
    return this.#refillsAtNs;
  }

  /** When something changes if `cores` of it are used from now on. */
  nextChangeNs(cores: number, nowNs: number): number {
    if (this.isSpent) return this.#refillsAtNs;
    return cores > 0 ? Math.min(this.#refillsAtNs, nowNs + this.#leftNs / cores) : Number.POSITIVE_INFINITY;
  }

  /** True: it is spent now and was not before. */
  use(cpuNs: number): boolean {
    const wasSpent = this.isSpent;
    this.#leftNs -= cpuNs;
    return this.isSpent && !wasSpent;
  }

  /** Begins the period that has come; true: it was spent and is not any more. */
  refill(nowNs: number): boolean {
    if (nowNs < this.#refillsAtNs) return false;
    const wasSpent = this.isSpent;
    const periods = Math.floor((nowNs - this.#refillsAtNs) / this.#periodNs) + 1;
    this.#refillsAtNs += periods * this.#periodNs;
    this.#leftNs = this.#quotaNs;
    return wasSpent;
  }
}
