import { expect } from 'chai';
import type { QmpCpu } from '../../src/qemu/qmp/commands.js';
import { QmpError } from '../../src/qemu/qmp/qmp-error.js';
import { VcpuFinder } from '../../src/qemu/vcpu-finder.js';
import { FakeProc } from './fake-proc.js';

describe('VcpuFinder', () => {
  let proc: FakeProc;
  let nowNs: bigint;
  let asked: number;
  let answer: () => Promise<readonly QmpCpu[]>;
  const clock = { monotonicNs: () => nowNs, wallMs: () => 0 };
  const finder = (qmpSockets = ['/sock']) =>
    new VcpuFinder({ pid: 10, qmpSockets }, proc.root, clock, () => {
      asked += 1;
      return answer();
    });
  const occupied = () => Promise.reject(new QmpError('occupied', 'in use'));

  beforeEach(() => {
    [proc, nowNs, asked] = [new FakeProc(), 0n, 0];
    proc.set(10, { threads: { 20: { comm: 'CPU 0/KVM', startTime: 5 }, 21: { startTime: 6 } } });
    answer = async () => [{ index: 0, tid: 21 }];
  });
  afterEach(() => proc.end());

  it('prefers what the monitor says to what the names say', async () => {
    const vcpus = finder();
    await vcpus.look(false);
    expect(vcpus.found).to.deep.equal({ vcpus: [{ index: 0, tid: 21, startTime: 6n }], vcpuSource: 'qmp' });
  });

  it('asks once, as long as the threads stay', async () => {
    const vcpus = finder();
    for (let scan = 0; scan < 10; scan++) {
      await vcpus.look(false);
      nowNs += 60_000_000_000n;
    }
    expect(asked).to.equal(1);
  });

  it('tells the names while the monitor is silent, and asks less and less often', async () => {
    answer = occupied;
    const vcpus = finder();
    const attempts: number[] = [];
    for (let second = 0; second < 600; second++) {
      const before = asked;
      await vcpus.look(false);
      if (asked > before) attempts.push(second);
      nowNs += 1_000_000_000n;
    }
    expect(vcpus.found.vcpuSource).to.equal('thread-names');
    expect(attempts).to.deep.equal([0, 1, 3, 7, 15, 31, 63, 127, 255, 511]);
  });

  it('does not ask a process that a signal has stopped', () => {
    expect(finder().look(true)).to.equal(null);
    expect(asked).to.equal(0);
  });

  it('does not ask a second time while the first question is open', async () => {
    let release: (cpus: readonly QmpCpu[]) => void = () => {};
    answer = () => new Promise((resolve) => (release = resolve));
    const vcpus = finder();
    const question = vcpus.look(false);
    vcpus.look(false);
    expect(asked).to.equal(1);
    expect(vcpus.found.vcpuSource).to.equal('thread-names');
    release([{ index: 0, tid: 21 }]);
    await question;
    expect(vcpus.found.vcpuSource).to.equal('qmp');
  });

  it('forgets a virtual CPU whose thread number now belongs to another thread, and asks again', async () => {
    const vcpus = finder();
    await vcpus.look(false);
    proc.set(10, { threads: { 20: { comm: 'CPU 0/KVM', startTime: 5 }, 21: { startTime: 99 } } });
    answer = occupied;
    await vcpus.look(false);
    expect(asked).to.equal(2);
    expect(vcpus.found).to.deep.equal({
      vcpus: [{ index: 0, tid: 20, startTime: 5n }],
      vcpuSource: 'thread-names',
    });
  });

  it('asks again after half a minute when there are new threads, as a plugged-in CPU is one', async () => {
    const vcpus = finder();
    await vcpus.look(false);
    proc.set(10, { threads: { 20: { startTime: 5 }, 21: { startTime: 6 }, 22: { startTime: 50 } } });
    answer = async () => [
      { index: 0, tid: 21 },
      { index: 1, tid: 22 },
    ];
    await vcpus.look(false);
    expect(asked).to.equal(1);
    nowNs += 31_000_000_000n;
    await vcpus.look(false);
    expect(vcpus.found.vcpus.map(({ tid }) => tid)).to.deep.equal([21, 22]);
  });

  it('tells one server where all virtual CPUs share a thread', async () => {
    answer = async () => [0, 1, 2, 3].map((index) => ({ index, tid: 21 }));
    const vcpus = finder();
    await vcpus.look(false);
    expect(vcpus.found.vcpus).to.deep.equal([{ index: 0, tid: 21, startTime: 6n }]);
  });

  it('notices a thread that takes its name only after it was first seen', () => {
    proc.set(10, { threads: { 20: { startTime: 5 } } });
    const vcpus = finder([]);
    vcpus.look(false);
    expect(vcpus.found).to.deep.equal({ vcpus: [], vcpuSource: 'none' });
    proc.set(10, { threads: { 20: { comm: 'CPU 0/TCG', startTime: 5 } } });
    vcpus.look(false);
    expect(vcpus.found.vcpuSource).to.equal('thread-names');
  });

  it('lets a defect of the question itself through', async () => {
    answer = () => Promise.reject(new TypeError('ours'));
    const failure = await finder()
      .look(false)
      ?.then(
        () => null,
        (error: Error) => error,
      );
    expect(failure).to.be.instanceOf(TypeError);
  });
});
