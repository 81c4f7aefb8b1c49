import { existsSync } from 'node:fs';
import type { CpuClock } from '../../support/cpu-clock.js';
import { GuestReader } from './guest-reader.js';
import type { PortableProcessTimes } from './portable-process-times.js';
import type { SensedGuest } from './sensed-guest.js';

/** What the guests did since the last sample. */
export interface GuestSums {
  readonly ranNs: number;
  readonly waitedNs: number;
  /** Every guest was read then and now: the sums, and with them the owner's rest, are of all guests. */
  readonly complete: boolean;
  /** Waiting is known of every guest, not only running. */
  readonly waitingKnown: boolean;
}

/**
 * Follows the running guests' times from sample to sample, by `/proc/PID/task` or where that cannot be read
 * by pidusage.
 */
export class GuestTimes {
  readonly #root: string;
  readonly #portable: PortableProcessTimes;
  readonly #readers = new Map<string, GuestReader>();
  readonly #threadIds = new Set<number>();
  /** CPU time since the last sample by key, of the guests that were read in both. */
  readonly ranNs = new Map<string, number>();

  constructor(
    root: string,
    portable: PortableProcessTimes,
    private readonly cpuClock: CpuClock | null = null,
  ) {
    this.#root = root;
    this.#portable = portable;
  }

  /** Whether it is a guest's. Up to date after {@link read}. */
  readonly isGuests = (threadId: number): boolean => this.#threadIds.has(threadId);

  /** `threadsBorn`: threads may have been started on this host since the last sample. */
  read(guests: readonly SensedGuest[], threadsBorn: boolean): GuestSums {
    this.ranNs.clear();
    let [ranNs, waitedNs, waitingKnown] = [0, 0, true];
    let complete = this.#forget(guests);
    for (const guest of guests) {
      const reader = this.#readers.get(guest.key);
      const known = reader?.read(threadsBorn) === true;
      const ran = known ? reader.ranDeltaNs : this.#begin(guest);
      if (known) waitedNs += reader.waitedDeltaNs;
      if (ran === null) {
        complete = false;
        continue;
      }
      if (!known && ran > 0) waitingKnown = false;
      this.ranNs.set(guest.key, ran);
      ranNs += ran;
    }
    this.#collectThreads();
    return { ranNs, waitedNs, complete, waitingKnown };
  }

  close(): void {
    for (const reader of this.#readers.values()) reader.close();
    this.#readers.clear();
    this.#portable.close();
  }

  /**
   * A guest that is seen for the first time, has ended, or has no thread times to be read (its time by
   * pidusage then). Null: what it did since the last sample is not known.
   */
  #begin(guest: SensedGuest): number | null {
    const before = this.#readers.get(guest.key);
    before?.close();
    this.#readers.delete(guest.key);
    // Already gone at the last sample: it did nothing since.
    if (!existsSync(`${this.#root}/${guest.pid}/stat`)) return before === undefined ? 0 : null;
    const reader = GuestReader.open(this.#root, guest.pid, this.cpuClock);
    if (reader === null) return this.#portable.deltaNs(guest.pid);
    this.#readers.set(guest.key, reader);
    return null;
  }

  /** Closes what is no guest any more; false if there was such. */
  #forget(guests: readonly SensedGuest[]): boolean {
    const present = new Set(guests.map((guest) => guest.key));
    let nothingGone = true;
    for (const [key, reader] of this.#readers) {
      if (present.has(key)) continue;
      reader.close();
      this.#readers.delete(key);
      nothingGone = false;
    }
    return nothingGone;
  }

  #collectThreads(): void {
    this.#threadIds.clear();
    for (const reader of this.#readers.values()) for (const id of reader.threadIds) this.#threadIds.add(id);
  }
}
