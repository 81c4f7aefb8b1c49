import type { RunningTimetable } from '../host.js';
import type { SimulatedGuest } from './simulated-guest.js';

/**
 * The timing thread: stops and continues guests at the edges of their windows. It stops only what runs, and continues
 * only what it stopped itself: a guest that its user had stopped is not its to wake.
 */
export class TimetableKeeper {
  #timetable: RunningTimetable | null = null;
  #countedNs = 0;

  get timetable(): RunningTimetable | null {
    return this.#timetable;
  }

  /** Whether it is about that guest. */
  has(key: string): boolean {
    return this.#windowsOf(key) !== undefined;
  }

  replace(timetable: RunningTimetable | null): void {
    this.#timetable = timetable !== null && timetable.entries.length > 0 ? timetable : null;
  }

  /** Brings every guest to what the timetable says about this instant. Twice is the same as once. */
  apply(guests: Iterable<SimulatedGuest>, nowNs: number): void {
    for (const guest of guests) {
      const runs = this.#windowsOf(guest.key)?.some((window) => this.#inside(window, nowNs)) ?? true;
      if (!runs && !guest.stopped) {
        guest.signal(true);
        guest.heldByUs = true;
      } else if (runs && guest.heldByUs) {
        guest.signal(false);
        guest.heldByUs = false;
      }
    }
  }

  /** Counts the time since the last count as allowed or as stopped. */
  count(guests: Iterable<SimulatedGuest>, nowNs: number): void {
    const elapsedNs = nowNs - this.#countedNs;
    this.#countedNs = nowNs;
    for (const guest of guests) {
      if (this.#windowsOf(guest.key) === undefined) continue;
      if (guest.heldByUs) guest.stoppedNs += elapsedNs;
      else guest.allowedNs += elapsedNs;
    }
  }

  /** The next instant after now at which a window starts or ends; infinite without any. */
  nextEdgeNs(nowNs: number): number {
    if (this.#timetable === null) return Number.POSITIVE_INFINITY;
    const hyperperiodNs = Number(this.#timetable.hyperperiodNs);
    const phaseNs = nowNs % hyperperiodNs;
    let next = Number.POSITIVE_INFINITY;
    for (const { windows } of this.#timetable.entries) {
      for (const { startNs, endNs } of windows) {
        for (const edge of [Number(startNs), Number(endNs)]) {
          const aheadNs = edge > phaseNs ? edge - phaseNs : edge - phaseNs + hyperperiodNs;
          next = Math.min(next, nowNs + aheadNs);
        }
      }
    }
    return next;
  }

  #windowsOf(key: string): RunningTimetable['entries'][number]['windows'] | undefined {
    return this.#timetable?.entries.find(({ guest }) => guest === key)?.windows;
  }

  #inside({ startNs, endNs }: { readonly startNs: bigint; readonly endNs: bigint }, nowNs: number): boolean {
    const phaseNs = nowNs % Number(this.#timetable?.hyperperiodNs ?? 1n);
    return phaseNs >= Number(startNs) && phaseNs < Number(endNs);
  }
}
