import { expect } from 'chai';
import type { Behaviour } from '../../../src/enforce/simulated/task.js';
import { ownerThreads, vcpuThreads } from '../../../src/simulate/detail/thread-demand.js';

/** What a thread wants of a core. */
function coresOf(behaviour: Behaviour): number {
  if (typeof behaviour === 'string') return behaviour === 'busy' ? 1 : 0;
  return 'everyNs' in behaviour ? behaviour.computeNs / behaviour.everyNs : Number.NaN;
}

describe('threads that want what a trace says', () => {
  it('are the owner’s fewest that can', () => {
    expect(ownerThreads(0)).to.deep.equal([]);
    expect(ownerThreads(2)).to.deep.equal(['busy', 'busy']);
    expect(ownerThreads(2.25).map(coresOf)).to.deep.equal([1, 1, 0.25]);
  });

  it('are a guest’s vCPUs, all alike', () => {
    expect(vcpuThreads(1, [0, 0, 0, 0], 0).map(coresOf)).to.deep.equal([0.25, 0.25, 0.25, 0.25]);
    expect(vcpuThreads(2, [0, 0], 0)).to.deep.equal(['busy', 'busy']);
    expect(vcpuThreads(0, [0], 0)).to.deep.equal(['idle']);
  });

  it('want in proportion to what they have reserved, and no more than a core', () => {
    const wanted = vcpuThreads(0.6, [0.2, 0.1], 0).map(coresOf);
    expect(wanted[0]).to.be.closeTo(0.4, 1e-6);
    expect(wanted[1]).to.be.closeTo(0.2, 1e-6);
    expect(vcpuThreads(1.5, [0.2, 0.1], 0).map(coresOf)[0]).to.equal(1);
  });

  it('have their work at different times', () => {
    const phases = vcpuThreads(1, [0, 0, 0, 0], 3).map((one) =>
      typeof one === 'object' && 'phaseNs' in one ? one.phaseNs : 0,
    );
    expect(new Set(phases).size).to.equal(4);
  });
});
