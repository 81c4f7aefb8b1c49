import type { CpuClock } from '../support/cpu-clock.js';

/** Scans in which it has not run before it rests: what it did last shows a moment later (names of new threads). */
const QUIET_SCANS = 3;
const SECOND_NS = 1_000_000_000n;

/** A guest that rests is looked at this often all the same: others may have moved it, or changed what is set on it. */
export const LOOK_NS = 10_000_000_000n;

/** When within that time it is looked at first: after so many seconds as its number says, so that guests take turns. */
export const turnNs = (pid: number): bigint => (BigInt(pid) * SECOND_NS) % LOOK_NS;

/** Whether one guest rests: it has not run since it was last looked at, so it is what it was. */
export class GuestRest {
  #cpuNs = 0n;
  #quietScans = 0;
  #lookAgainNs: bigint | null = null;

  constructor(
    private readonly pid: number,
    private readonly cpuClock: CpuClock,
  ) {}

  /** To be asked once a scan, before the guest is looked at; `afresh`: it is to be looked at in any case. */
  rests(nowNs: bigint, afresh: boolean): boolean {
    const cpuNs = this.cpuClock(this.pid);
    this.#quietScans = cpuNs === this.#cpuNs && cpuNs > 0n ? this.#quietScans + 1 : 0;
    this.#cpuNs = cpuNs;
    this.#lookAgainNs ??= nowNs + turnNs(this.pid);
    const isDue = nowNs >= this.#lookAgainNs;
    if (isDue) this.#lookAgainNs = nowNs + LOOK_NS;
    return !afresh && !isDue && this.#quietScans > QUIET_SCANS;
  }
}
