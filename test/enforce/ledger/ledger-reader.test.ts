import { expect } from 'chai';
import fc from 'fast-check';
import { dayOfDate } from '../../../src/compiler/calendar/civil-day.js';
import { startOfDay } from '../../../src/enforce/budgets/budget-period.js';
import { Database } from '../../../src/enforce/ledger/database.js';
import { GROUPINGS } from '../../../src/enforce/ledger/groupings.js';
import { type LedgerBatch, SLOT_MS } from '../../../src/enforce/ledger/ledger-batch.js';
import { ledgerFile } from '../../../src/enforce/ledger/ledger-file.js';
import { LedgerReader } from '../../../src/enforce/ledger/ledger-reader.js';
import { LedgerWriter } from '../../../src/enforce/ledger/ledger-writer.js';
import { LEDGER } from '../../../src/enforce/ledger/schema.js';
import { timeRanges } from '../../../src/enforce/ledger/time-ranges.js';
import {
  batchAt,
  freshDirectory,
  guestUse,
  ledgerGuest,
  MONDAY,
  promiseUse,
  removeDirectories,
  ZONE,
} from './support.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A ledger of these batches; the present is behind the last of them. */
function ledgerOf(batches: readonly LedgerBatch[]) {
  const database = Database.forWriting(ledgerFile(freshDirectory()), LEDGER);
  const writer = new LedgerWriter(database);
  writer.begin(batches[0]?.atMs ?? MONDAY);
  for (const batch of batches) writer.write(batch);
  const nowMs = Math.max(MONDAY, ...batches.map(({ untilMs }) => untilMs));
  const reader = new LedgerReader(database);
  const use = (by: (typeof GROUPINGS)[number], fromMs: number | null = null, toMs: number | null = null) =>
    reader.answer({ kind: 'use', by, fromMs, toMs, zone: ZONE }, nowMs);
  const conformance = () =>
    reader.answer({ kind: 'conformance', fromMs: null, toMs: null, zone: ZONE }, nowMs);
  return { database, writer, reader, use, conformance };
}

const arbitraryUse = fc.record({
  slot: fc.integer({ min: 0, max: 3 * 8640 }),
  name: fc.constantFrom('a', 'b', 'c'),
  user: fc.constantFrom('alice', 'bob'),
  class: fc.constantFrom('batch', 'video', 'others'),
  mode: fc.constantFrom('calm', 'busy'),
  cpuNs: fc.integer({ min: 0, max: 10e9 }),
  wantedNs: fc.option(fc.integer({ min: 0, max: 10e9 }), { freq: 20 }),
});

