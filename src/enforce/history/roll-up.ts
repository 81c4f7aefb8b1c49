import { decodeValues, encodeValues, LONGEST_BLOCK_MS } from '../../rps/history/history-block.js';
import { HistoryGrid } from '../../rps/history/history-grid.js';
import { HISTORY_LEVELS } from '../../rps/history/history-levels.js';
import type { BlobRow, Database } from '../ledger/database.js';

/**
 * Makes one row for each signal of the oldest whole row time (an hour of minutes, a day of hours) that is over and not made yet,
 * in each of the coarser resolutions. Twice is safe, and what a crash has interrupted is made by the next call.
 */
export function rollUp(database: Database, nowMs: number): void {
  for (const level of [1, 2] as const) {
    const fromMs = nextToRollUp(database, level, nowMs);
    if (fromMs !== null) database.transaction(() => rollUpOne(database, level, fromMs));
  }
}

/** Up to where a level is made; null: nothing of it is. */
export function progressOf(database: Database, level: 1 | 2): number | null {
  const [[untilMs = null] = []] = database
    .prepare('SELECT until_ms FROM progress WHERE level = ?')
    .all(level);
  return untilMs === null ? null : Number(untilMs);
}

function nextToRollUp(database: Database, level: 1 | 2, nowMs: number): number | null {
  const { rowMs } = HISTORY_LEVELS[level];
  const thisRowMs = floorTo(nowMs, rowMs);
  // A clock that was ahead and was set back has taken the progress ahead: what comes is rolled up (anew) from now on.
  const doneMs = Math.min(progressOf(database, level) ?? 0, thisRowMs);
  const next = database.prepare('SELECT min(at_ms) FROM samples WHERE level = ? AND at_ms >= ?');
  const [[oldest = null] = []] = next.all(level - 1, doneMs);
  if (oldest === null) return null;
  const fromMs = floorTo(Number(oldest), rowMs);
  return fromMs < thisRowMs ? fromMs : null;
}

function rollUpOne(database: Database, level: 1 | 2, fromMs: number): void {
  const { rowMs, stepMs } = HISTORY_LEVELS[level];
  const rows = database.prepare(
    'SELECT signal, at_ms, step_ms, count, data FROM samples WHERE level = ? AND at_ms >= ? AND at_ms < ?',
  );
  const grids = new Map<number, HistoryGrid>();
  const reachMs = level === 1 ? LONGEST_BLOCK_MS : 0;
  for (const row of rows.iterate(level - 1, fromMs - reachMs, fromMs + rowMs)) {
    const signal = Number(row[0]);
    const grid = grids.get(signal) ?? new HistoryGrid(fromMs, stepMs, rowMs / stepMs);
    grids.set(signal, grid);
    grid.add(blockOf(row));
  }
  const add = database.prepare('INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?, ?, ?)');
  for (const [signal, grid] of grids) {
    const means = grid.means();
    if (!means.every(Number.isNaN)) add.run(level, fromMs, signal, stepMs, means.length, encodeValues(means));
  }
  database.prepare('INSERT OR REPLACE INTO progress VALUES (?, ?)').run(level, fromMs + rowMs);
}

/** Of a row of signal (or anything), at_ms, step_ms, count and data. */
export function blockOf([, atMs, stepMs, count, data]: BlobRow): {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly values: Float32Array;
} {
  const bytes = Buffer.isBuffer(data) ? data : new Uint8Array();
  return { fromMs: Number(atMs), stepMs: Number(stepMs), values: decodeValues(bytes, Number(count)) };
}

const floorTo = (atMs: number, stepMs: number): number => Math.floor(atMs / stepMs) * stepMs;
