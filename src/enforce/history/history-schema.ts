import type { DatabaseKind } from '../ledger/database-kind.js';

/**
 * `level` counts the resolutions of `HISTORY_LEVELS`, 0 the finest. A row holds `count` samples of a signal, `step_ms` apart from
 * `at_ms` on (`encodeValues`). Rows are in the order of time: writing appends, and of one signal all rows of a time are read.
 * `progress`: up to where a level is made of the one below.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE signals (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE samples (
    level INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    signal INTEGER NOT NULL,
    step_ms REAL NOT NULL,
    count INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (level, at_ms, signal)
  ) WITHOUT ROWID;
  CREATE TABLE progress (level INTEGER PRIMARY KEY, until_ms INTEGER NOT NULL) WITHOUT ROWID;
  `,
];

/** The recorded samples of signals, on disk. */
export const HISTORY: DatabaseKind = {
  name: 'history',
  /** "vmch" */
  applicationId: 0x766d_6368,
  migrations: MIGRATIONS,
  cacheKib: 512,
  waitsForDisk: false,
  fallback:
    'guests are governed as before, and the last hour is in memory; what is sensed meanwhile is missing on disk',
  afterSetAside: 'a new one was begun: forecasts warm up anew, and the past is in the old file',
};
