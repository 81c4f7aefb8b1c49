import { type Bandwidth, utilisation } from './bandwidth.js';

/**
 * The deadline bandwidth of each core, in cores: of the servers that are confined to it, and of what they gave up, until
 * its 0-lag time: until then a core may have to make good for it.
 */
export class CoreLoad {
  readonly #held = new Map<number, { readonly core: number; readonly amount: number }>();
  #leaving: { readonly core: number; readonly amount: number; readonly untilNs: number }[] = [];
  readonly #peaks: number[];

  constructor(cores: number) {
    this.#peaks = Array.from({ length: cores }, () => 0);
  }

  /** The thread's server is now this one on this core; `core` null: it counts on none. */
  set(tid: number, bandwidth: Bandwidth, core: number | null, nowNs: number, zeroLagNs: number): void {
    const amount = utilisation(bandwidth);
    this.leave(tid, zeroLagNs, core, amount);
    if (core === null) return;
    this.#held.set(tid, { core, amount });
    this.#peaks[core] = Math.max(this.#peaks[core] ?? 0, this.on(core, nowNs));
  }

  /** It has none any more, or one of `amount` on `core` instead. */
  leave(tid: number, zeroLagNs: number, core: number | null = null, amount = 0): void {
    const held = this.#held.get(tid);
    if (held === undefined) return;
    this.#held.delete(tid);
    const freed = held.amount - (held.core === core ? amount : 0);
    if (freed > 0) this.#leaving.push({ core: held.core, amount: freed, untilNs: zeroLagNs });
  }

  /** Now. */
  on(core: number, nowNs: number): number {
    this.#leaving = this.#leaving.filter(({ untilNs }) => untilNs > nowNs);
    let sum = 0;
    for (const one of this.#held.values()) if (one.core === core) sum += one.amount;
    for (const one of this.#leaving) if (one.core === core) sum += one.amount;
    return sum;
  }

  /** By core: the most at any instant since the last restart. */
  get peaks(): readonly number[] {
    return this.#peaks;
  }

  /** Peaks begin anew, with what is there now. */
  restart(nowNs: number): void {
    for (let core = 0; core < this.#peaks.length; core++) this.#peaks[core] = this.on(core, nowNs);
  }
}
