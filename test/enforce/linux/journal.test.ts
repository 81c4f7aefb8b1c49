import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { bootId } from '../../../src/enforce/linux/boot-id.js';
import { guardianScript } from '../../../src/enforce/linux/guardian-script.js';
import { FileJournal, readPending, UnknownJournalError } from '../../../src/enforce/linux/journal.js';
import type { UndoRecord } from '../../../src/enforce/linux/undo-record.js';
import { skipBecause } from '../../support/skip-because.js';

const BOOT = bootId();

const text = fc.string({ unit: fc.constantFrom('a', '/', ' ', '\t', '\n', '%', '0', '9', 'A', 'é') });
const record: fc.Arbitrary<UndoRecord> = fc.oneof(
  fc.record({ operation: fc.constant('rmdir' as const), directory: text }),
  fc.record({
    operation: fc.constant('qdisc' as const),
    namespace: text,
    device: text,
    parent: fc.constantFrom('root' as const, 'ingress' as const),
    target: text,
  }),
  fc.record({ operation: fc.constant('link' as const), namespace: text, device: text }),
  fc.record({ operation: fc.constant('write' as const), file: text, content: text }),
  fc.record({
    operation: fc.constant('continue' as const),
    pid: fc.nat(),
    startTime: fc.bigInt(0n, 1n << 60n),
  }),
  fc.record({
    operation: fc.constant('thaw' as const),
    pid: fc.nat(),
    startTime: fc.bigInt(0n, 1n << 60n),
    file: text,
  }),
  fc.record({
    operation: fc.constant('qmp' as const),
    pid: fc.nat(),
    startTime: fc.bigInt(0n, 1n << 60n),
    socket: text,
    command: text,
  }),
  fc.record({
    operation: fc.constant('member' as const),
    id: fc.nat(),
    startTime: fc.bigInt(0n, 1n << 60n),
    file: text,
  }),
);

