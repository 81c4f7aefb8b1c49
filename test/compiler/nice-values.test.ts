import { expect } from 'chai';
import fc from 'fast-check';
import type { HostFacts } from '../../src/compiler/facts.js';
import { verifyPlan } from '../../src/compiler/verify-plan.js';
import { LIMITED_HOSTS } from './limited-hosts.js';
import { compileText, planOf, scheduleIn, settingOf } from './support.js';

const ROOT = LIMITED_HOSTS['no cgroups'];
const USER = LIMITED_HOSTS['no privileges'];
const CLASSES = `
vm a { match user "a" vcpus 2 }
vm b { match user "b" vcpus 1 }
group c up to 3 vms { match user "c" vcpus 1 }
`;
/** Of an owner who is to be stood against: two sessions at nice 0. */
const OWNER = 2 * 1024;

/** Of the session of each guest of a class; 0 and 1024 where nothing is set. */
function sessionsIn(text: string, facts: HostFacts) {
  const schedule = scheduleIn(planOf(`${CLASSES}${text}`, facts));
  return Object.fromEntries(
    ['a', 'b', 'c', 'others'].map((name) => {
      const { nice = 0, weight = 1024 } = settingOf(schedule, name, 'share') ?? {};
      return [name, { nice, weight }];
    }),
  ) as Record<'a' | 'b' | 'c' | 'others', { nice: number; weight: number }>;
}

describe('nice values in place of weights', () => {
  it('divide as asked for, within the eighth that half a step is', () => {
    const { a, b } = sessionsIn('share cpu among a 3, b 1', ROOT);
    expect(a.weight / b.weight).to.be.closeTo(3, 3 / 8);
  });

  it('are those of each guest: a class is divided among as many as it may have', () => {
    const { b, c } = sessionsIn('share cpu among b 1, c 1', ROOT);
    expect(b.weight / (3 * c.weight)).to.be.closeTo(1, 1 / 8);
  });

  it('let those who yield run last by far, also where they can only be raised', () => {
    for (const facts of [ROOT, USER]) {
      const { a, b, c } = sessionsIn('yield a', facts);
      expect(a.nice).to.equal(19);
      expect(b.weight / a.weight).to.be.greaterThan(10);
      expect(c.weight / a.weight).to.be.greaterThan(10);
    }
  });

  it('keep what is kept for an owner with one busy session', () => {
    const { a, b, c, others } = sessionsIn('keep 2 cores for owner', USER);
    const guests = a.weight + b.weight + 3 * c.weight + others.weight;
    expect((4 * 1024) / (1024 + guests)).to.be.at.least(2);
  });

  it('count what a guest is promised in the times in which a timetable lets it run', () => {
    // A twentieth of the time all of its two vCPUs: two cores beside two busy sessions of the owner's.
    expect(compileText(`${CLASSES}limit a to 0.1 cores  guarantee a 0.1 cores`, USER).plan).to.equal(null);
    const { a } = sessionsIn('run a 500ms every 1s  guarantee a 0.2 cores', ROOT);
    expect((4 * a.weight) / (OWNER + a.weight + 4 * 1024 + 1024)).to.be.at.least(0.4);
  });

  it('are promised no more than a guest has vCPUs for, and the plan verifies', () => {
    const plan = planOf(`${CLASSES}guarantee a 2.1 cores`, ROOT);
    expect(settingOf(scheduleIn(plan), 'a', 'share')?.floorCores).to.equal(2);
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('keep every guarantee of an accepted plan beside two busy sessions of the owner, and a guest of no class', () => {
    const hundredths = fc.integer({ min: 1, max: 100 });
    let kept = 0;
    fc.assert(
      fc.property(hundredths, hundredths, fc.constantFrom(ROOT, USER), (first, second, facts) => {
        const text = `guarantee a ${first / 100} cores  guarantee c ${second / 100} cores`;
        if (compileText(`${CLASSES}${text}`, facts).plan === null) return;
        const { a, b, c, others } = sessionsIn(text, facts);
        const all = OWNER + others.weight + a.weight + b.weight + 3 * c.weight;
        expect((4 * a.weight) / all).to.be.at.least(first / 100 - 1e-9);
        expect((4 * 3 * c.weight) / all).to.be.at.least(second / 100 - 1e-9);
        kept++;
      }),
      { numRuns: 60 },
    );
    expect(kept).to.be.greaterThan(5);
  });
});
