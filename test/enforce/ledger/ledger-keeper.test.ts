import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { SLOT_MS } from '../../../src/enforce/ledger/ledger-batch.js';
import { ledgerFile } from '../../../src/enforce/ledger/ledger-file.js';
import { LedgerKeeper } from '../../../src/enforce/ledger/ledger-keeper.js';
import type { LedgerDocument } from '../../../src/enforce/ledger/ledger-schema.js';
import type { EnforcerEvent } from '../../../src/enforce/status.js';
import { skipBecause } from '../../support/skip-because.js';
import {
  batchAt,
  freshDirectory,
  guestUse,
  ledgerGuest,
  MONDAY,
  removeDirectories,
  ZONE,
} from './support.js';

const event = (sequence: number): EnforcerEvent => ({
  sequence,
  atMs: MONDAY + sequence,
  kind: 'finding',
  subject: null,
  message: `what happened as number ${sequence}`,
  causes: [],
});

/** All that was used since Monday, by class. */
const useOf = (keeper: LedgerKeeper, nowMs: number): LedgerDocument =>
  keeper.answer(
    { kind: 'use', by: 'class', fromMs: MONDAY, toMs: null, zone: ZONE },
    nowMs,
  ) as LedgerDocument;

describe('the ledger on disk', () => {
  afterEach(removeDirectories);

  it('has after a restart all that was written before it, and counts on', () => {
    const directory = freshDirectory();
    const first = new LedgerKeeper(directory);
    expect(first.start(MONDAY)).to.deep.equal({ events: [], sequence: 0, budgets: [] });
    const use = { budget: 'batch per day', firstDay: '2026-11-23', holder: null, usedNs: 7e9 };
    first.append(event(1));
    first.write(batchAt(MONDAY, { budgets: [use] }));
    first.stop(MONDAY + SLOT_MS);

    const second = new LedgerKeeper(directory);
    expect(second.start(MONDAY + 2 * SLOT_MS)).to.deep.equal({
      events: [event(1)],
      sequence: 1,
      budgets: [use],
    });
    second.write(batchAt(MONDAY + 2 * SLOT_MS));
    const { rows, total } = useOf(second, MONDAY + 3 * SLOT_MS);
    expect(rows.map(({ key, cpuNs }) => ({ key, cpuNs }))).to.deep.equal([{ key: 'batch', cpuNs: 10e9 }]);
    expect(total.elapsedNs).to.equal(20e9);
    second.stop(MONDAY + 3 * SLOT_MS);
  });

  it('gives no number of an event again that a daemon may have given out before it was killed', () => {
    const directory = freshDirectory();
    const killed = new LedgerKeeper(directory);
    killed.start(MONDAY);
    killed.append(event(1));
    // It does not come to stop; its lock names a process that has ended.
    writeFileSync(join(directory, 'ledger.lock'), '1 1\n');
    const next = new LedgerKeeper(directory);
    expect(next.start(MONDAY + SLOT_MS).sequence).to.be.greaterThan(1 + 100);
    next.stop(MONDAY + SLOT_MS);
  });

  it('is never kept by two daemons: the second is told by which, and waits for it', () => {
    const directory = freshDirectory();
    const [first, second] = [new LedgerKeeper(directory), new LedgerKeeper(directory)];
    first.start(MONDAY);
    second.start(MONDAY);
    expect(second.troubles.map(({ code }) => code)).to.deep.equal(['ledger-in-use']);
    expect(second.troubles[0]?.message).to.contain(`pid ${process.pid}`);
    second.write(batchAt(MONDAY));
    expect(useOf(first, MONDAY + SLOT_MS).total.cpuNs).to.equal(0);

    first.stop(MONDAY + SLOT_MS);
    second.write(batchAt(MONDAY + SLOT_MS));
    expect(second.troubles).to.deep.equal([]);
    expect(useOf(second, MONDAY + 2 * SLOT_MS).total.cpuNs).to.equal(10e9);
    second.stop(MONDAY + 2 * SLOT_MS);
  });

  it('is set aside and begun anew when it is damaged, never deleted', () => {
    const directory = freshDirectory();
    writeFileSync(ledgerFile(directory), 'no database, whatever its name says. '.repeat(200));
    const keeper = new LedgerKeeper(directory);
    keeper.start(MONDAY);
    keeper.write(batchAt(MONDAY));
    expect(keeper.troubles.map(({ code }) => code)).to.deep.equal(['ledger-set-aside']);
    expect(useOf(keeper, MONDAY + SLOT_MS).total.cpuNs).to.equal(5e9);
    expect(readdirSync(directory).some((name) => name.startsWith('ledger.db.damaged-'))).to.equal(true);
    keeper.stop(MONDAY + SLOT_MS);
  });

  it('that cannot be written is a finding; what is measured meanwhile is written later', () => {
    const directory = join(freshDirectory(), 'state');
    // A file stands where the directory should be.
    writeFileSync(directory, '');
    const keeper = new LedgerKeeper(directory);
    const { sequence } = keeper.start(MONDAY);
    expect(sequence).to.be.greaterThan(1e10);
    keeper.write(batchAt(MONDAY));
    keeper.append(event(sequence + 1));
    expect(keeper.troubles.map(({ code }) => code)).to.deep.equal(['ledger-not-written']);

    execFileSync('rm', [directory]);
    mkdirSync(directory);
    keeper.write(batchAt(MONDAY + SLOT_MS));
    expect(keeper.troubles).to.deep.equal([]);
    expect(useOf(keeper, MONDAY + 2 * SLOT_MS).total.cpuNs).to.equal(10e9);
    keeper.stop(MONDAY + 2 * SLOT_MS);
  });

  it('on a full disk loses nothing, and goes on when there is room again', function () {
    if (process.getuid?.() !== 0) skipBecause(this, 'needs root to mount a small file system');
    const directory = freshDirectory();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=0755', 'tmpfs', directory]);
    try {
      const keeper = new LedgerKeeper(directory);
      keeper.start(MONDAY);
      let slots = 0;
      while (keeper.troubles.length === 0 && slots < 300) {
        const guests = Array.from({ length: 50 }, (_, at) =>
          guestUse({ guest: ledgerGuest(`guest ${at}`), mode: `mode ${slots}` }),
        );
        keeper.write(batchAt(MONDAY + slots * SLOT_MS, { guests }));
        slots += 1;
      }
      expect(keeper.troubles.map(({ code }) => code)).to.deep.equal(['ledger-not-written']);
      expect(keeper.troubles[0]?.message).to.match(/full|disk/);

      execFileSync('mount', ['-o', 'remount,size=50m', directory]);
      keeper.write(batchAt(MONDAY + slots * SLOT_MS, { guests: [] }));
      expect(keeper.troubles).to.deep.equal([]);
      expect(useOf(keeper, MONDAY + (slots + 1) * SLOT_MS).total.cpuNs).to.equal(slots * 50 * 5e9);
      keeper.stop(MONDAY + (slots + 1) * SLOT_MS);
    } finally {
      execFileSync('umount', ['-l', directory]);
    }
  });

  it('tells when no daemon ran', () => {
    const directory = freshDirectory();
    for (const startMs of [MONDAY, MONDAY + 600_000]) {
      const keeper = new LedgerKeeper(directory);
      keeper.start(startMs);
      keeper.write(batchAt(startMs));
      keeper.stop(startMs + SLOT_MS);
    }
    const keeper = new LedgerKeeper(directory);
    keeper.start(MONDAY + 601_000 + SLOT_MS);
    expect(useOf(keeper, MONDAY + 602_000 + SLOT_MS).notRunning).to.deep.equal([
      { fromMs: MONDAY + SLOT_MS, toMs: MONDAY + 600_000 },
    ]);
    keeper.stop(MONDAY + 602_000 + SLOT_MS);
    expect(existsSync(join(directory, 'ledger.lock'))).to.equal(false);
  });
});
