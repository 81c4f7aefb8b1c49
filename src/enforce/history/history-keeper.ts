import type { HistoryBlock } from '../../rps/history/history-block.js';
import { type DatabaseTrouble, KeptDatabase } from '../ledger/kept-database.js';
import { type HistoryQuestion, HistoryReader } from './history-reader.js';
import { HISTORY } from './history-schema.js';
import { HistoryWriter } from './history-writer.js';

/** So many minutes of what could not be written wait for better times; then the oldest are lost. */
const MOST_WAITING = 10;

interface Waiting {
  readonly blocks: readonly HistoryBlock[];
  readonly nowMs: number;
}

/** Keeps the history of one daemon, whatever happens to its file. No method but `answer` throws. */
export class HistoryKeeper {
  readonly #kept: KeptDatabase<{ readonly writer: HistoryWriter; readonly reader: HistoryReader }>;
  readonly #waiting: Waiting[] = [];

  constructor(directory: string) {
    this.#kept = new KeptDatabase(directory, HISTORY, (database, nowMs) => ({
      writer: new HistoryWriter(database, nowMs),
      reader: new HistoryReader(database),
    }));
  }

  /** What is wrong at present. */
  get troubles(): readonly DatabaseTrouble[] {
    return this.#kept.troubles;
  }

  /** Opens the file, so that it can answer. */
  start(nowMs: number): void {
    this.#kept.attempt(nowMs, () => {});
  }

  write(blocks: readonly HistoryBlock[], nowMs: number): void {
    this.#waiting.push({ blocks, nowMs });
    this.#kept.attempt(nowMs, ({ writer }) => {
      for (let one = this.#waiting[0]; one; one = this.#waiting[0]) {
        writer.write(one.blocks, one.nowMs);
        this.#waiting.shift();
      }
    });
    while (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
  }

  /** Throws what libsql does, or an Error that says why the history cannot be read. */
  answer(question: HistoryQuestion, nowMs: number): unknown {
    const { open, troubles } = this.#kept;
    if (open === null) throw new Error(troubles.at(-1)?.message ?? 'the history is not open');
    return open.reader.answer(question, nowMs);
  }

  stop(): void {
    this.#kept.close();
  }
}
