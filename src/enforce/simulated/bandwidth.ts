/** The part of a core that a server takes. */
export interface Bandwidth {
  readonly budgetNs: number;
  readonly periodNs: number;
}

/** The least server that the kernel admits: so little that nobody misses it when it is lost. */
export const LEAST_SERVER: Bandwidth = { budgetNs: 1024, periodNs: 4_194_304_000 };

export const utilisation = ({ budgetNs, periodNs }: Bandwidth): number => budgetNs / periodNs;

/**
 * The kernel's account of admitted deadline bandwidth over all cores, in cores. What a thread held is only free again
 * at its 0-lag time; what leaks is never free again.
 */
export class BandwidthLedger {
  readonly #limit: number;
  readonly #held = new Map<number, Bandwidth>();
  #leaving: { readonly amount: number; readonly untilNs: number }[] = [];
  #leaked = 0;

  /** `limit`: what the kernel admits in all, in cores. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False: EBUSY. What a thread that already has a server gives up is in use until `zeroLagNs`. */
  admit(tid: number, bandwidth: Bandwidth, nowNs: number, zeroLagNs: number): boolean {
    const held = this.#held.get(tid);
    const own = held ? utilisation(held) : 0;
    const amount = own - utilisation(bandwidth);
    if (amount < 0 && this.free(nowNs) + amount < -1e-12) return false;
    if (amount > 0) this.#leaving.push({ amount, untilNs: zeroLagNs });
    this.#held.set(tid, bandwidth);
    return true;
  }

  /** Whether it would be admitted once everything that is leaving has left. */
  fitsLater(tid: number, bandwidth: Bandwidth): boolean {
    const own = this.#held.get(tid);
    const others = this.#sumHeld() + this.#leaked - (own ? utilisation(own) : 0);
    return others + utilisation(bandwidth) <= this.#limit + 1e-12;
  }

  leave(tid: number, zeroLagNs: number): void {
    const own = this.#held.get(tid);
    if (own) this.#leaving.push({ amount: utilisation(own), untilNs: zeroLagNs });
    this.#held.delete(tid);
  }

  leak(tid: number): void {
    const own = this.#held.get(tid);
    if (own) this.#leaked += utilisation(own);
    this.#held.delete(tid);
  }

  /** Bandwidth that could be admitted now. */
  free(nowNs: number): number {
    this.#leaving = this.#leaving.filter(({ untilNs }) => untilNs > nowNs);
    const leaving = this.#leaving.reduce((sum, { amount }) => sum + amount, 0);
    return this.#limit - this.#sumHeld() - leaving - this.#leaked;
  }

  get leaked(): number {
    return this.#leaked;
  }

  #sumHeld(): number {
    let sum = 0;
    for (const bandwidth of this.#held.values()) sum += utilisation(bandwidth);
    return sum;
  }
}
