import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../src/enforce/ledger/database.js';
import { type LedgerBatch, SLOT_MS } from '../src/enforce/ledger/ledger-batch.js';
import { ledgerFile } from '../src/enforce/ledger/ledger-file.js';
import { LedgerReader } from '../src/enforce/ledger/ledger-reader.js';
import { LedgerWriter } from '../src/enforce/ledger/ledger-writer.js';
import { LEDGER } from '../src/enforce/ledger/schema.js';
import { type BenchRow, benchRow } from './bench-row.js';
import { cpuMs } from './cpu-ms.js';
import { median } from './median.js';

const GUESTS = 200;
const BATCHES = 100;
const DAYS = 30;
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 10, 1);

/** What the ledger costs with 200 guests, each with two promises: the thread that writes it, and a question about a month. */
export async function benchLedger(): Promise<readonly BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'vmc-bench-ledger-'));
  try {
    const file = ledgerFile(directory);
    const database = Database.forWriting(file, LEDGER);
    const writer = new LedgerWriter(database);
    writer.begin(START_MS);
    const times = Array.from({ length: BATCHES }, (_, at) => cpuMs(() => writer.write(batchOf(at))));
    const bytes = (statSync(file).size + statSync(`${file}-wal`).size) / (BATCHES * GUESTS * 3);
    fillMonth(database);
    const reader = new LedgerReader(database);
    const month = { fromMs: START_MS, toMs: START_MS + DAYS * DAY_MS, zone: 'UTC' };
    const nowMs = month.toMs + DAY_MS;
    const ask = (by: 'class' | 'day') =>
      median(
        Array.from({ length: 9 }, () => cpuMs(() => reader.answer({ kind: 'use', by, ...month }, nowMs))),
      );
    return [
      benchRow(
        `ledger: 10 s of ${GUESTS} guests with two promises each, written`,
        median(times),
        'ms of CPU',
        20,
      ),
      benchRow('ledger: a month of them, by class', ask('class'), 'ms of CPU', 50),
      benchRow('ledger: a month of them, by day', ask('day'), 'ms of CPU', 50),
      benchRow('ledger: on disk, for a guest or promise and 10 s', bytes, 'bytes', null),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function batchOf(slot: number): LedgerBatch {
  const atMs = START_MS + slot * SLOT_MS;
  const guests = Array.from({ length: GUESTS }, (_, at) => ({
    key: `${1000 + at}-1`,
    name: `guest ${at}`,
    user: `user ${at % 10}`,
    class: `class ${at % 5}`,
  }));
  const common = { mode: 'calm', elapsedNs: 10e9 };
  const promise = { subject: 'class', bound: 'at-least', slackNs: 1e7, slackRatio: 0.05 } as const;
  return {
    atMs,
    untilMs: atMs + SLOT_MS,
    zone: 'UTC',
    budgets: [],
    guests: guests.map((guest) => ({
      ...common,
      guest,
      cpuNs: 5e9 + slot,
      promisedNs: 5e9,
      wantedNs: 6e9,
      stoppedNs: 0,
      stoppedByUserNs: 0,
      longestGapNs: 4e6,
    })),
    promises: guests.flatMap((guest) =>
      (['reservation', 'share'] as const).map((mechanism) => ({
        ...common,
        promise: { ...promise, guest, mechanism, class: guest.class, summary: '1', unit: 'cores' as const },
        promisedNs: 5e9,
        deliveredNs: 5e9,
        baseNs: 10e9,
        misses: [],
      })),
    ),
  };
}

/** The days and hours that a month of such batches leaves. */
function fillMonth(database: Database): void {
  for (const [level, stepMs, count] of [
    [1, 3_600_000, DAYS * 24],
    [2, DAY_MS, DAYS],
  ] as const) {
    database
      .prepare(`
        INSERT OR REPLACE INTO guest_use
        WITH RECURSIVE step (at) AS (SELECT 0 UNION ALL SELECT at + 1 FROM step WHERE at + 1 < ?)
        SELECT ?, ? + at * ?, guests.id, 1, ? * 1000000, 5000000000, 5000000000, 6000000000, 0, 0, 4000000
        FROM step, guests`)
      .run(count, level, START_MS, stepMs, stepMs);
  }
}
