import type { Bandwidth } from './bandwidth.js';

/**
 * One SCHED_DEADLINE server by the rules of the constant bandwidth server (Abeni and Buttazzo 1998) as Linux has them:
 * a budget may be overrun until someone looks, and the debt is paid at the next replenishments.
 */
export class DeadlineServer {
  bandwidth: Bandwidth;
  core: number | null;
  remainingNs: number;
  deadlineNs: number;
  throttled = false;

  constructor(bandwidth: Bandwidth, core: number | null, nowNs: number) {
    this.bandwidth = bandwidth;
    this.core = core;
    this.remainingNs = bandwidth.budgetNs;
    this.deadlineNs = nowNs + bandwidth.periodNs;
  }

  /** Called where the kernel looks: at a tick, or when another thread takes the core. */
  check(): void {
    // Half a nanosecond: what is left of a float's rounding is no budget.
    if (this.remainingNs <= 0.5) this.throttled = true;
  }

  /** At the deadline of a throttled server. */
  replenish(): void {
    const { budgetNs, periodNs } = this.bandwidth;
    do {
      this.deadlineNs += periodNs;
      this.remainingNs += budgetNs;
    } while (this.remainingNs <= 0.5);
    this.throttled = false;
  }

  /** The thread wakes: it keeps budget and deadline unless using them up would exceed its bandwidth. */
  wake(nowNs: number): void {
    if (this.throttled) return;
    const { budgetNs, periodNs } = this.bandwidth;
    const leftNs = this.deadlineNs - nowNs;
    if (leftNs > 0 && this.remainingNs * periodNs <= leftNs * budgetNs) return;
    this.deadlineNs = nowNs + periodNs;
    this.remainingNs = budgetNs;
  }

  /** Until then its bandwidth is in use even if the thread leaves now. */
  zeroLagNs(nowNs: number): number {
    const { budgetNs, periodNs } = this.bandwidth;
    return Math.max(nowNs, this.deadlineNs - (Math.max(0, this.remainingNs) * periodNs) / budgetNs);
  }
}
