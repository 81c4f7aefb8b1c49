import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { HistoryKeeper } from '../../../src/enforce/history/history-keeper.js';
import type { HistoryBlock } from '../../../src/rps/history/history-block.js';
import { skipBecause } from '../../support/skip-because.js';
import { freshDirectory, removeDirectories } from '../ledger/support.js';
import { MINUTE, minute, START } from './support.js';

describe('the history on disk', () => {
  afterEach(removeDirectories);
  const recent = (keeper: HistoryKeeper, nowMs: number) =>
    keeper.answer({ kind: 'recent' }, nowMs) as readonly HistoryBlock[];

  function keep(directory: string, nowMs = START): HistoryKeeper {
    const keeper = new HistoryKeeper(directory);
    keeper.start(nowMs);
    return keeper;
  }

  it('has after a restart what was written before it, and a gap for the time without a daemon', () => {
    const directory = freshDirectory();
    const first = keep(directory);
    first.write([minute('a', START, (place) => place)], START + MINUTE);
    first.stop();
    const next = keep(directory, START + 2 * MINUTE);
    next.write([minute('a', START + 2 * MINUTE, 7)], START + 3 * MINUTE);
    expect(next.troubles).to.deep.equal([]);
    const [block] = recent(next, START + 4 * MINUTE);
    expect(block).to.include({ signal: 'a', fromMs: START, stepMs: 1000 });
    const values = [...(block?.values ?? [])];
    expect(values.slice(0, 60)).to.deep.equal(Array.from({ length: 60 }, (_, place) => place));
    expect(values.slice(60, 120).every(Number.isNaN), 'nobody was there').to.equal(true);
    expect(values.slice(120)).to.deep.equal(new Array(60).fill(7));
    next.stop();
  });

  it('is never kept by two daemons', () => {
    const directory = freshDirectory();
    const [first, second] = [keep(directory), keep(directory)];
    expect(second.troubles.map(({ code }) => code)).to.deep.equal(['history-in-use']);
    first.stop();
    second.write([minute('a', START, 1)], START + MINUTE);
    expect(second.troubles).to.deep.equal([]);
    second.stop();
  });

  it('is set aside and begun anew when it is damaged, never deleted', () => {
    const directory = freshDirectory();
    const before = keep(directory);
    // Enough for the log beside it to be written into the file.
    const names = Array.from({ length: 200 }, (_, i) => `s${i}`);
    for (let i = 0; i < 100; i++) {
      const atMs = START + i * MINUTE;
      before.write(
        names.map((name) => minute(name, atMs, (place) => place * i)),
        atMs + MINUTE,
      );
    }
    before.stop();
    const file = join(directory, 'history.db');
    const bytes = readFileSync(file);
    expect(bytes.length).to.be.above(100 * 4096);
    writeFileSync(file, bytes.fill(0x5a, 4096));
    const after = keep(directory, START + 140 * MINUTE);
    after.write([minute('a', START + 140 * MINUTE, 5)], START + 141 * MINUTE);
    expect(after.troubles.map(({ code }) => code)).to.deep.equal(['history-set-aside']);
    expect(recent(after, START + 141 * MINUTE).map(({ fromMs }) => fromMs)).to.deep.equal([
      START + 140 * MINUTE,
    ]);
    expect(readdirSync(directory).filter((name) => name.startsWith('history.db.damaged-'))).to.not.be.empty;
    after.stop();
  });

  it('that is a database of something else is set aside, too', () => {
    const directory = freshDirectory();
    writeFileSync(
      join(directory, 'history.db'),
      'not a database at all, but long enough to be looked at'.repeat(40),
    );
    const keeper = keep(directory);
    expect(keeper.troubles.map(({ code }) => code)).to.deep.equal(['history-set-aside']);
    keeper.stop();
  });

  it('that cannot be written is a finding; ten minutes wait for better times, and the rest is lost', () => {
    const directory = join(freshDirectory(), 'state');
    writeFileSync(directory, 'in the way');
    const keeper = keep(directory);
    for (let i = 0; i < 30; i++) keeper.write([minute('a', START + i * MINUTE, i)], START + i * MINUTE);
    expect(keeper.troubles.map(({ code }) => code)).to.deep.equal(['history-not-written']);
    expect(() => keeper.answer({ kind: 'recent' }, START)).to.throw('cannot be written');
    expect(existsSync(join(directory, 'history.db'))).to.equal(false);
    removeDirectories();
    mkdirSync(directory, { recursive: true });
    keeper.write([minute('a', START + 30 * MINUTE, 30)], START + 31 * MINUTE);
    expect(keeper.troubles).to.deep.equal([]);
    const [block] = recent(keeper, START + 31 * MINUTE);
    expect(block?.fromMs).to.equal(START + 20 * MINUTE);
    keeper.stop();
  });

  it('on a full disk goes on in memory, and on disk when there is room again', function () {
    if (process.getuid?.() !== 0) skipBecause(this, 'needs root to mount a small file system');
    const directory = freshDirectory();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=0755', 'tmpfs', directory]);
    try {
      const keeper = keep(directory);
      const write = (at: number) => {
        const atMs = START + at * MINUTE;
        const names = Array.from({ length: 100 }, (_, i) => `s${i}`);
        keeper.write(
          names.map((name) => minute(name, atMs, (place) => place * at)),
          atMs + MINUTE,
        );
      };
      let at = 0;
      while (keeper.troubles.length === 0 && at < 300) write(at++);
      expect(keeper.troubles.map(({ code }) => code)).to.deep.equal(['history-not-written']);
      expect(keeper.troubles[0]?.message).to.match(/full|disk/);
      expect(recent(keeper, START + at * MINUTE), 'what is there can be read').to.not.be.empty;

      execFileSync('mount', ['-o', 'remount,size=50m', directory]);
      write(at++);
      expect(keeper.troubles).to.deep.equal([]);
      const [block] = recent(keeper, START + at * MINUTE);
      expect(block?.values.slice(-120)).to.satisfy((values: Float32Array) =>
        values.every((one) => !Number.isNaN(one)),
      );
      keeper.stop();
    } finally {
      execFileSync('umount', ['-l', directory]);
    }
  });
});
