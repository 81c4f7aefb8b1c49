import { encodeValues, type HistoryBlock } from '../../rps/history/history-block.js';
import { HISTORY_LEVELS } from '../../rps/history/history-levels.js';
import type { Database } from '../ledger/database.js';
import { rollUp } from './roll-up.js';

/** The file is held to about so much; what is oldest in the finest resolution goes first. */
const MOST_BYTES = 2 ** 30;
/** A clock that leaps ahead for an hour must not cost a month of samples: the present goes ahead at most so much faster. */
const CATCHING_UP = 24;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Writes samples, makes the coarser resolutions of them, and forgets what was kept long enough. */
export class HistoryWriter {
  readonly #database: Database;
  readonly #statements: ReturnType<typeof prepareAll>;
  readonly #ids = new Map<string, number>();
  readonly #mostBytes: number;
  /** For retention. */
  #presentMs: number;

  constructor(database: Database, nowMs: number, mostBytes = MOST_BYTES) {
    this.#database = database;
    this.#statements = prepareAll(database);
    this.#mostBytes = mostBytes;
    const [[newest = null] = []] = this.#statements.newest.all();
    this.#presentMs = Number(newest ?? nowMs);
  }

  /** To be called about once a minute. All of it or nothing is written; then at most one hour is rolled up. */
  write(blocks: readonly HistoryBlock[], nowMs: number): void {
    const known = new Map(this.#ids);
    try {
      this.#database.transaction(() => this.#write(blocks, nowMs));
    } catch (error) {
      // Ids that were given in it have gone with it.
      this.#ids.clear();
      for (const [name, id] of known) this.#ids.set(name, id);
      throw error;
    }
    rollUp(this.#database, nowMs);
  }

  #write(blocks: readonly HistoryBlock[], nowMs: number): void {
    for (const { signal, fromMs, stepMs, values } of blocks) {
      this.#statements.add.run(0, fromMs, this.#id(signal), stepMs, values.length, encodeValues(values));
    }
    // A clock that was set back takes the present back with it: nothing is forgotten meanwhile.
    this.#presentMs = Math.min(nowMs, this.#presentMs + CATCHING_UP * MINUTE_MS);
    HISTORY_LEVELS.forEach(({ keptMs }, level) => {
      this.#statements.forget.run(level, this.#presentMs - keptMs);
    });
    this.#fit();
  }

  /** Makes room for an hour of the finest resolution, or where that has but an hour, for a week of the next. */
  #fit(): void {
    const { pages, oldest, forget, forgetSignals } = this.#statements;
    const [[used = 0, free = 0, size = 0] = []] = pages.all();
    if ((Number(used) - Number(free)) * Number(size) <= this.#mostBytes) return;
    for (const [level, most] of [HOUR_MS, 7 * 24 * HOUR_MS].entries()) {
      const [[atMs = null] = []] = oldest.all(level);
      if (atMs === null || Number(atMs) > this.#presentMs - most) continue;
      forget.run(level, Number(atMs) + most);
      break;
    }
    forgetSignals.run();
    this.#ids.clear();
  }

  #id(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const { addSignal, findSignal } = this.#statements;
    addSignal.run(name);
    const [[id = 0] = []] = findSignal.all(name);
    this.#ids.set(name, Number(id));
    return Number(id);
  }
}

function prepareAll(database: Database) {
  const sql = (text: string) => database.prepare(text);
  return {
    add: sql('INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?, ?, ?)'),
    newest: sql('SELECT max(at_ms) FROM samples WHERE level = 0'),
    oldest: sql('SELECT min(at_ms) FROM samples WHERE level = ?'),
    forget: sql('DELETE FROM samples WHERE level = ? AND at_ms < ?'),
    addSignal: sql('INSERT OR IGNORE INTO signals (name) VALUES (?)'),
    findSignal: sql('SELECT id FROM signals WHERE name = ?'),
    forgetSignals: sql('DELETE FROM signals WHERE id NOT IN (SELECT signal FROM samples)'),
    pages: sql(
      'SELECT page_count, freelist_count, page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
    ),
  };
}
