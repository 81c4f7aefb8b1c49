import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseProcStat, readProcessStat, readProcFile, readThreadIds } from '../../src/qemu/proc-files.js';
import { FakeProc } from './fake-proc.js';

describe('parseProcStat', () => {
  it('reads a line of this very process', () => {
    const stat = parseProcStat(readFileSync('/proc/self/stat', 'utf8'));
    expect(stat?.parent).to.equal(process.ppid);
    expect(stat?.state).to.equal('R');
    expect(stat?.comm).to.equal(readFileSync('/proc/self/comm', 'utf8').trimEnd());
  });

  it('reads the fields behind any name a process may give itself', () => {
    const rest = 'T 7 1 1 34816 0 0 0 0 0 0 11 22 0 0 20 0 4 0 4242 0 0 9 4096 8192 6144 0\n';
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(') R 1 (', 'a\nb', ')', '((', ') S')), (comm) => {
        expect(parseProcStat(`12 (${comm}) ${rest}`)).to.deep.equal({
          comm,
          state: 'T',
          parent: 7,
          terminal: 34816,
          cpuTicks: 33n,
          startTime: 4242n,
          threads: 4,
          program: '4096 6144',
        });
      }),
    );
  });

  it('gives null for what is no such line', () => {
    for (const text of ['', '12', '12 (comm', ')(', '12 (comm) ', '12 (comm) S 1 2 3']) {
      expect(parseProcStat(text), text).to.equal(null);
    }
    fc.assert(fc.property(fc.string(), (text) => void parseProcStat(text)));
  });
});

describe('reading /proc', () => {
  it('gives null, or nothing, for processes that are not there', () => {
    const proc = new FakeProc();
    expect(readProcessStat(proc.root, 5)).to.equal(null);
    expect(readThreadIds(proc.root, 5)).to.deep.equal([]);
    expect(readProcFile(`${proc.root}/5/cmdline`)).to.equal(null);
    proc.end();
  });

  it('gives thread ids in order of their numbers', () => {
    const proc = new FakeProc();
    proc.set(9, { threads: { 100: {}, 11: {}, 10: {} } });
    expect(readThreadIds(proc.root, 9)).to.deep.equal([9, 10, 11, 100]);
    proc.end();
  });
});
