import type { Guest } from '../../qemu/guest.js';
import { LOOK_NS, turnNs } from '../../qemu/guest-rest.js';
import type { CpuClock } from '../../support/cpu-clock.js';
import type { ObservedGuest } from '../host.js';

const SECOND_NS = 1_000_000_000n;

interface Seen {
  readonly observed: ObservedGuest;
  /** As the scan had it. */
  readonly guest: Guest;
  /** Before it was looked at. */
  readonly cpuNs: bigint;
  readonly lookAgainNs: bigint;
}

/**
 * What was seen of guests that have not run since: what is set on them has no effect meanwhile, so it is looked at in turn,
 * a tenth of them each second. All are awake after whatever we have done.
 */
export class RestingGuests {
  readonly #seen = new Map<string, Seen>();
  /** What {@link look} answered without looking, in all observations so far. */
  readonly #recalled = new WeakSet<ObservedGuest>();

  constructor(private readonly cpuClock: CpuClock) {}

  /** As it was last observed, where it rests; else what `observe` says now. */
  look(guest: Guest, atNs: bigint, observe: () => ObservedGuest): ObservedGuest {
    const cpuNs = this.cpuClock(guest.pid);
    const seen = this.#seen.get(guest.key);
    if (seen && seen.cpuNs === cpuNs && seen.guest === guest && atNs < seen.lookAgainNs) {
      this.#recalled.add(seen.observed);
      return seen.observed;
    }
    const observed = observe();
    if (!mayRest(observed)) {
      this.#seen.delete(guest.key);
      return observed;
    }
    const afterNs = seen ? LOOK_NS : SECOND_NS + turnNs(guest.pid);
    this.#seen.set(guest.key, { observed, guest, cpuNs, lookAgainNs: atNs + afterNs });
    return observed;
  }

  /** Whether that is of an earlier look. */
  wasResting(observed: ObservedGuest): boolean {
    return this.#recalled.has(observed);
  }

  wakeAll(): void {
    this.#seen.clear();
  }

  forget(key: string): void {
    this.#seen.delete(key);
  }
}

/** Times of a timetable pass, servers may be stuck, and what is set by knobs is measured while nothing runs, too. */
const mayRest = ({ heldByUs, servers, settings, notes, lacks, use, powerDownNs }: ObservedGuest): boolean =>
  !heldByUs &&
  servers.size === 0 &&
  isEmpty(settings) &&
  isEmpty(notes) &&
  isEmpty(lacks) &&
  Object.keys(use ?? {}).length === 0 &&
  powerDownNs === undefined;

const isEmpty = (list: readonly unknown[] | undefined): boolean => (list ?? []).length === 0;
