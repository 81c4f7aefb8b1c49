import { dateOfDay } from '../../compiler/calendar/civil-day.js';
import type { EnforcerEvent } from '../status.js';
import { bucketsOf } from './buckets.js';
import type { Database, Query } from './database.js';
import { eventOf } from './event-row.js';
import { type LedgerBatch, type LedgerGuest, type LedgerPromise, SLOT_MS } from './ledger-batch.js';
import type { LedgerStart } from './ledger-start.js';
import { KEPT_MS, MOST_EVENTS } from './retention.js';

/** Events that a daemon may have given out and not written before it was killed: their numbers are not given again. */
const LOST_NUMBERS = 1000;
const EVENTS_AT_START = 1000;

/** Writes what happens to a ledger. Each method is one transaction. */
export class LedgerWriter {
  readonly #database: Database;
  readonly #statements: ReturnType<typeof prepareAll>;
  readonly #ids = new Map<string, number>();
  #run: number | null = null;
  /** For retention. */
  #presentMs = 0;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = prepareAll(database);
  }

  /** Begins a run of the daemon. */
  begin(nowMs: number): LedgerStart {
    const { lastRun, lastSequence, lastEvents, budgets, beginRun } = this.#statements;
    const [[, ended = 1, untilMs = nowMs] = []] = lastRun.all();
    this.#presentMs = Number(untilMs);
    const [[last = 0] = []] = lastSequence.all();
    const since = dateOfDay(Math.floor((nowMs - KEPT_MS.budgets) / DAY_MS));
    const start = {
      events: lastEvents.all(EVENTS_AT_START).map(eventOf).reverse(),
      sequence: Number(last) + (ended === 1 ? 0 : LOST_NUMBERS),
      budgets: budgets.all(since).map(([budget, firstDay, holder, usedNs]) => ({
        budget: String(budget),
        firstDay: String(firstDay),
        holder: holder === '' ? null : String(holder),
        usedNs: Number(usedNs),
      })),
    };
    this.#database.transaction(() => beginRun.run(Math.round(nowMs), Math.round(nowMs)));
    const [[id = null] = []] = lastRun.all();
    this.#run = id === null ? null : Number(id);
    return start;
  }

  write(batch: LedgerBatch): void {
    const known = new Map(this.#ids);
    try {
      this.#database.transaction(() => this.#write(batch));
    } catch (error) {
      // Ids that were given in it have gone with it.
      this.#ids.clear();
      for (const [key, id] of known) this.#ids.set(key, id);
      throw error;
    }
  }

  append(events: readonly EnforcerEvent[]): void {
    this.#database.transaction(() => {
      for (const { sequence, atMs, kind, subject, message, causes } of events) {
        this.#statements.event.run(sequence, atMs, kind, subject, message, JSON.stringify(causes));
      }
    });
  }

  /** The run ends in good order: nothing of it is missing. */
  end(nowMs: number): void {
    this.#database.transaction(() => this.#statements.extendRun.run(Math.round(nowMs), 1, this.#run));
  }

  #write({ atMs, untilMs, zone, guests, promises, budgets }: LedgerBatch): void {
    const { guestUse, promiseUse, miss, budgetUse, extendRun } = this.#statements;
    const levels = JSON.stringify([atMs, ...bucketsOf(zone, atMs)]);
    const guestRows = guests.map((use) => [
      this.#guest(use.guest),
      this.#mode(use.mode),
      ...[use.elapsedNs, use.cpuNs, use.promisedNs, use.wantedNs, use.stoppedNs, use.stoppedByUserNs].map(
        whole,
      ),
      whole(use.longestGapNs),
    ]);
    if (guestRows.length > 0) guestUse.run(JSON.stringify(guestRows), levels);
    const promiseRows = promises.map((use) => [
      this.#promise(use.promise),
      this.#mode(use.mode),
      ...[use.elapsedNs, use.promisedNs, use.deliveredNs, use.baseNs].map(whole),
    ]);
    if (promiseRows.length > 0) promiseUse.run(JSON.stringify(promiseRows), levels);
    const misses = promises.flatMap((use) =>
      use.misses.map(({ cause, ns }) => [this.#promise(use.promise), this.#mode(use.mode), cause, whole(ns)]),
    );
    if (misses.length > 0) miss.run(JSON.stringify(misses), levels);
    for (const { budget, firstDay, holder, usedNs } of budgets) {
      budgetUse.run(budget, firstDay, holder ?? '', whole(usedNs));
    }
    extendRun.run(Math.round(untilMs), 0, this.#run);
    this.#forget(atMs);
  }

  /**
   * Rows that have been kept long enough. A clock that leaps ahead for an hour must not cost a year of them: what is taken
   * for the present goes ahead at most 24 times as fast as batches come.
   */
  #forget(atMs: number): void {
    const nowMs = Math.min(atMs, this.#presentMs + CATCHING_UP * SLOT_MS);
    this.#presentMs = nowMs;
    const { forgetGuests, forgetPromises, forgetMisses, forgetEvents, forgetOldEvents } = this.#statements;
    for (const forget of [forgetGuests, forgetPromises, forgetMisses]) {
      forget.run(0, nowMs - KEPT_MS.slots);
      forget.run(1, nowMs - KEPT_MS.hours);
    }
    forgetEvents.run(nowMs - KEPT_MS.events);
    forgetOldEvents.run(MOST_EVENTS);
  }

  #guest({ key, name, user, class: className }: LedgerGuest): number {
    return this.#id('guest', [key, name, user, className]);
  }

  #mode(name: string): number {
    return this.#id('mode', [name]);
  }

  #promise(promise: LedgerPromise): number {
    const {
      guest,
      mechanism,
      subject,
      class: className,
      summary,
      unit,
      bound,
      slackNs,
      slackRatio,
    } = promise;
    const id = guest === null ? null : this.#guest(guest);
    return this.#id('promise', [
      id,
      mechanism,
      subject,
      className,
      summary,
      unit,
      bound,
      slackNs,
      slackRatio,
    ]);
  }

  /** The id of a row with these columns, which is added where there is none. */
  #id(table: 'guest' | 'mode' | 'promise', columns: readonly (number | string | null)[]): number {
    const key = `${table} ${JSON.stringify(columns)}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const { find, add } = this.#statements[table];
    if (find.all(...columns).length === 0) add.run(...columns);
    const [[id = 0] = []] = find.all(...columns);
    this.#ids.set(key, Number(id));
    return Number(id);
  }
}

const CATCHING_UP = 24;
const DAY_MS = 86_400_000;

const whole = (ns: number | null): number | null => (ns === null ? null : Math.round(ns));

/** Rows of a list of lists, each once for each level. Without the LIMIT every row would be parsed anew for each level. */
const eachLevel = (columns: number): string => {
  const parsed = Array.from({ length: columns }, (_, at) => `value ->> ${at} AS c${at}`).join(', ');
  return `
      SELECT bucket.key, bucket.value, one.*
      FROM (SELECT ${parsed} FROM json_each(?) LIMIT -1) AS one, json_each(?) AS bucket
      WHERE true`;
};

function prepareAll(database: Database) {
  const sql = (text: string): Query => database.prepare(text);
  const table = (name: string, columns: readonly string[]) => ({
    find: sql(`SELECT id FROM ${name} WHERE ${columns.map((one) => `${one} IS ?`).join(' AND ')}`),
    add: sql(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`),
  });
  return {
    guest: table('guests', ['key', 'name', 'user', 'class']),
    mode: table('modes', ['name']),
    promise: table('promises', [
      'guest',
      'mechanism',
      'subject',
      'class',
      'summary',
      'unit',
      'bound',
      'slack_ns',
      'slack_ratio',
    ]),
    guestUse: sql(`
      INSERT INTO guest_use ${eachLevel(9)}
      ON CONFLICT DO UPDATE SET
        elapsed_ns = elapsed_ns + excluded.elapsed_ns,
        cpu_ns = cpu_ns + excluded.cpu_ns,
        promised_ns = promised_ns + excluded.promised_ns,
        wanted_ns = wanted_ns + excluded.wanted_ns,
        stopped_ns = stopped_ns + excluded.stopped_ns,
        user_stopped_ns = user_stopped_ns + excluded.user_stopped_ns,
        gap_ns = max(gap_ns, excluded.gap_ns)`),
    promiseUse: sql(`
      INSERT INTO promise_use ${eachLevel(6)}
      ON CONFLICT DO UPDATE SET
        elapsed_ns = elapsed_ns + excluded.elapsed_ns,
        promised_ns = promised_ns + excluded.promised_ns,
        delivered_ns = delivered_ns + excluded.delivered_ns,
        base_ns = base_ns + excluded.base_ns`),
    miss: sql(`
      INSERT INTO misses ${eachLevel(4)}
      ON CONFLICT DO UPDATE SET missed_ns = missed_ns + excluded.missed_ns`),
    budgetUse: sql(`
      INSERT INTO budget_use VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET used_ns = excluded.used_ns`),
    event: sql('INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?, ?, ?)'),
    beginRun: sql('INSERT INTO runs (from_ms, until_ms, ended) VALUES (?, ?, 0)'),
    extendRun: sql('UPDATE runs SET until_ms = max(until_ms, ?), ended = ? WHERE id = ?'),
    lastRun: sql('SELECT id, ended, until_ms FROM runs ORDER BY id DESC LIMIT 1'),
    lastSequence: sql('SELECT max(sequence) FROM events'),
    lastEvents: sql('SELECT * FROM events ORDER BY sequence DESC LIMIT ?'),
    budgets: sql('SELECT * FROM budget_use WHERE first_day >= ?'),
    forgetGuests: sql('DELETE FROM guest_use WHERE level = ? AND at_ms < ?'),
    forgetPromises: sql('DELETE FROM promise_use WHERE level = ? AND at_ms < ?'),
    forgetMisses: sql('DELETE FROM misses WHERE level = ? AND at_ms < ?'),
    forgetEvents: sql('DELETE FROM events WHERE at_ms < ?'),
    forgetOldEvents: sql('DELETE FROM events WHERE sequence <= (SELECT max(sequence) FROM events) - ?'),
  };
}
