import { dateOfDay } from '../../compiler/calendar/civil-day.js';
import { localMinute } from '../../compiler/calendar/zone.js';
import type { EnforcerEvent } from '../status.js';
import { type ConformanceFigures, conformanceOf } from './conformance.js';
import type { Database, Row } from './database.js';
import { eventOf } from './event-row.js';
import type { Grouping } from './groupings.js';
import type { ConformanceDocument, LedgerDocument, LedgerSums, NotRunning } from './ledger-schema.js';
import type { MissCause } from './miss-cause.js';
import { NO_USE } from './no-use.js';
import { type TimeRanges, timeRanges } from './time-ranges.js';

/** A time in the past, in wall-clock ms. */
export interface LedgerTime {
  /** Null: since the ledger was begun. */
  readonly fromMs: number | null;
  /** Null: until now. */
  readonly toMs: number | null;
  /** Whose hours and days. */
  readonly zone: string;
}

/** What is asked of a ledger. */
export type LedgerQuestion =
  | ({ readonly kind: 'use'; readonly by: Grouping } & LedgerTime)
  | ({ readonly kind: 'conformance' } & LedgerTime)
  | { readonly kind: 'events'; readonly after: number; readonly sinceMs: number; readonly most: number };

export interface LedgerAnswers {
  readonly use: LedgerDocument;
  readonly conformance: ConformanceDocument;
  readonly events: readonly EnforcerEvent[];
}

/** Pauses between two daemons, and between the batches of one, of which it is worth to speak. */
const PAUSE_MS = 30_000;

/** Answers questions about the past from a ledger's file. */
export class LedgerReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** `nowMs`: what is later has not happened yet. */
  answer<K extends LedgerQuestion['kind']>(
    question: Extract<LedgerQuestion, { kind: K }>,
    nowMs: number,
  ): LedgerAnswers[K];
  answer(question: LedgerQuestion, nowMs: number): LedgerAnswers[LedgerQuestion['kind']] {
    switch (question.kind) {
      case 'use':
        return this.#use(question, nowMs);
      case 'conformance':
        return this.#conformance(question, nowMs);
      case 'events':
        return this.#events(question.after, question.sinceMs, question.most);
    }
  }

  #use({ by, ...time }: LedgerTime & { readonly by: Grouping }, nowMs: number): LedgerDocument {
    const ranges = this.#ranges(time, nowMs);
    const days = new Map<string, LedgerSums>();
    let total: LedgerSums = NO_USE;
    for (const [key = '', ...sums] of this.#sums('guest_use', USE_JOINS, [KEYS[by]], USE_SUMS, ranges)) {
      const name = by === 'day' ? dayOf(time.zone, Number(key)) : String(key);
      const one = sumsOf(sums);
      days.set(name, together(days.get(name) ?? NO_USE, one));
      total = together(total, one);
    }
    const rows = [...days].map(([key, sums]) => ({ key, ...sums })).sort((a, b) => compare(a.key, b.key));
    return { ...this.#head(ranges, time.zone, nowMs), by, rows, total };
  }

  #conformance(time: LedgerTime, nowMs: number): ConformanceDocument {
    const ranges = this.#ranges(time, nowMs);
    const figures = new Map<string, ConformanceFigures>();
    for (const row of this.#sums('promise_use', PROMISE_JOINS, PROMISE_KEY, PROMISE_SUMS, ranges)) {
      const [
        promise,
        mode,
        guest,
        user,
        name,
        mechanism,
        summary,
        unit,
        bound,
        slackNs,
        slackRatio,
        ...sums
      ] = row;
      const [elapsedNs = 0, promisedNs = 0, deliveredNs = 0, baseNs = 0] = sums.map(Number);
      figures.set(`${promise} ${mode}`, {
        guest: guest === null ? null : String(guest),
        user: user === null ? null : String(user),
        class: String(name),
        mode: String(mode),
        mechanism: String(mechanism) as ConformanceFigures['mechanism'],
        summary: String(summary),
        unit: String(unit) as ConformanceFigures['unit'],
        bound: String(bound) as ConformanceFigures['bound'],
        slackNs: Number(slackNs),
        slackRatio: Number(slackRatio),
        elapsedNs,
        promisedNs,
        deliveredNs,
        baseNs,
        misses: new Map(),
      });
    }
    for (const [promise, mode, cause, ns] of this.#sums('misses', MISS_JOINS, MISS_KEY, MISS_SUMS, ranges)) {
      figures.get(`${promise} ${mode}`)?.misses.set(String(cause) as MissCause, Number(ns));
    }
    const promises = [...figures.values()].map(conformanceOf);
    return {
      ...this.#head(ranges, time.zone, nowMs),
      kept: promises.every(({ kept }) => kept),
      promises,
    };
  }

  #events(after: number, sinceMs: number, most: number): readonly EnforcerEvent[] {
    return this.#database
      .prepare('SELECT * FROM events WHERE sequence > ? AND at_ms >= ? ORDER BY sequence LIMIT ?')
      .all(after, sinceMs, most)
      .map(eventOf);
  }

  #ranges({ fromMs, toMs, zone }: LedgerTime, nowMs: number): TimeRanges {
    return timeRanges(zone, fromMs ?? this.#beginning(nowMs), toMs ?? nowMs + 1, nowMs);
  }

  #beginning(nowMs: number): number {
    const [[first = null] = []] = this.#database.prepare('SELECT min(from_ms) FROM runs').all();
    return first === null ? nowMs : Number(first);
  }

  /** Rows of all ranges in one query; `key` columns, then sums of each of them. */
  #sums(
    table: string,
    joins: string,
    key: readonly string[],
    sums: string,
    { ranges }: TimeRanges,
  ): readonly (readonly (number | string | null)[])[] {
    if (ranges.length === 0) return [];
    const part = `SELECT * FROM ${table} WHERE level = ? AND at_ms >= ? AND at_ms < ?`;
    const rows = ranges.map(() => part).join(' UNION ALL ');
    const columns = key.map((_, at) => at + 1);
    return this.#database
      .prepare(
        `SELECT ${key.join(', ')}, ${sums} FROM (${rows}) AS one ${joins} GROUP BY ${columns.join(', ')}`,
      )
      .all(...ranges.flatMap(({ level, fromMs, toMs }) => [level, fromMs, toMs]));
  }

  #head(
    { fromMs, toMs }: TimeRanges,
    zone: string,
    nowMs: number,
  ): Pick<LedgerDocument, 'fromMs' | 'toMs' | 'zone' | 'notRunning'> {
    const until = Math.min(toMs, nowMs);
    return { fromMs, toMs: until, zone, notRunning: this.#notRunning(fromMs, until) };
  }

  /** The time in which no daemon ran: what no run covers. */
  #notRunning(fromMs: number, toMs: number): NotRunning {
    const runs = this.#database
      .prepare('SELECT from_ms, until_ms FROM runs WHERE until_ms > ? AND from_ms < ? ORDER BY from_ms')
      .all(fromMs, toMs);
    const pauses: NotRunning = [];
    let covered = fromMs;
    for (const [start, end] of [...runs, [toMs, toMs] as Row]) {
      const startMs = Math.min(Number(start), toMs);
      if (startMs - covered > PAUSE_MS) pauses.push({ fromMs: covered, toMs: startMs });
      covered = Math.max(covered, Number(end));
    }
    return pauses;
  }
}

