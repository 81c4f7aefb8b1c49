import { expect } from 'chai';
import fc from 'fast-check';
import type { Plan } from '../../src/compiler/plan.js';
import { verifyPlan } from '../../src/compiler/verify-plan.js';
import { CLASSES, HOST, planOf } from './support.js';
import { changed, type Path, placesIn, removed, resealed } from './tampering.js';

/** All that plans have: servers in two modes, one of which must make room for the other, weights, quotas, a timetable. */
const TEXT = `${CLASSES}
group more up to 3 vms { match user "m" vcpus 1 }
switch a
keep 1 core for owner
guarantee build 0.2 cores
limit lent to 3 cores
when a { reserve video 80ms every 100ms  run batch 200ms every 1s } otherwise { reserve more 60ms every 100ms }`;
const FACTS = { ...HOST, cores: 4 };

describe('a plan in which something was changed', () => {
  const plan = planOf(TEXT, FACTS);
  const { numbers, elements } = placesIn(plan);

  it('verifies before, and when it is laid out differently', () => {
    expect(verifyPlan(plan)).to.deep.equal([]);
    expect(verifyPlan(JSON.parse(JSON.stringify(plan, null, 4)) as Plan)).to.deep.equal([]);
  });

  it('does not verify, whichever number it is', () => {
    expect(numbers.length).to.be.greaterThan(200);
    fc.assert(
      fc.property(fc.constantFrom(...numbers), fc.constantFrom(-1, 1, 7, 1000), (path, by) => {
        expect(verifyPlan(changed(plan, path, (number) => number + by)), path.join('/')).not.to.deep.equal(
          [],
        );
      }),
      { numRuns: 200 },
    );
  });

  it('does not verify, whichever element is left out', () => {
    fc.assert(
      fc.property(fc.constantFrom(...elements), (path) => {
        expect(verifyPlan(removed(plan, path)), path.join('/')).not.to.deep.equal([]);
      }),
      { numRuns: 200 },
    );
  });

  it('does not verify with its checksum made to fit either, where a proof depends on it', () => {
    const proved = (path: Path) =>
      path.includes('servers') ||
      path.includes('timing') ||
      path.includes('shares') ||
      path.includes('reservations');
    const numbersProved = numbers.filter(
      (path) => proved(path) && !path.includes('because') && path.at(-1) !== 'member',
    );
    expect(numbersProved.length).to.be.greaterThan(50);
    for (const path of numbersProved) {
      expect(
        verifyPlan(resealed(changed(plan, path, (number) => number + 1_000_000))),
        path.join('/'),
      ).not.to.deep.equal([]);
    }
  });

  it('does not verify without a change that takes two steps', () => {
    expect(plan.transitions.map(({ steps }) => steps)).to.deep.equal(['two-step', 'two-step']);
    expect(verifyPlan(resealed({ ...plan, transitions: [] }))).to.deep.equal([
      'the change between s1 and s2 is not safe at once',
      'a transition is missing',
    ]);
  });

  it('does not verify where servers on no core in particular take what is kept for the owner', () => {
    const facts = { ...HOST, cores: 2, cgroup: { ...HOST.cgroup, cpuset: false } };
    const kept = planOf(`${CLASSES}\nkeep 1 core for owner\nreserve video 5ms every 100ms`, facts);
    expect(verifyPlan(kept)).to.deep.equal([]);
    const copy = structuredClone(kept);
    for (const proof of copy.certificate.schedules) proof.keptCores = '37/20';
    expect(verifyPlan(resealed(copy)).join('\n')).to.include('kept for the owner');
  });
});
