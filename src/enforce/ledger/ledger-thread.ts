import type { Worker } from 'node:worker_threads';
import type { HistoryBlock } from '../../rps/history/history-block.js';
import type { Clock } from '../../support/clock.js';
import { startWorker } from '../../support/start-worker.js';
import type { EnforcerEvent } from '../status.js';
import type { DatabaseTrouble } from './kept-database.js';
import type { LedgerBatch } from './ledger-batch.js';
import type { FromLedgerThread, PastAnswers, PastQuestion, ToLedgerThread } from './ledger-protocol.js';
import { type LedgerStart, unknownStart } from './ledger-start.js';

/** A disk that takes longer is waited for no longer: what is measured waits for it. */
const OPEN_MS = 5000;
const CLOSE_MS = 5000;
const ANSWER_MS = 10_000;

/** What it works on every 10 s is soon forgotten: it need not grow with what it has forgotten. */
const LIMITS = { maxYoungGenerationSizeMb: 4 };

/** The ledger cannot answer: why, for whoever asked. */
export class LedgerUnavailableError extends Error {
  override readonly name = 'LedgerUnavailableError';
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The daemon's side of the ledger and of the history: nothing here waits for a disk. The constructor does nothing; `start` starts the thread and
 * answers what is known of the time before, `stop` writes what is left. Neither rejects.
 */
export class LedgerThread {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #troubles: readonly DatabaseTrouble[] = [];
  #last = 0;

  /** `directory` is made where there is none. */
  constructor(directory: string, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  get troubles(): readonly DatabaseTrouble[] {
    return this.#troubles;
  }

  async start(): Promise<LedgerStart> {
    const nowMs = this.#clock.wallMs();
    const worker = startWorker('ledger-worker', import.meta.url, { resourceLimits: LIMITS });
    this.#worker = worker;
    worker.on('error', (error) => this.#fail(`its thread ended: ${String(error)}`));
    const opened = this.#once('opened', OPEN_MS);
    worker.on('message', (message: FromLedgerThread) => this.#receive(message));
    this.#send({ kind: 'open', directory: this.#directory, nowMs });
    const answer = await opened;
    if (answer?.kind === 'opened') return answer.start;
    if (this.#troubles.length === 0) this.#fail('the disk does not answer');
    return unknownStart(nowMs);
  }

  write(batch: LedgerBatch): void {
    this.#send({ kind: 'write', batch });
  }

  append(event: EnforcerEvent): void {
    this.#send({ kind: 'event', event });
  }

  /** Samples of signals, for the history. */
  record(blocks: readonly HistoryBlock[]): void {
    this.#send({ kind: 'record', blocks, nowMs: this.#clock.wallMs() });
  }

  /** Rejects with a {@link LedgerUnavailableError}. */
  async ask<K extends PastQuestion['kind']>(
    question: Extract<PastQuestion, { kind: K }>,
  ): Promise<PastAnswers[K]> {
    if (this.#worker === null) throw new LedgerUnavailableError('the ledger is closed');
    this.#last += 1;
    const id = this.#last;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    const impatience = setTimeout(() => this.#reject(id, 'the disk does not answer'), ANSWER_MS);
    this.#send({ kind: 'ask', id, question, nowMs: this.#clock.wallMs() });
    try {
      return (await answer) as PastAnswers[K];
    } finally {
      clearTimeout(impatience);
      this.#waiting.delete(id);
    }
  }

  /** Twice is safe. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    const closed = this.#once('closed', CLOSE_MS);
    this.#send({ kind: 'close', nowMs: this.#clock.wallMs() });
    this.#worker = null;
    await closed;
    for (const id of this.#waiting.keys()) this.#reject(id, 'the ledger is closed');
    await worker.terminate();
  }

  #send(message: ToLedgerThread): void {
    this.#worker?.postMessage(message);
  }

  /** Null: the thread did not say that in time, or has ended. */
  #once(kind: FromLedgerThread['kind'], withinMs: number): Promise<FromLedgerThread | null> {
    const worker = this.#worker;
    return new Promise((resolve) => {
      const end = (message: FromLedgerThread | null): void => {
        clearTimeout(impatience);
        worker?.off('message', listen);
        resolve(message);
      };
      const listen = (message: FromLedgerThread): void => {
        if (message.kind === kind) end(message);
      };
      const impatience = setTimeout(() => end(null), withinMs);
      worker?.on('message', listen);
      worker?.once('exit', () => end(null));
    });
  }

  #receive(message: FromLedgerThread): void {
    if (message.kind === 'troubles') this.#troubles = message.troubles;
    if (message.kind === 'answer') this.#waiting.get(message.id)?.resolve(message.answer);
    if (message.kind === 'no-answer') this.#reject(message.id, message.message);
  }

  #reject(id: number, message: string): void {
    this.#waiting.get(id)?.reject(new LedgerUnavailableError(message));
  }

  #fail(reason: string): void {
    const message = `the ledger in ${this.#directory} cannot be written: ${reason}`;
    const fallback = 'guests are governed as before; nothing that is measured is kept';
    this.#troubles = [{ code: 'ledger-not-written', message, fallback }];
    for (const id of this.#waiting.keys()) this.#reject(id, message);
  }
}
