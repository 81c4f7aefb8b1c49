import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { guardianScript } from '../../../src/enforce/linux/guardian-script.js';
import { FileJournal, readPending, type UndoRecord } from '../../../src/enforce/linux/journal.js';

const BOOT = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

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
