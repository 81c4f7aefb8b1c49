import type { Span } from '../replay/replay.js';
import type { OwnerUse } from './simulation-report.js';

/** Less than that is a float's rounding. Cores. */
const SLACK = 1e-6;
const CORE_HOUR_MS = 3_600_000;

/** What the owner wanted and had, and what nobody used; sums are in core-milliseconds. */
export class OwnerRecord {
  #wanted = 0;
  #delivered = 0;
  #idle = 0;
  #unmetMs = 0;
  #mostUnmet = 0;

  add({ fromMs, toMs, allocation }: Span): void {
    const ms = toMs - fromMs;
    const { ownerCores, ownerWantedCores, idleCores } = allocation;
    const unmet = ownerWantedCores - ownerCores;
    this.#wanted += ownerWantedCores * ms;
    this.#delivered += ownerCores * ms;
    this.#idle += idleCores * ms;
    if (unmet <= SLACK) return;
    this.#unmetMs += ms;
    this.#mostUnmet = Math.max(this.#mostUnmet, unmet);
  }

  idleCores(totalMs: number): number {
    return this.#idle / totalMs;
  }

  use(totalMs: number): OwnerUse {
    return {
      wantedCores: this.#wanted / totalMs,
      deliveredCores: this.#delivered / totalMs,
      unmetCoreHours: Math.max(0, this.#wanted - this.#delivered) / CORE_HOUR_MS,
      unmetShare: this.#unmetMs / totalMs,
      mostUnmetCores: this.#mostUnmet,
    };
  }
}
