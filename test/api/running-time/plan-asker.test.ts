import { expect } from 'chai';
import { type PresentGuest, planAsker } from '../../../src/api/running-time/plan-asker.js';
import type { HostFacts } from '../../../src/compiler/facts.js';
import { indexPlan } from '../../../src/enforce/plan-index.js';
import type { Asker } from '../../../src/rps/running-time/index.js';
import { HOST_V1, planOf, scheduleIn } from '../../compiler/support.js';

const TWO: HostFacts = { ...HOST_V1, cores: 2 };

const CLASSES = `
vm gold { match name "gold" and user "*" vcpus 1 }
group lent up to 2 vms { match name "lent-*" and user "*" vcpus 1 }
vm sure { match name "sure" and user "*" vcpus 1 overhead 1ms every 20ms }
vm wide { match name "wide" and user "*" vcpus 2 }
`;

interface Situation {
  readonly sentences: string;
  readonly guests?: readonly PresentGuest[];
  readonly ownerThreads?: number;
  readonly switches?: string;
  readonly when?: Readonly<Record<string, boolean>>;
}

function askerOf(className: string | null, situation: Situation): Asker {
  const { sentences, guests = [], ownerThreads = 0, switches = '', when = {} } = situation;
  const plan = planOf(`${CLASSES}${switches}\n${sentences}\n`, TWO);
  const schedule = scheduleIn(plan, when);
  return planAsker({ index: indexPlan(plan), schedule, guests, ownerThreads }, className);
}

const guest = (name: string, usedCores: number | null, member = 0): PresentGuest => ({
  class: name,
  member,
  usedCores,
});

describe('what a plan leaves to whom asks', () => {
  it('is a fair share of the processors to a process of the owner’s', () => {
    const { rates, kind, windows } = askerOf(null, { sentences: 'run lent 100ms every 500ms' });
    expect({ kind, windows }).to.deep.equal({ kind: 'fair share', windows: null });
    for (const threads of [0, 1, 2, 3, 7]) {
      expect(rates[threads]).to.be.closeTo(Math.min(1, 2 / (threads + 1)), 1e-9);
    }
  });

  it('is less beside guests that want all they can get, by the weights of the plan', () => {
    const busy = [guest('gold', 1), guest('wide', 2)];
    const equal = askerOf(null, { sentences: 'keep 1 core for owner', guests: busy }).rates;
    const idle = askerOf(null, { sentences: 'keep 1 core for owner', guests: [guest('gold', 0)] }).rates;
    expect(idle[1]).to.equal(1);
    // Three threads of the owner's: what is kept for him is shared by them and the asker.
    expect(equal[3]).to.be.below(idle[3]!);
    expect(equal[3]).to.be.at.least(1 / 4 - 1e-9);
  });

  it('is its reservation, however busy the owner is', () => {
    const asker = askerOf('sure', { sentences: 'reserve sure 20ms every 50ms' });
    expect(asker.kind).to.equal('reservation');
    expect(asker.rates).to.deep.equal([0.4]);
    expect(asker.unevenNs).to.equal(30e6);
  });

  it('is the windows of its duty cycle, and within them its share', () => {
    const asker = askerOf('gold', { sentences: 'run gold 60ms every 100ms' });
    expect(asker.kind).to.equal('duty cycle');
    const open = asker.windows!.windows.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0);
    expect(open / asker.windows!.hyperperiodNs).to.be.closeTo(0.6, 1e-9);
    expect(asker.rates[0]).to.be.closeTo(1, 1e-9);
    expect(asker.rates[8]).to.be.below(0.9);
  });

  it('is the windows of the first guest of its class', () => {
    const situation = { sentences: 'run lent 100ms every 500ms' };
    const [first, second] = [0, 1].map((member) =>
      askerOf('lent', { ...situation, guests: [guest('lent', 0.2, member)] }),
    );
    expect(first!.windows).to.not.deep.equal(second!.windows);
  });

  it('is half way between one group of the owner’s threads and one for each, where the host groups them', () => {
    const sentences = 'share cpu among gold 1, lent 1';
    const rates = (ownerAs: 'slices' | 'threads') => {
      const facts: HostFacts = { ...TWO, cgroup: { ...TWO.cgroup, ownerAs } };
      const plan = planOf(`${CLASSES}${sentences}\n`, facts);
      const guests = [guest('gold', 1)];
      const host = { index: indexPlan(plan), schedule: scheduleIn(plan), guests, ownerThreads: 6 };
      return planAsker(host, 'gold').rates;
    };
    const [grouped, apart] = [rates('slices'), rates('threads')];
    // One processor of two beside one group; two sevenths of two beside six threads, each as heavy as all guests.
    expect(apart[6]).to.be.closeTo(2 / 7, 1e-9);
    expect(grouped[6]).to.be.closeTo((1 + 2 / 7) / 2, 1e-9);
    expect(grouped[0]).to.equal(1);
  });

  it('is no more than a limit', () => {
    const asker = askerOf('gold', { sentences: 'limit gold to 0.25 cores' });
    expect(asker.kind).to.equal('share within a limit');
    expect(asker.rates[0]).to.be.closeTo(0.25, 1e-9);
    expect(asker.unevenNs).to.be.above(0);
  });

  it('is one processor at the most, of a guest with several', () => {
    expect(askerOf('wide', { sentences: 'limit gold to 0.25 cores' }).rates[0]).to.equal(1);
  });

  it('is what guests of its class leave: those that work, not those that idle', () => {
    const sentences = 'limit lent to 0.6 cores';
    const rate = (usedCores: number) =>
      askerOf('lent', { sentences, guests: [guest('lent', usedCores), guest('lent', usedCores, 1)] })
        .rates[0]!;
    expect(rate(0.3)).to.be.closeTo(0.3, 1e-9);
    expect(rate(0.01)).to.be.within(0.55, 0.6);
  });

  it('is nothing to whom is paused', () => {
    const situation = { sentences: 'when quiet { pause lent }', switches: 'switch quiet' };
    const plan = planOf(`${CLASSES}switch quiet\nwhen quiet { pause lent }\n`, TWO);
    const id = plan.conditions[0]!.id;
    expect(Math.max(...askerOf('lent', { ...situation, when: { [id]: true } }).rates)).to.equal(0);
    expect(askerOf('lent', { ...situation, when: { [id]: false } }).rates[0]).to.equal(1);
  });

  it('is nothing to whom is to stop', () => {
    expect(askerOf('gold', { sentences: 'stop gold within 1min' }).rates).to.deep.equal([0]);
  });

  it('has to be about a class that there is', () => {
    expect(() => askerOf('silver', { sentences: '' })).to.throw(RangeError, /no class silver/);
  });
});