describe('questions to the ledger', () => {
  afterEach(removeDirectories);

  it('have the same sums by whatever they are grouped, and over parts of the time as over all of it', () => {
    const arbitraryUses = fc.array(arbitraryUse, { minLength: 1, maxLength: 40 });
    const arbitraryCut = fc.integer({ min: 0, max: 3 * 8640 });
    fc.assert(
      fc.property(arbitraryUses, arbitraryCut, (uses, cut) => {
        const batches = uses
          .sort((a, b) => a.slot - b.slot)
          .map(({ slot, name, user, class: className, mode, cpuNs, wantedNs }) =>
            batchAt(MONDAY + slot * SLOT_MS, {
              guests: [
                guestUse({ guest: ledgerGuest(name, { user, class: className }), mode, cpuNs, wantedNs }),
              ],
              promises: [],
            }),
          );
        const { use, database } = ledgerOf(batches);
        const expected = uses.reduce((sum, { cpuNs }) => sum + cpuNs, 0);
        for (const by of GROUPINGS) {
          const { rows, total } = use(by);
          expect(total.cpuNs).to.equal(expected);
          expect(rows.reduce((sum, { cpuNs }) => sum + cpuNs, 0)).to.equal(expected);
          expect(total.wantedNs === null).to.equal(uses.some(({ wantedNs }) => wantedNs === null));
          expect(rows.reduce((sum, { elapsedNs }) => sum + elapsedNs, 0)).to.equal(uses.length * 10e9);
        }
        const cutMs = MONDAY + cut * SLOT_MS;
        const firstMs = batches[0]?.atMs ?? MONDAY;
        if (cutMs > firstMs) {
          const before = use('class', firstMs, cutMs);
          const after = use('class', cutMs, null);
          // A cut two days ago is moved outward on both sides, to the hour: that hour is in both.
          const twice = before.toMs > after.fromMs ? use('class', after.fromMs, before.toMs).total.cpuNs : 0;
          expect(before.total.cpuNs + after.total.cpuNs - twice).to.equal(expected);
        }
        database.close();
        removeDirectories();
      }),
      { numRuns: 25 },
    );
  });

  it('group by the host’s own days, also by the one that has 25 hours', () => {
    const [sunday, monday] = ['2026-10-25', '2026-10-26'].map((day) => startOfDay(ZONE, dayOfDate(day)));
    if (sunday === undefined || monday === undefined) throw new Error('both are days');
    const hours = Array.from({ length: 27 }, (_, at) => batchAt(sunday - HOUR_MS + at * HOUR_MS));
    const { use } = ledgerOf(hours);
    expect(use('day').rows.map(({ key, cpuNs }) => [key, cpuNs / 5e9])).to.deep.equal([
      ['2026-10-24', 1],
      ['2026-10-25', 25],
      ['2026-10-26', 1],
    ]);
    expect(use('class', sunday, monday).total.cpuNs).to.equal(25 * 5e9);
  });

  it('find hours where slots are not kept any more, and days where hours are not', () => {
    const { use, writer, database } = ledgerOf([
      batchAt(MONDAY + 30 * 60_000),
      batchAt(MONDAY + 90 * 60_000),
    ]);
    // The present goes ahead as fast as batches come, and a little faster: a week of them.
    const count = () => database.prepare('SELECT level, count(*) FROM guest_use GROUP BY level').all();
    for (let at = 1; at <= 7 * 24 * 4; at++) writer.write(batchAt(MONDAY + 2 * HOUR_MS + at * 900_000));
    writer.write(batchAt(MONDAY + 8 * DAY_MS));
    expect(count().map(([level]) => level)).to.deep.equal([0, 1, 2]);
    const ofFirstHour = use('class', MONDAY, MONDAY + HOUR_MS);
    expect(ofFirstHour.total.cpuNs).to.equal(5e9);
    expect(use('class', MONDAY, MONDAY + DAY_MS).total.cpuNs).to.be.greaterThan(80 * 5e9);
  });

  it('are answered from few rows: days, hours at their sides, slots at the edges', () => {
    const now = MONDAY + 10 * DAY_MS;
    const recent = timeRanges(ZONE, now - 25 * HOUR_MS - 600_000, now, now);
    expect(recent.ranges.map(({ level }) => level)).to.include.members([0, 1]);
    const month = timeRanges(ZONE, MONDAY - 20 * DAY_MS, now + 1, now);
    expect(month.ranges.map(({ level }) => level)).to.deep.equal([2]);
    const old = timeRanges(ZONE, MONDAY + 600_000, MONDAY + DAY_MS + 600_000, now);
    expect(old.fromMs).to.equal(MONDAY);
    expect(old.toMs).to.equal(MONDAY + DAY_MS + HOUR_MS);
    const ancient = timeRanges(ZONE, MONDAY - 1000 * DAY_MS + 600_000, now + 1, now);
    expect(ancient.fromMs).to.equal(startOfDay(ZONE, dayOfDate('2024-02-27')));
  });

  it('about conformance name what was missed, and why', () => {
    const missed = promiseUse({ deliveredNs: 3e9, misses: [{ cause: 'refused', ns: 1.9e9 }] });
    const { conformance } = ledgerOf([batchAt(MONDAY), batchAt(MONDAY + SLOT_MS, { promises: [missed] })]);
    const { kept, promises } = conformance();
    expect(kept).to.equal(false);
    expect(promises).to.have.length(1);
    expect(promises[0]).to.include({
      guest: 'build',
      mode: 'calm',
      promised: 0.5,
      delivered: 0.4,
      kept: false,
    });
    expect(promises[0]?.misses).to.deep.equal([
      { cause: 'refused', text: 'the host refused what keeps it (a finding said so)', missedNs: 1.9e9 },
    ]);
  });

  it('that nothing is known about have no rows', () => {
    const { use, conformance, database } = ledgerOf([]);
    expect(use('guest').rows).to.deep.equal([]);
    expect(conformance().kept).to.equal(true);
    database.close();
  });
});

describe('retention', () => {
  afterEach(removeDirectories);

  it('forgets slots after two days, and keeps their hours and days', () => {
    const database = Database.forWriting(ledgerFile(freshDirectory()), LEDGER);
    const writer = new LedgerWriter(database);
    writer.begin(MONDAY);
    const slots = () => database.prepare('SELECT min(at_ms) FROM guest_use WHERE level = 0').all()[0]?.[0];
    writer.write(batchAt(MONDAY));
    for (let at = 1; at <= 3 * 24 * 15; at++) writer.write(batchAt(MONDAY + at * 240_000));
    expect(slots()).to.be.within(MONDAY + DAY_MS - 240_000, MONDAY + DAY_MS + 240_000);
    const days = database.prepare('SELECT count(*) FROM guest_use WHERE level = 2').all();
    expect(days).to.deep.equal([[4]]);
  });

  it('does not take a clock that leaps ahead for the passing of years', () => {
    const database = Database.forWriting(ledgerFile(freshDirectory()), LEDGER);
    const writer = new LedgerWriter(database);
    writer.begin(MONDAY);
    writer.write(batchAt(MONDAY));
    for (let at = 0; at < 360; at++) writer.write(batchAt(MONDAY + 5000 * DAY_MS + at * SLOT_MS));
    const [[kept] = []] = database.prepare('SELECT count(*) FROM guest_use WHERE at_ms = ?').all(MONDAY);
    // The slot, and the hour and the day that begin with it.
    expect(kept).to.equal(3);
  });
});
