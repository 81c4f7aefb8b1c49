import { type LedgerThread, LedgerUnavailableError } from '../enforce/ledger/ledger-thread.js';
import { historyAnswer } from '../rps/history/history-answer.js';
import { HistoryFeed } from '../rps/history/history-feed.js';
import type { HistoryAnswer, Sensing } from '../rps/index.js';
import { type Clock, systemClock } from '../support/clock.js';

export interface HistoryQuery {
  /** Wall-clock instant; default: what is in memory. */
  readonly fromMs?: number;
  /** Means over so long. Default: each sample, or what is kept of that time. */
  readonly stepNs?: number;
}

/**
 * The samples of this daemon and of those before it: the last hour in memory, what is older where the ledger lies. `start` has the
 * sensors warm up from it and keeps what they record from then on, `stop` writes the rest.
 */
export class RecordedHistory {
  readonly #sensing: Pick<Sensing, 'signals' | 'restore' | 'onSample'>;
  readonly #ledger: Pick<LedgerThread, 'ask' | 'record'> | null;
  readonly #clock: Clock;
  #feed: HistoryFeed | null = null;
  #unsubscribe: (() => void) | null = null;

  /** `ledger` null: nothing is kept. `clock` is the one of `sensing`. */
  constructor(
    sensing: Pick<Sensing, 'signals' | 'restore' | 'onSample'>,
    ledger: Pick<LedgerThread, 'ask' | 'record'> | null,
    clock: Clock = systemClock,
  ) {
    this.#sensing = sensing;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** To be awaited before the sensors start. Never rejects: who cannot be told of the past begins anew. */
  async start(): Promise<void> {
    const ledger = this.#ledger;
    if (ledger === null) return;
    try {
      this.#sensing.restore(await ledger.ask({ kind: 'recent' }));
    } catch (error) {
      if (!(error instanceof LedgerUnavailableError)) throw error;
    }
    const feed = new HistoryFeed(this.#sensing.signals, this.#clock);
    this.#feed = feed;
    this.#unsubscribe = this.#sensing.onSample(() => {
      const blocks = feed.tick();
      if (blocks !== null) ledger.record(blocks);
    });
  }

  /** Twice is safe. */
  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#write();
    this.#feed = null;
  }

  /** Null: nothing of that signal is known. Rejects with a {@link LedgerUnavailableError} where the disk is asked and cannot answer. */
  async samples(signal: string, query: HistoryQuery): Promise<HistoryAnswer | null> {
    const recent = this.#sensing.signals.history(signal, query);
    const { fromMs, stepNs = 0 } = query;
    const isInMemory =
      fromMs === undefined || (recent !== null && (this.#sensing.signals.keptSinceMs(signal) ?? 0) <= fromMs);
    if (isInMemory || this.#ledger === null) return recent;
    // What is in memory only goes there first, so that the answer goes up to now.
    this.#write();
    const found = await this.#ledger.ask({ kind: 'samples', signal, fromMs, stepMs: stepNs / 1e6 });
    return found === null ? recent : historyAnswer(found);
  }

  #write(): void {
    const blocks = this.#feed?.take() ?? [];
    if (blocks.length > 0) this.#ledger?.record(blocks);
  }
}
