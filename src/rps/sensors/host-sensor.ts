import type { CpuClock } from '../../support/cpu-clock.js';
import { clip } from '../range.js';
import { guestSignal } from '../signal-catalogue.js';
import { type GuestSums, GuestTimes } from './guest-times.js';
import {
  MemoryReader,
  PressureReader,
  ProcessorReader,
  RunDelayReader,
  RunQueueReader,
} from './host-readers.js';
import { OwnerThreads } from './owner-threads.js';
import { PortableProcessTimes } from './portable-process-times.js';
import type { Report } from './report.js';
import { classSums, type SensedGuest } from './sensed-guest.js';

/** Time constant of `host.load`. */
const LOAD_AVERAGED_OVER_NS = 60e9;
const PERCENT: { readonly minimum: number; readonly maximum: number } = { minimum: 0, maximum: 100 };

/** What the last sample left for the next one to be compared with. */
interface Reading {
  readonly atNs: bigint;
  readonly processors: number;
  readonly unusedNs: number;
  /** Null on kernels that keep no such sum. */
  readonly waitedNs: number | null;
}

/**
 * The per-second path: reads open files of /proc and reports what they say of the time since the last
 * reading. Rates need two readings, so the first one reports only what is a state.
 *
 * owner = host − guests, and owner's demand = owner's use + (waiting of all threads − waiting of the guests'
 * threads), in percent of the whole host, at most 100: more threads may wait than there are processors, but
 * no more than all of the host can be given to them. Not held to that, in threads, it is `owner.threads`:
 * beside how many others a further thread would have to share the processors.
 */
export class HostSensor {
  readonly #processors: ProcessorReader;
  readonly #runQueue: RunQueueReader;
  readonly #memory: MemoryReader;
  readonly #pressure: readonly (readonly [signal: string, PressureReader])[];
  readonly #runDelay: RunDelayReader;
  readonly #guestTimes: GuestTimes;
  readonly #ownerThreads: OwnerThreads;
  #before: Reading | null = null;
  #load: { readonly average: number; readonly atNs: bigint } | null = null;
  #lastId: number | null = null;

  /** `root` is where /proc is found. Opens its files; {@link close} closes them. */
  constructor(root = '/proc', cpuClock: CpuClock | null = null) {
    this.#processors = new ProcessorReader(root);
    this.#runQueue = new RunQueueReader(root);
    this.#memory = new MemoryReader(root);
    this.#pressure = (['cpu', 'memory', 'io'] as const).map(
      (resource) => [`host.pressure.${resource}`, new PressureReader(root, resource)] as const,
    );
    this.#runDelay = new RunDelayReader(root);
    this.#guestTimes = new GuestTimes(root, new PortableProcessTimes(), cpuClock);
    this.#ownerThreads = new OwnerThreads(root);
  }

  /** Reads everything once. `atNs` is the monotonic clock now, `guests` the processes that are guests now. */
  sample(atNs: bigint, guests: readonly SensedGuest[], report: Report): void {
    const lastId = this.#reportLoad(atNs, report);
    const threadsBorn = lastId === null || lastId !== this.#lastId;
    this.#lastId = lastId;
    this.#reportProcessors(atNs, guests, threadsBorn, report);
    if (this.#memory.read()) report('host.memory.available', this.#memory.availableBytes);
    for (const [signal, pressure] of this.#pressure) {
      if (pressure.read()) report(signal, pressure.somePercent);
    }
  }

  close(): void {
    for (const reader of [this.#processors, this.#runQueue, this.#memory, this.#runDelay]) reader.close();
    for (const [, reader] of this.#pressure) reader.close();
    this.#guestTimes.close();
    this.#ownerThreads.close();
  }

  /** Returns the newest thread id, null where it cannot be read. */
  #reportLoad(atNs: bigint, report: Report): number | null {
    if (!this.#runQueue.read()) return null;
    const { runnable, lastId } = this.#runQueue;
    const weight =
      this.#load === null ? 1 : 1 - Math.exp(-Number(atNs - this.#load.atNs) / LOAD_AVERAGED_OVER_NS);
    const before = this.#load?.average ?? 0;
    const average = before + weight * (runnable - before);
    this.#load = { average, atNs };
    report('host.load', average);
    return lastId;
  }

  #reportProcessors(
    atNs: bigint,
    guests: readonly SensedGuest[],
    threadsBorn: boolean,
    report: Report,
  ): void {
    const now = this.#readProcessors(atNs);
    const before = this.#before;
    this.#before = now;
    const sums = this.#guestTimes.read(guests, threadsBorn);
    const ownerWaitedNs = this.#ownerWaitedNs(before, now, sums);
    // A processor that came or went makes the interval's capacity unknown.
    if (now === null || before === null || now.processors !== before.processors) return;
    const elapsedNs = Number(now.atNs - before.atNs);
    const capacityNs = elapsedNs * now.processors;
    if (capacityNs <= 0) return;
    const percent = (ns: number): number => clip((100 * ns) / capacityNs, PERCENT);

    const usedNs = Math.max(0, capacityNs - (now.unusedNs - before.unusedNs));
    report('host.cpu', percent(usedNs));
    for (const [key, ranNs] of this.#guestTimes.ranNs) report(guestSignal(key, 'cpu'), percent(ranNs));
    for (const [name, ranNs] of classSums(guests, ({ key }) => this.#guestTimes.ranNs.get(key) ?? null)) {
      report(`${name}.cpu`, percent(ranNs));
    }
    if (!sums.complete) return;
    const ownerUsedNs = Math.max(0, usedNs - sums.ranNs);
    report('guests.cpu', percent(sums.ranNs));
    report('owner.cpu', percent(ownerUsedNs));
    if (ownerWaitedNs === null) return;
    report('owner.demand', percent(ownerUsedNs + ownerWaitedNs));
    report('owner.threads', (ownerUsedNs + ownerWaitedNs) / elapsedNs);
  }

  #readProcessors(atNs: bigint): Reading | null {
    if (!this.#processors.read()) return null;
    const { processors, unusedNs } = this.#processors;
    return { atNs, processors, unusedNs, waitedNs: this.#runDelay.read() ? this.#runDelay.waitedNs : null };
  }

  /** Null: not known. */
  #ownerWaitedNs(before: Reading | null, now: Reading | null, guests: GuestSums): number | null {
    if (!this.#runDelay.available) {
      const lastId = this.#lastId;
      if (lastId === null) return null;
      const contended = this.#runQueue.runnable >= this.#processors.processors;
      const known = this.#ownerThreads.read(lastId, this.#guestTimes.isGuests, contended);
      return known ? this.#ownerThreads.waitedDeltaNs : null;
    }
    if (!guests.waitingKnown || now?.waitedNs == null || before?.waitedNs == null) return null;
    return Math.max(0, now.waitedNs - before.waitedNs - guests.waitedNs);
  }
}