describe('the journal', () => {
  let directory: string;
  let file: string;
  let journal: FileJournal;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-journal-'));
    file = join(directory, 'journal');
    journal = new FileJournal(file, BOOT);
    journal.open();
  });

  afterEach(() => {
    journal.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const onDisk = (): readonly UndoRecord[] => readPending(file, BOOT);
  const release = () => spawnSync('perl', [guardianScript(), 'release', file], { encoding: 'utf8' });

  it('has every record on disk that was written and not cleared, in order, whatever is in its fields', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(record, fc.boolean()), { maxLength: 20 }), (steps) => {
        journal.open();
        for (const [undo, cleared] of steps) {
          const id = journal.record(undo);
          if (cleared) journal.clear(id);
        }
        expect(onDisk()).to.deep.equal(journal.pending().map(({ undo }) => undo));
      }),
    );
  });

  it('writes a record that stands already only once', () => {
    const undo = { operation: 'rmdir', directory: '/a' } as const;
    expect(journal.record(undo)).to.equal(journal.record(undo));
    expect(journal.standing(undo)).to.equal(true);
    expect(onDisk()).to.deep.equal([undo]);
  });

  it('does not grow while there is nothing to undo', () => {
    const sizes = Array.from({ length: 100 }, () => {
      journal.clear(journal.record({ operation: 'rmdir', directory: '/a' }));
      return readFileSync(file).length;
    });
    expect(new Set(sizes).size).to.equal(1);
    journal.record({ operation: 'rmdir', directory: '/b' });
    expect(onDisk()).to.deep.equal([{ operation: 'rmdir', directory: '/b' }]);
  });

  it('ignores a last line that was cut off, and what another boot left', () => {
    journal.record({ operation: 'rmdir', directory: '/first' });
    journal.record({ operation: 'rmdir', directory: '/second' });
    truncateSync(file, readFileSync(file).length - 3);
    expect(onDisk()).to.deep.equal([{ operation: 'rmdir', directory: '/first' }]);
    expect(readPending(file, 'another boot')).to.deep.equal([]);
  });

  it('is read by the guardian in the same way: it undoes what stands, last first', () => {
    const nasty = join(directory, 'a%09b\tc');
    const inner = join(nasty, 'inner');
    mkdirSync(inner, { recursive: true });
    const kept = join(directory, 'kept');
    mkdirSync(kept);
    const value = join(directory, 'value');
    writeFileSync(value, 'new');
    journal.record({ operation: 'rmdir', directory: nasty });
    journal.record({ operation: 'rmdir', directory: inner });
    journal.clear(journal.record({ operation: 'rmdir', directory: kept }));
    journal.record({ operation: 'write', file: value, content: 'old\tas\nit was 100%' });
    const { status, stderr } = release();
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
    expect(existsSync(nasty)).to.equal(false);
    expect(existsSync(kept)).to.equal(true);
    expect(readFileSync(value, 'utf8')).to.equal('old\tas\nit was 100%');
    expect(existsSync(file)).to.equal(false);
  });

  it('is kept by the guardian, which says what it could not undo', () => {
    const full = join(directory, 'full');
    mkdirSync(join(full, 'child'), { recursive: true });
    journal.record({ operation: 'rmdir', directory: full });
    const { status, stderr } = release();
    expect(status).to.equal(1);
    expect(stderr).to.contain(full);
    expect(existsSync(file)).to.equal(true);
  });

  it('keeps on record what could not be undone, and that alone: undone twice it would undo what others did since', () => {
    const full = join(directory, 'full');
    mkdirSync(join(full, 'child'), { recursive: true });
    const value = join(directory, 'value');
    writeFileSync(value, 'ours');
    journal.record({ operation: 'rmdir', directory: full });
    journal.record({ operation: 'write', file: value, content: 'as it was' });
    expect(release().status).to.equal(1);
    expect(readFileSync(value, 'utf8')).to.equal('as it was');
    expect(onDisk()).to.deep.equal([{ operation: 'rmdir', directory: full }]);
    expect(journal.revoked, 'the daemon that wrote it').to.equal(true);
    rmSync(join(full, 'child'), { recursive: true });
    expect(release().status).to.equal(0);
    expect([full, file].filter(existsSync)).to.deep.equal([]);
  });

  it('is carried over by the next daemon with what could not be undone yet', () => {
    const left = { operation: 'rmdir', directory: '/never' } as const;
    journal.open([left]);
    expect(journal.standing(left)).to.equal(true);
    expect(onDisk()).to.deep.equal([left]);
  });

  it('is refused, and left as it is, when another version wrote it', () => {
    for (const [text, reason] of [
      [`vmc-journal\t2\t${BOOT}\t1-1\n*\tanything\n`, 'another version'],
      ['my letters\n', 'no journal'],
    ] as const) {
      writeFileSync(file, text);
      const { status, stderr } = release();
      expect(status).to.equal(1);
      expect(stderr).to.contain(reason);
      expect(readFileSync(file, 'utf8')).to.equal(text);
      expect(onDisk).to.throw(UnknownJournalError, reason);
    }
  });

  it('keeps a record of an operation that only a newer version knows, and undoes the others', () => {
    const value = join(directory, 'value');
    writeFileSync(value, 'ours');
    journal.record({ operation: 'write', file: value, content: 'as it was' });
    appendFileSync(file, '+\t99\tteleport\t1\n');
    const { status, stderr } = release();
    expect(status).to.equal(1);
    expect(stderr).to.contain('teleport');
    expect(readFileSync(value, 'utf8')).to.equal('as it was');
    expect(readFileSync(file, 'utf8').split('\n').slice(1)).to.deep.equal(['+\t99\tteleport\t1', '']);
    expect(onDisk).to.throw(UnknownJournalError, 'teleport');
  });

  it('is void, whatever its version, when another boot wrote it', () => {
    writeFileSync(file, 'vmc-journal\t2\tanother-boot\t1-1\n*\tanything\n');
    expect(release().status).to.equal(0);
    expect(existsSync(file)).to.equal(false);
  });

  it('may be released by two at once: one does it, the other finds nothing to do', async () => {
    const values = Array.from({ length: 50 }, (_, at) => join(directory, `value ${at}`));
    for (const value of values) {
      writeFileSync(value, 'ours');
      journal.record({ operation: 'write', file: value, content: 'as it was' });
    }
    const both = [1, 2].map(() => spawn('perl', [guardianScript(), 'release', file]));
    const codes = await Promise.all(both.map(async (one) => (await once(one, 'exit'))[0]));
    expect(codes).to.deep.equal([0, 0]);
    expect(new Set(values.map((value) => readFileSync(value, 'utf8')))).to.deep.equal(new Set(['as it was']));
    expect(release().status).to.equal(0);
  });

  it('may not be read by another user, who is told so', function () {
    if (process.getuid?.() !== 0) skipBecause(this, 'needs root, to be another user');
    chmodSync(directory, 0o755);
    journal.record({ operation: 'rmdir', directory: '/never' });
    const { status, stderr } = spawnSync(
      'setpriv',
      ['--reuid', 'nobody', '--clear-groups', '--', 'perl', guardianScript(), 'release', file],
      { encoding: 'utf8' },
    );
    expect(status).to.equal(1);
    expect(stderr).to.contain("is not this user's alone");
    expect(onDisk()).to.have.length(1);
  });

  it('is rewritten when most of it has been undone, so that months do not fill the disk', () => {
    const standing = { operation: 'rmdir', directory: '/standing' } as const;
    journal.record(standing);
    const sizes = Array.from({ length: 5000 }, (_, at) => {
      journal.clear(journal.record({ operation: 'rmdir', directory: `/some/longer/name/${at}` }));
      journal.compact();
      return statSync(file).size;
    });
    expect(Math.max(...sizes)).to.be.below(80_000);
    expect(onDisk()).to.deep.equal([standing]);
    const last = { operation: 'rmdir', directory: '/last' } as const;
    const id = journal.record(last);
    expect(onDisk()).to.deep.equal([standing, last]);
    journal.clear(id);
    expect(onDisk()).to.deep.equal([standing]);
  });

  it('refuses a record that a full disk has no room for, and is whole: what fits is written, what is struck is struck', function () {
    if (process.getuid?.() !== 0) skipBecause(this, 'needs root, to mount a small disk');
    const disk = join(directory, 'disk');
    mkdirSync(disk);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', disk]).status).to.equal(0);
    const onFullDisk = new FileJournal(join(disk, 'journal'), BOOT);
    try {
      onFullDisk.open();
      const long = (at: number) => ({ operation: 'rmdir', directory: `/${`${at}`.repeat(150)}` }) as const;
      const fill = () => {
        for (let at = 0; at < 1000; at++) onFullDisk.record(long(at));
      };
      expect(fill).to.throw('ENOSPC');
      const records = onFullDisk.pending();
      const expectWhole = () =>
        expect(readPending(onFullDisk.file, BOOT)).to.deep.equal(
          onFullDisk.pending().map(({ undo }) => undo),
        );
      expectWhole();
      expect(records.length).to.be.greaterThan(20);
      for (const { id } of records.slice(0, 5)) onFullDisk.clear(id);
      expectWhole();
      expect(fill, 'with no more room than before').to.throw('ENOSPC');
      expectWhole();
      for (const { id } of onFullDisk.pending()) onFullDisk.clear(id);
      onFullDisk.record(long(1));
      expectWhole();
    } finally {
      onFullDisk.close();
      spawnSync('umount', [disk]);
    }
  });

  it('signals nobody who has the number of a guest that has ended', () => {
    // This very process, with a start time that is not its own.
    journal.record({ operation: 'continue', pid: process.pid, startTime: 1n });
    journal.record({
      operation: 'sched',
      pid: process.pid,
      tid: process.pid,
      startTime: 1n,
      policy: 0,
      nice: 19,
      priority: 0,
    });
    expect(release().status).to.equal(0);
  });
});
