import { expect } from 'chai';
import { OwnerThreads } from '../../../src/rps/sensors/owner-threads.js';
import { FakeProc } from '../support/fake-proc.js';

describe('OwnerThreads', () => {
  let proc: FakeProc;
  let threads: OwnerThreads;
  const nobody = (): boolean => false;

  beforeEach(() => {
    proc = new FakeProc();
    for (const pid of [10, 11, 12]) proc.process(pid, 0, { [pid]: [1e9, 5e9] });
    threads = new OwnerThreads(proc.root, 3);
  });

  afterEach(() => {
    threads.close();
    proc.dispose();
  });

  it('knows nothing at its first look, and what came since from the second on', () => {
    expect(threads.read(12, nobody, true)).to.equal(false);
    proc.process(11, 0, { 11: [1e9, 5.5e9] });
    expect(threads.read(12, nobody, true)).to.equal(true);
    expect(threads.waitedDeltaNs).to.equal(0.5e9);
    expect(threads.read(12, nobody, true)).to.equal(true);
    expect(threads.waitedDeltaNs).to.equal(0);
  });

  it('leaves out threads that are guests’', () => {
    threads.read(12, nobody, true);
    for (const pid of [10, 11, 12]) proc.process(pid, 0, { [pid]: [1e9, 5.1e9] });
    threads.read(12, (id) => id === 11, true);
    expect(threads.waitedDeltaNs).to.be.closeTo(0.2e9, 1);
  });

  it('gives no answer for part of the threads when there are too many, and tries again later', () => {
    threads.read(12, nobody, true);
    proc.process(13, 0, { 13: [0, 0] });
    expect(threads.read(13, nobody, true)).to.equal(false);
    proc.remove('13');
    let samples = 1;
    while (!threads.read(13, nobody, true)) {
      samples++;
      expect(samples).to.be.below(100);
    }
    expect(samples).to.be.above(10);
    expect(threads.waitedDeltaNs).to.equal(0);
  });

  it('gives no answer where there is no thread to be read', () => {
    const none = new OwnerThreads(`${proc.root}/none`);
    expect(none.read(5, nobody, true)).to.equal(false);
    expect(none.read(5, nobody, true)).to.equal(false);
  });
});
