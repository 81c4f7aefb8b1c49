import { expect } from 'chai';
import { vcpuOfThreadName, vcpusByThreadName } from '../../src/qemu/thread-names.js';
import { FakeProc } from './fake-proc.js';

describe('vcpuOfThreadName', () => {
  it("knows QEMU's names and no others", () => {
    expect(vcpuOfThreadName('CPU 0/KVM')).to.equal(0);
    expect(vcpuOfThreadName('CPU 254/TCG')).to.equal(254);
    expect(vcpuOfThreadName('ALL CPUs/TCG')).to.equal(0);
    for (const name of [
      'qemu-system-x86',
      'CPU 0',
      'CPU x/KVM',
      'CPU 0/KVM\n',
      ' CPU 0/KVM',
      'worker',
      'call_rcu',
      '',
    ]) {
      expect(vcpuOfThreadName(name), name).to.equal(null);
    }
  });
});

describe('vcpusByThreadName', () => {
  const proc = new FakeProc();
  after(() => proc.end());

  it('gives the virtual CPUs in order, with the start times of their threads', () => {
    const threads = {
      20: { comm: 'CPU 1/KVM', startTime: 7 },
      21: { comm: 'CPU 0/KVM', startTime: 8 },
      22: {},
    };
    proc.set(10, { threads });
    expect(vcpusByThreadName(proc.root, 10, [10, 20, 21, 22])).to.deep.equal([
      { index: 0, tid: 21, startTime: 8n },
      { index: 1, tid: 20, startTime: 7n },
    ]);
  });

  it('never takes the main thread for a virtual CPU, whatever its name', () => {
    proc.set(10, { comm: 'CPU 0/KVM' });
    expect(vcpusByThreadName(proc.root, 10, [10])).to.deep.equal([]);
  });

  it('leaves out a thread that ended between the listing and the look', () => {
    proc.set(10, { threads: { 20: { comm: 'CPU 0/KVM' } } });
    expect(vcpusByThreadName(proc.root, 10, [10, 20, 21])).to.have.length(1);
  });
});
