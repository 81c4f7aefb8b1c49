import type { DatabaseKind } from './database-kind.js';

/**
 * `level` is the length of a row: 0 a slot of 10 s, 1 an hour, 2 a day of the host's zone; `at_ms` its first instant. Every
 * batch is added to all three, so that each level is the whole truth for as long as it is kept. Times are in ns.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE guests (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    name TEXT,
    user TEXT NOT NULL,
    class TEXT NOT NULL
  );
  CREATE INDEX guests_by_key ON guests (key);
  CREATE TABLE modes (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE promises (
    id INTEGER PRIMARY KEY,
    guest INTEGER REFERENCES guests (id),
    mechanism TEXT NOT NULL,
    subject TEXT NOT NULL,
    class TEXT NOT NULL,
    summary TEXT NOT NULL,
    unit TEXT NOT NULL,
    bound TEXT NOT NULL,
    slack_ns REAL NOT NULL,
    slack_ratio REAL NOT NULL
  );
  CREATE INDEX promises_by_guest ON promises (guest);
  CREATE TABLE guest_use (
    level INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    guest INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    elapsed_ns INTEGER NOT NULL,
    cpu_ns INTEGER NOT NULL,
    promised_ns INTEGER NOT NULL,
    wanted_ns INTEGER,
    stopped_ns INTEGER NOT NULL,
    user_stopped_ns INTEGER NOT NULL,
    gap_ns INTEGER,
    PRIMARY KEY (level, at_ms, guest, mode)
  ) WITHOUT ROWID;
  CREATE TABLE promise_use (
    level INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    promise INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    elapsed_ns INTEGER NOT NULL,
    promised_ns INTEGER NOT NULL,
    delivered_ns INTEGER NOT NULL,
    base_ns INTEGER NOT NULL,
    PRIMARY KEY (level, at_ms, promise, mode)
  ) WITHOUT ROWID;
  CREATE TABLE misses (
    level INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    promise INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    cause TEXT NOT NULL,
    missed_ns INTEGER NOT NULL,
    PRIMARY KEY (level, at_ms, promise, mode, cause)
  ) WITHOUT ROWID;
  CREATE TABLE budget_use (
    budget TEXT NOT NULL,
    first_day TEXT NOT NULL,
    holder TEXT NOT NULL,
    used_ns INTEGER NOT NULL,
    PRIMARY KEY (budget, first_day, holder)
  ) WITHOUT ROWID;
  CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    ended INTEGER NOT NULL
  );
  CREATE TABLE events (
    sequence INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT,
    message TEXT NOT NULL,
    causes TEXT NOT NULL
  );
  CREATE INDEX events_by_time ON events (at_ms);
  `,
];

export const LEDGER: DatabaseKind = {
  name: 'ledger',
  /** "vmcl" */
  applicationId: 0x766d_636c,
  migrations: MIGRATIONS,
  cacheKib: 2000,
  waitsForDisk: true,
  fallback:
    'guests are governed as before; what was measured is kept for an hour, and tried again every 10 s',
  afterSetAside: 'a new one was begun: what is in the old one is missing in accounts, and budgets begin anew',
};
