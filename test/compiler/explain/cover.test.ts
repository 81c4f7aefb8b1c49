import { expect } from 'chai';
import fc from 'fast-check';
import { type Cube, coverOf, cubeOf, isIn } from '../../../src/compiler/explain/cover.js';
import { modeWords, orderedCases } from '../../../src/compiler/explain/mode-words.js';
import type { Truth } from '../../../src/compiler/plan.js';

const truth = fc.constantFrom<Truth>(true, false, 'unknown');

/** Different vectors of one length, each in a part. */
const divided = fc.integer({ min: 1, max: 5 }).chain((length) =>
  fc
    .uniqueArray(fc.array(truth, { minLength: length, maxLength: length }), {
      minLength: 1,
      maxLength: 60,
      selector: (values) => values.join(),
    })
    .chain((all) =>
      fc.record({
        all: fc.constant(all),
        parts: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: all.length, maxLength: all.length }),
      }),
    ),
);

/** Reads what the words say of a vector, to hold it against the vector's part. */
function holds(words: readonly string[], values: readonly Truth[]): boolean {
  if (words.length === 0) return true;
  return words.some((text) =>
    text === '' ? true : text.split(' and ').every((literal) => literalHolds(literal, values)),
  );
}

function literalHolds(literal: string, values: readonly Truth[]): boolean {
  const [, not, index, suffix] = /^(not )?c(\d+)( unknown| known| \(or unknown\))?$/.exec(literal) ?? [];
  if (index === undefined) throw new Error(`not a literal: ${literal}`);
  const value = values[Number(index)];
  if (suffix === ' unknown') return value === 'unknown';
  if (suffix === ' known') return value !== 'unknown';
  return value === (not === undefined) || (suffix !== undefined && value === 'unknown');
}

describe('covers of modes', () => {
  it('hold all that they are to hold and nothing that they are not to', () => {
    let found = 0;
    fc.assert(
      fc.property(divided, ({ all, parts }) => {
        const vectors = all.map(cubeOf);
        const [on, off] = [0, 1].map((side) =>
          vectors.filter((_, index) => (parts[index]! > 0 ? 1 : 0) === side),
        );
        const cubes = coverOf(on!, off!);
        if (cubes === null) return;
        found++;
        const isCovered = (vector: Cube) => cubes.some((cube) => isIn(vector, cube));
        expect(on!.every(isCovered)).to.equal(true);
        expect(off!.some(isCovered)).to.equal(false);
      }),
      { numRuns: 500 },
    );
    expect(found).to.be.greaterThan(300);
  });

  it('are as short in words as the condition that was asked for', () => {
    const values: readonly Truth[] = [true, false];
    const all = values.flatMap((a) => values.flatMap((b) => values.map((c) => [a, b, c])));
    const on = all.flatMap(([a, b, c], index) => ((a && !b) || c ? [index] : []));
    expect([...(modeWords(on, all, ['office', 'busy', 'gaming']) ?? [])].sort()).to.deep.equal([
      'gaming',
      'office and not busy',
    ]);
    expect(modeWords([...all.keys()], all, ['office', 'busy', 'gaming'])).to.deep.equal([]);
  });

  it('say what an unknown condition does', () => {
    const all: readonly (readonly Truth[])[] = [[true], [false], ['unknown']];
    expect(modeWords([0, 2], all, ['hot'])).to.deep.equal(['hot (or unknown)']);
    expect(modeWords([1, 2], all, ['hot or low'])).to.deep.equal(['not (hot or low) (or unknown)']);
    expect(modeWords([2], all, ['hot'])).to.deep.equal(['hot unknown']);
  });

  it('are none where few do not suffice', () => {
    const all = Array.from({ length: 256 }, (_, index): readonly Truth[] =>
      Array.from({ length: 8 }, (__, bit) => ((index >> bit) & 1) === 1),
    );
    const isOdd = (values: readonly Truth[]) => values.filter((value) => value === true).length % 2 === 1;
    const odd = all.flatMap((values, index) => (isOdd(values) ? [index] : []));
    expect(
      modeWords(
        odd,
        all,
        Array.from({ length: 8 }, (_, index) => `c${index}`),
      ),
    ).to.equal(null);
  });
});

describe('cases that are told in order', () => {
  it('find for every mode the part that it is in, when the first that applies counts', () => {
    fc.assert(
      fc.property(divided, ({ all, parts }) => {
        const used = [...new Set(parts)];
        const indices = used.map((part) => all.flatMap((_, index) => (parts[index] === part ? [index] : [])));
        const names = (all[0] ?? []).map((_, index) => `c${index}`);
        const cases = orderedCases(indices, all, names);
        const untold = new Set(cases.flatMap(({ part, words }) => (words === null ? [used[part]] : [])));
        for (const [index, values] of all.entries()) {
          const first = cases.find(({ words }) => words !== null && holds(words, values));
          if (first) expect(used[first.part]).to.equal(parts[index]);
          else expect([...untold]).to.include(parts[index]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
