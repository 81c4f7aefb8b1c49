import { expect } from 'chai';
import fc from 'fast-check';
import { Classifier } from '../../src/enforce/classifier.js';
import { type Assignment, classify, NO_ASSIGNMENT } from '../../src/enforce/classify.js';
import type { Observation } from '../../src/enforce/host.js';
import { SimulatedHost } from '../../src/enforce/index.js';
import { FACTS } from '../cli/facts.js';
import { group, plan, vm } from './support/plans.js';

const [ONE, OTHER] = [plan({ classes: [group('batch', 2)] }), plan({ classes: [vm('batch-0')] })];

describe('a classifier', () => {
  const observed = async (...names: readonly string[]): Promise<Observation> => {
    const host = new SimulatedHost({ facts: FACTS });
    for (const name of names) host.boot({ name });
    return host.observe();
  };

  it('answers the same as long as it is asked of the same guests and plan', async () => {
    const classifier = new Classifier();
    const observation = await observed('batch-0', 'batch-1', 'batch-2');
    const first = classifier.classify(ONE, NO_ASSIGNMENT, observation);
    const again = classifier.classify(ONE, first.assignment, { ...observation, atNs: 1n });
    expect(again).to.equal(first);
    expect(classifier.classify(OTHER, first.assignment, observation)).not.to.equal(first);
  });

  it('answers what classify does, whichever guests come, go and change', async () => {
    const { guests } = await observed('batch-0', 'batch-1', 'batch-2', 'else');
    const changed = guests.map((one) => ({ ...one, guest: { ...one.guest, user: 'somebody' } }));
    const step = fc.record({
      plan: fc.constantFrom(ONE, OTHER),
      guests: fc.shuffledSubarray([...guests.keys()]),
      isChanged: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.integer({ min: 1, max: 3 }))), (steps) => {
        const classifier = new Classifier();
        let [own, expected]: Assignment[] = [NO_ASSIGNMENT, NO_ASSIGNMENT];
        for (const [{ plan: asked, guests: at, isChanged }, times] of steps) {
          const present = at.flatMap((index) => (isChanged ? changed : guests)[index] ?? []);
          for (let time = 0; time < times; time++) {
            const answer = classifier.classify(asked, own ?? NO_ASSIGNMENT, {
              atNs: 0n,
              guests: present,
              groups: [],
            });
            const right = classify(
              asked,
              expected ?? NO_ASSIGNMENT,
              present.map(({ guest }) => guest),
            );
            expect(answer).to.deep.equal(right);
            [own, expected] = [answer.assignment, right.assignment];
          }
        }
      }),
    );
  });
});
