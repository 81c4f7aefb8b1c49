import type { Clock } from '../../support/clock.js';
import type { SignalSeries } from '../signal-series.js';
import type { SignalStore } from '../signal-store.js';
import { type HistoryBlock, LONGEST_BLOCK_MS } from './history-block.js';
import { HISTORY_LEVELS } from './history-levels.js';

const EVERY_NS = 60_000_000_000n;
/** By so much the wall clock may run away from the monotonic one between two samples before it counts as a step. */
const STEP_MS = 1000;
const FINEST_NS = HISTORY_LEVELS[0].stepMs * 1e6;

/**
 * What a store has recorded since the last time, for whoever keeps it: once a minute, and at once when the wall clock has stepped
 * or the machine slept, so that what came before is dated by the clock of its time. Pure but for the clock.
 */
export class HistoryFeed {
  readonly #store: Pick<SignalStore, 'recorded'>;
  readonly #clock: Clock;
  /** By signal, the instant from which on it is not given out yet. */
  #untilNs = new Map<string, bigint>();
  readonly #startNs: bigint;
  #takenNs: bigint;
  #offsetMs: number;

  /** What is in the store already is not given out: it came from where this goes. */
  constructor(store: Pick<SignalStore, 'recorded'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#startNs = clock.monotonicNs();
    this.#takenNs = this.#startNs;
    this.#offsetMs = this.#offset();
  }

  /** To be called after each sample; what is to be kept now, or null while it is not yet time. */
  tick(): readonly HistoryBlock[] | null {
    const offsetMs = this.#offset();
    const stepped = Math.abs(offsetMs - this.#offsetMs) > STEP_MS;
    const due = this.#clock.monotonicNs() - this.#takenNs >= EVERY_NS;
    const blocks = stepped || due ? this.take() : null;
    this.#offsetMs = offsetMs;
    return blocks;
  }

  /** Everything since the last time. */
  take(): readonly HistoryBlock[] {
    const untilNs = new Map<string, bigint>();
    const blocks: HistoryBlock[] = [];
    for (const [signal, series] of this.#store.recorded()) {
      const sinceNs = this.#untilNs.get(signal) ?? this.#startNs;
      const { taken, nextNs } = takeSince(series, sinceNs);
      untilNs.set(signal, nextNs);
      for (const { atNs, stepMs, values } of taken) {
        if (values.every(Number.isNaN)) continue;
        blocks.push({ signal, fromMs: Math.round(Number(atNs) / 1e6 + this.#offsetMs), stepMs, values });
      }
    }
    // Signals that were forgotten are forgotten here, too.
    this.#untilNs = untilNs;
    this.#takenNs = this.#clock.monotonicNs();
    return blocks;
  }

  /** Wall clock less monotonic clock. */
  #offset(): number {
    return this.#clock.wallMs() - Number(this.#clock.monotonicNs()) / 1e6;
  }
}

interface Taken {
  readonly taken: readonly {
    readonly atNs: bigint;
    readonly stepMs: number;
    readonly values: Float32Array;
  }[];
  readonly nextNs: bigint;
}

/** Samples that come more often than they are kept are averaged; those that do not fill a step yet wait. */
function takeSince(series: SignalSeries, sinceNs: bigint): Taken {
  const merged = Math.max(1, Math.round(FINEST_NS / series.stepNs));
  const first = series.indexSince(sinceNs);
  const count = Math.floor((series.length - first) / merged);
  const stepMs = (merged * series.stepNs) / 1e6;
  const most = Math.max(1, Math.floor(LONGEST_BLOCK_MS / stepMs));
  const taken = [];
  for (let at = 0; at < count; at += most) {
    const values = new Float32Array(Math.min(most, count - at));
    for (let i = 0; i < values.length; i++) {
      const index = first + (at + i) * merged;
      values[i] = merged === 1 ? series.valueAt(index) : series.meanOf(index, merged);
    }
    taken.push({ atNs: series.timeAtNs(first + at * merged), stepMs, values });
  }
  const nextNs = series.timeAtNs(first + count * merged) - BigInt(Math.round(series.stepNs / 2));
  return { taken, nextNs };
}