const KEYS: Readonly<Record<Grouping, string>> = {
  class: 'guests.class',
  user: 'guests.user',
  day: 'one.at_ms',
  guest: 'coalesce(guests.name, guests.key)',
  mode: 'modes.name',
};

const USE_JOINS = 'JOIN guests ON guests.id = one.guest JOIN modes ON modes.id = one.mode';
const PROMISE_JOINS =
  'JOIN promises ON promises.id = one.promise LEFT JOIN guests ON guests.id = promises.guest JOIN modes ON modes.id = one.mode';
const PROMISE_KEY = [
  'one.promise',
  'modes.name',
  'coalesce(guests.name, guests.key)',
  'guests.user',
  'promises.class',
  'promises.mechanism',
  'promises.summary',
  'promises.unit',
  'promises.bound',
  'promises.slack_ns',
  'promises.slack_ratio',
];
const MISS_JOINS = 'JOIN modes ON modes.id = one.mode';
const MISS_KEY = ['one.promise', 'modes.name', 'one.cause'];
const MISS_SUMS = 'total(missed_ns)';
const PROMISE_SUMS = 'total(elapsed_ns), total(promised_ns), total(delivered_ns), total(base_ns)';
/** One row in which waiting was not measured makes all of it unknown. */
const unlessUnknown = (column: string, sum: string): string =>
  `CASE WHEN count(${column}) = count(*) THEN ${sum}(${column}) END`;
const USE_SUMS = [
  'total(elapsed_ns)',
  'total(cpu_ns)',
  'total(promised_ns)',
  unlessUnknown('wanted_ns', 'total'),
  'total(stopped_ns)',
  'total(user_stopped_ns)',
  unlessUnknown('gap_ns', 'max'),
].join(', ');

const sumsOf = (columns: readonly (number | string | null)[]): LedgerSums => {
  const [elapsedNs, cpuNs, promisedNs, wantedNs, stoppedNs, stoppedByUserNs, longestGapNs] = columns;
  const number = (value: number | string | null | undefined): number => Number(value ?? 0);
  return {
    elapsedNs: number(elapsedNs),
    cpuNs: number(cpuNs),
    promisedNs: number(promisedNs),
    wantedNs: wantedNs === null ? null : number(wantedNs),
    stoppedNs: number(stoppedNs),
    stoppedByUserNs: number(stoppedByUserNs),
    longestGapNs: longestGapNs === null ? null : number(longestGapNs),
  };
};

const together = (a: LedgerSums, b: LedgerSums): LedgerSums => ({
  elapsedNs: a.elapsedNs + b.elapsedNs,
  cpuNs: a.cpuNs + b.cpuNs,
  promisedNs: a.promisedNs + b.promisedNs,
  wantedNs: a.wantedNs === null || b.wantedNs === null ? null : a.wantedNs + b.wantedNs,
  stoppedNs: a.stoppedNs + b.stoppedNs,
  stoppedByUserNs: a.stoppedByUserNs + b.stoppedByUserNs,
  longestGapNs:
    a.longestGapNs === null || b.longestGapNs === null ? null : Math.max(a.longestGapNs, b.longestGapNs),
});

const dayOf = (zone: string, atMs: number): string => dateOfDay(localMinute(zone, atMs).day);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
