import { expect } from 'chai';
import fc from 'fast-check';
import { somePolicy } from '../some-policy.js';
import { HOST } from '../support.js';
import { subjectsThatDiffer } from './brute-force.js';
import { maybeDiff } from './support.js';

/** Two policies, often alike: the second has a sentence more, or a number changed, or is another one. */
const pair = fc.oneof(
  fc.tuple(somePolicy, somePolicy),
  fc.tuple(somePolicy, somePolicy).map(([first, second]): [string, string] => {
    const more = second.split('\n').at(-1) ?? '';
    return [first, `${first}\n${more}`];
  }),
  fc
    .tuple(somePolicy, fc.integer({ min: 1, max: 9 }))
    .map(([text, digit]): [string, string] => [text, text.replace(/(\d)( cores|ms every)/, `${digit}$2`)]),
);

describe('comparisons of any policies', () => {
  it('find nothing between a policy and itself', () => {
    let compared = 0;
    fc.assert(
      fc.property(somePolicy, (text) => {
        const diff = maybeDiff(text, text);
        if (diff === null) return;
        compared++;
        expect(diff).to.deep.include({ declarations: [], changes: [], consequences: [], equal: true });
      }),
      { numRuns: 100 },
    );
    expect(compared).to.be.greaterThan(25);
  });

  it('name those for whom sentences come to something else under some values of the conditions, and nobody else', () => {
    let [compared, differing] = [0, 0];
    fc.assert(
      fc.property(pair, ([old, now]) => {
        const diff = maybeDiff(old, now);
        if (diff === null) return;
        compared++;
        const named = new Set(diff.changes.flatMap(({ subjects }) => subjects));
        const expected = subjectsThatDiffer(old, now, HOST);
        if (expected.size > 0) differing++;
        expect([...named].sort()).to.deep.equal([...expected].sort());
        expect(diff.equal).to.equal(expected.size === 0 && diff.declarations.length === 0);
      }),
      { numRuns: 150 },
    );
    expect(compared).to.be.greaterThan(40);
    expect(differing).to.be.greaterThan(20);
  });

  it('are the same the other way round, with the sides exchanged', () => {
    fc.assert(
      fc.property(pair, ([old, now]) => {
        const [there, back] = [maybeDiff(old, now), maybeDiff(now, old)];
        expect(there === null).to.equal(back === null);
        if (there === null || back === null) return;
        const texts = (diff: typeof there, swap: boolean) =>
          diff.changes
            .flatMap(({ subjects, modes, items }) =>
              items.flatMap((item) => {
                const [one, other] = swap ? [item.new, item.old] : [item.old, item.new];
                return subjects.map((name) => `${name} ${modes.length} ${one?.text} ${other?.text}`);
              }),
            )
            .sort();
        expect(texts(back, true)).to.deep.equal(texts(there, false));
      }),
      { numRuns: 60 },
    );
  });
});
