import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistoryReader } from '../src/enforce/history/history-reader.js';
import { HISTORY } from '../src/enforce/history/history-schema.js';
import { HistoryWriter } from '../src/enforce/history/history-writer.js';
import { Database } from '../src/enforce/ledger/database.js';
import { HistoryFeed } from '../src/rps/history/history-feed.js';
import { GuestResources } from '../src/rps/sensors/guest-resources.js';
import { SignalStore } from '../src/rps/signal-store.js';
import { systemClock } from '../src/support/clock.js';
import { type BenchRow, benchRow } from './bench-row.js';
import { cpuMs } from './cpu-ms.js';
import { median } from './median.js';

const SIGNALS = 300;
const GUESTS = 50;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const SECOND_NS = 1_000_000_000n;
const START_MS = Date.UTC(2026, 10, 23);

/** What memory and disk of guests cost to look at, and what it costs to keep and to read the history of 300 signals, all of which change. */
export async function benchHistory(): Promise<readonly BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'vmc-bench-history-'));
  const file = join(directory, 'history.db');
  const database = Database.forWriting(file, HISTORY);
  try {
    const writer = new HistoryWriter(database, START_MS);
    const clock = {
      nowNs: 0n,
      monotonicNs: () => clock.nowNs,
      wallMs: () => START_MS + Number(clock.nowNs) / 1e6,
    };
    const store = new SignalStore({ clock, keepNs: 2 * MINUTE_MS * 1e6 });
    const feed = new HistoryFeed(store, clock);
    const [gathered, written]: [number[], number[]] = [[], []];
    for (let minute = 0; minute < DAY_MINUTES; minute++) {
      recordMinute(store, clock);
      let blocks = feed.take();
      gathered.push(cpuMs(() => (blocks = structuredClone(blocks))));
      written.push(cpuMs(() => writer.write(blocks, clock.wallMs())));
    }
    const reader = new HistoryReader(database);
    const ask = (fromMs: number, stepMs: number) =>
      cpuMs(() =>
        reader.answer({ kind: 'samples', signal: 'guest.7-1.cpu', fromMs, stepMs }, clock.wallMs()),
      );
    const ofAll = Math.max(...written);
    const bytes = statSync(file).size + statSync(`${file}-wal`).size;
    return [
      benchRow(`sensors: memory and disk of ${GUESTS} guests, every 10 s`, await guestsMs(), 'ms of CPU', 1),
      benchRow(`history: a minute of ${SIGNALS} signals handed over`, median(gathered), 'ms of CPU', null),
      benchRow(`history: a minute of ${SIGNALS} signals written`, median(written), 'ms of CPU', 20),
      benchRow('history: the same with an hour, or a day, made of it, at most', ofAll, 'ms of CPU', null),
      benchRow(
        'history: a day of one of them, in seconds',
        median([1, 2, 3].map(() => ask(START_MS, 0))),
        'ms of CPU',
        2000,
      ),
      benchRow(
        'history: the last hour of all of them, to warm up',
        cpuMs(() => reader.answer({ kind: 'recent' }, clock.wallMs())),
        'ms of CPU',
        1000,
      ),
      benchRow('history: on disk, for a sample', bytes / (SIGNALS * DAY_MINUTES * 60), 'bytes', 6),
    ];
  } finally {
    database.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function recordMinute(store: SignalStore, clock: { nowNs: bigint }): void {
  for (let second = 0; second < 60; second++) {
    clock.nowNs += SECOND_NS;
    for (let signal = 0; signal < SIGNALS; signal++) store.record(`guest.${signal}-1.cpu`, Math.random());
  }
}

async function guestsMs(): Promise<number> {
  const children = Array.from({ length: GUESTS }, () => spawn('sleep', ['600'], { stdio: 'ignore' }));
  const guests = children.flatMap(({ pid }) => (pid === undefined ? [] : [{ key: `${pid}-1`, pid }]));
  const sensor = new GuestResources();
  try {
    const look = () => cpuMs(() => sensor.sample(systemClock.monotonicNs(), guests, () => {}));
    return median(Array.from({ length: 50 }, look));
  } finally {
    sensor.close();
    for (const child of children) {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    }
  }
}
