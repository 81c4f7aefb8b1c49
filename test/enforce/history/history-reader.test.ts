import { join } from 'node:path';
import { expect } from 'chai';
import { HistoryReader } from '../../../src/enforce/history/history-reader.js';
import { HISTORY } from '../../../src/enforce/history/history-schema.js';
import { HistoryWriter } from '../../../src/enforce/history/history-writer.js';
import { Database } from '../../../src/enforce/ledger/database.js';
import { freshDirectory, removeDirectories } from '../ledger/support.js';
import { DAY, HOUR, MINUTE, minute, START } from './support.js';

describe('recorded samples', () => {
  let database: Database;
  let writer: HistoryWriter;
  let reader: HistoryReader;
  beforeEach(() => open());
  afterEach(() => {
    database.close();
    removeDirectories();
  });

  function open(mostBytes?: number, file = join(freshDirectory(), 'history.db')): void {
    database = Database.forWriting(file, HISTORY);
    writer = new HistoryWriter(database, START, mostBytes);
    reader = new HistoryReader(database);
  }
  /** One minute after the other, of a value that tells which minute it was. */
  function record(minutes: number, fromMs = START, signal = 'a'): number {
    for (let i = 0; i < minutes; i++) {
      const atMs = fromMs + i * MINUTE;
      writer.write([minute(signal, atMs, Math.floor(atMs / MINUTE) % 1440)], atMs + MINUTE);
    }
    return fromMs + minutes * MINUTE;
  }
  const samples = (fromMs: number, nowMs: number, stepMs = 0, signal = 'a') =>
    reader.answer({ kind: 'samples', signal, fromMs, stepMs }, nowMs);
  const rows = (level: number) =>
    Number(database.prepare('SELECT count(*) FROM samples WHERE level = ?').all(level)[0]?.[0]);

  it('are of seconds for a day', () => {
    const nowMs = record(5);
    const block = samples(START + 90_000, nowMs);
    expect(block).to.include({ fromMs: START + 90_000, stepMs: 1000 });
    expect([...(block?.values ?? [])]).to.deep.equal(
      Array.from({ length: 210 }, (_, i) => Math.floor((90 + i) / 60)),
    );
  });

  it('are means over longer steps where that is asked for, and gaps where nobody was there', () => {
    record(2);
    const nowMs = record(2, START + 4 * MINUTE);
    const block = samples(START, nowMs, 2 * MINUTE);
    expect(block?.stepMs).to.equal(2 * MINUTE);
    expect([...(block?.values ?? [])]).to.deep.equal([0.5, Number.NaN, 4.5]);
  });

  it('are of minutes for a month and of hours for two years, and go on up to now', () => {
    const nowMs = record(26 * 60 + 30);
    const minutes = samples(START, nowMs);
    expect(minutes?.stepMs).to.equal(MINUTE);
    expect([...(minutes?.values ?? [])]).to.deep.equal(
      Array.from({ length: 26 * 60 + 30 }, (_, i) => i % 1440),
    );
    const laterMs = record(5, START + 40 * DAY);
    const hours = samples(START, laterMs);
    expect(hours?.stepMs).to.equal(HOUR);
    expect([...(hours?.values ?? [])].slice(0, 3)).to.deep.equal([29.5, 89.5, 149.5]);
    expect(hours?.values.at(-1)).to.equal(2);
    expect(hours?.values).to.have.length(40 * 24 + 1);
  }).timeout(60_000);

  it('are forgotten by age, the finest first', () => {
    record(3 * 60);
    for (const days of [1.5, 40, 800]) {
      let nowMs = START + days * DAY;
      // The present goes ahead no more than 24 times as fast as samples come.
      for (let i = 0; i < (days * 1440) / 24 + 5; i++) {
        writer.write([], nowMs);
        nowMs += 1000;
      }
      expect([rows(0), rows(1), rows(2)]).to.deep.equal(
        days < 2 ? [0, 3, 1] : days < 100 ? [0, 0, 1] : [0, 0, 0],
      );
    }
  }).timeout(120_000);

  it('are not forgotten for a clock that leaps ahead for an hour', () => {
    record(60);
    writer.write([minute('a', START + 900 * DAY, 1)], START + 900 * DAY);
    const nowMs = record(60, START + HOUR);
    expect([...(samples(START, nowMs, HOUR)?.values ?? [])]).to.deep.equal([29.5, 89.5]);
  });

  it('of signals that are sampled more seldom have as many places as samples', () => {
    writer.write([minute('host.temperature', START, (place) => place, 10_000)], START + MINUTE);
    const block = samples(START, START + MINUTE, 0, 'host.temperature');
    expect(block?.stepMs).to.equal(10_000);
    expect([...(block?.values ?? [])]).to.deep.equal([0, 1, 2, 3, 4, 5]);
  });

  it('of a signal that nobody knows are none', () => {
    record(1);
    expect(samples(START, START + HOUR, 0, 'b')).to.equal(null);
    expect(samples(START + HOUR, START + HOUR)).to.equal(null);
  });

  it('asked for since 1970 are two years of hours', () => {
    record(61);
    const block = samples(0, START + HOUR + MINUTE);
    expect(block?.stepMs).to.equal(HOUR);
    expect(block?.values.length).to.be.within(731 * 24, 731 * 24 + 2);
  });

  it('rolled up are the same after a crash between two writes as without one', () => {
    const file = join(freshDirectory(), 'history.db');
    database.close();
    open(undefined, file);
    record(90);
    database.close();
    open(undefined, file);
    const nowMs = record(60, START + 90 * MINUTE);
    const values = samples(START, nowMs + 25 * HOUR)?.values ?? [];
    expect([...values].slice(0, 150)).to.deep.equal(Array.from({ length: 150 }, (_, i) => i));
  });

  it('make way in a file that is full: the oldest of the finest resolution first', () => {
    database.close();
    open(400 * 1024);
    for (let i = 0; i < 8 * 60; i++) {
      const atMs = START + i * MINUTE;
      writer.write(
        ['a', 'b', 'c', 'd', 'e'].map((signal) => minute(signal, atMs, (place) => place * i)),
        atMs + MINUTE,
      );
    }
    const nowMs = START + 8 * HOUR;
    const [[pages = 0, size = 0] = []] = database
      .prepare('SELECT page_count, page_size FROM pragma_page_count, pragma_page_size')
      .all();
    expect(Number(pages) * Number(size)).to.be.below(500 * 1024);
    const block = samples(START, nowMs, MINUTE);
    expect(block?.values[10], 'the beginning in seconds is gone').to.be.NaN;
    expect(block?.values.at(-1)).to.be.closeTo(29.5 * (8 * 60 - 1), 0.01);
    const fromMinutes = samples(START, START + 25 * HOUR, MINUTE);
    expect(fromMinutes?.values[10], 'in minutes it is still there').to.be.closeTo(295, 0.01);
  });

  it('of ten thousand signals are written and found', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `guest.${i}-1.cpu`);
    writer.write(
      names.map((signal, i) => minute(signal, START, i)),
      START + MINUTE,
    );
    expect(reader.answer({ kind: 'recent' }, START + MINUTE)).to.have.length(10_000);
    expect(samples(START, START + MINUTE, MINUTE, 'guest.777-1.cpu')?.values[0]).to.equal(777);
  }).timeout(60_000);
});
