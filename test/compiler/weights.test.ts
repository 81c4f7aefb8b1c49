import { expect } from 'chai';
import fc from 'fast-check';
import { chooseWeights, type Sibling } from '../../src/compiler/shares/weights.js';
import { compare, multiply, rational, toNumber, ZERO } from '../../src/support/rational.js';

const V2 = { least: 1, most: 10_000, standard: 100 };
const V1 = { least: 2, most: 262_144, standard: 1024 };

const sibling = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 300 }))
  .map(([proportion, floor]) => ({
    proportion: rational(BigInt(proportion)),
    floor: rational(BigInt(floor), 100n),
  }));

describe('weights', () => {
  it('never give a sibling less than its floor with all siblings backlogged, and stay in the range of the kernel', () => {
    let chosen = 0;
    fc.assert(
      fc.property(
        fc.array(sibling, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 50, max: 1600 }),
        fc.constantFrom(V1, V2),
        (siblings, hundredths, scale) => {
          const available = rational(BigInt(hundredths), 100n);
          const result = chooseWeights(siblings, available, scale);
          if (!result) return;
          chosen++;
          const total = BigInt(result.weights.reduce((a, b) => a + b, 0));
          siblings.forEach(({ floor }, index) => {
            const weight = result.weights[index] ?? 0;
            expect(weight).to.be.within(scale.least, scale.most);
            expect(compare(multiply(available, rational(BigInt(weight), total)), floor)).to.be.at.least(0);
          });
        },
      ),
      { numRuns: 60 },
    );
    expect(chosen).to.be.greaterThan(15);
  });

  it('are found whenever the floors leave a twentieth to spare', () => {
    fc.assert(
      fc.property(fc.array(sibling, { minLength: 1, maxLength: 6 }), (siblings) => {
        const promised = siblings.reduce((total, { floor }) => total + toNumber(floor), 0);
        const available = rational(BigInt(Math.ceil(promised * 105) + 1), 100n);
        expect(chooseWeights(siblings, available, V1)).not.to.equal(null);
      }),
      { numRuns: 40 },
    );
  });

  it('are exact for proportions of small whole numbers, with the standard weight as their mean', () => {
    const siblings = [3n, 1n].map((part) => ({ proportion: rational(part), floor: ZERO }));
    expect(chooseWeights(siblings, rational(2n), V2)).to.deep.equal({
      weights: [150, 50],
      relativeError: 0,
      givesWay: false,
    });
    expect(chooseWeights(siblings, rational(2n), V1)).to.deep.equal({
      weights: [1536, 512],
      relativeError: 0,
      givesWay: false,
    });
  });

  it('have the least largest error when the range is too short for the proportions', () => {
    const siblings = [30_000n, 7n, 1n].map((part) => ({ proportion: rational(part), floor: ZERO }));
    const result = chooseWeights(siblings, rational(1n), V2);
    const best = bestErrorByEnumeration([30_000, 7, 1], 10_000);
    expect(result?.relativeError).to.be.closeTo(best, best * 0.01);
  });

  it('have the least largest error of all whole weights that keep the floors', () => {
    const scale = { least: 1, most: 12, standard: 4 };
    const few = fc.array(
      fc
        .tuple(fc.integer({ min: 1, max: 30 }), fc.constantFrom(0n, 0n, 1n, 5n))
        .map(([proportion, twentieths]) => ({
          proportion: rational(BigInt(proportion)),
          floor: rational(twentieths, 20n),
        })),
      { minLength: 2, maxLength: 3 },
    );
    let [chosen, none] = [0, 0];
    fc.assert(
      fc.property(few, (siblings) => {
        const result = chooseWeights(siblings, rational(1n), scale);
        if (result?.givesWay) return;
        const best = bestOfAll(siblings, scale);
        expect(result?.relativeError ?? Number.POSITIVE_INFINITY).to.be.at.most(best + 1e-9);
        if (result) chosen++;
        else none++;
      }),
      { numRuns: 300 },
    );
    expect(chosen).to.be.greaterThan(50);
    expect(none).to.be.at.least(0);
  });

  it('do not exist where floors ask for all there is and somebody is promised nothing', () => {
    const siblings = [
      { proportion: rational(1n), floor: rational(2n) },
      { proportion: rational(1n), floor: ZERO },
    ];
    expect(chooseWeights(siblings, rational(2n), V2)).to.equal(null);
  });
});

/** The least largest relative error against the proportions, of every choice of weights that keeps the floors of one core. */
function bestOfAll(siblings: readonly Sibling[], { least, most }: { least: number; most: number }): number {
  const whole = siblings.reduce((sum, { proportion }) => sum + toNumber(proportion), 0);
  let best = Number.POSITIVE_INFINITY;
  const visit = (weights: readonly number[]): void => {
    if (weights.length < siblings.length) {
      for (let weight = least; weight <= most; weight++) visit([...weights, weight]);
      return;
    }
    const total = weights.reduce((a, b) => a + b);
    const part = (index: number) => rational(BigInt(weights[index] ?? 0), BigInt(total));
    if (siblings.some(({ floor }, index) => compare(part(index), floor) < 0)) return;
    const errors = siblings.map(({ proportion }, index) =>
      Math.abs((toNumber(part(index)) * whole) / toNumber(proportion) - 1),
    );
    best = Math.min(best, Math.max(...errors));
  };
  visit([]);
  return best;
}

/** Every pair of small weights under the largest possible big one: enough, as errors of the small ones dominate. */
function bestErrorByEnumeration(parts: readonly [number, number, number], most: number): number {
  const whole = parts[0] + parts[1] + parts[2];
  let best = Number.POSITIVE_INFINITY;
  for (let a = most - 3000; a <= most; a += 1) {
    for (let b = 1; b <= 5; b++) {
      for (let c = 1; c <= 2; c++) {
        const total = a + b + c;
        const errors = [a, b, c].map((weight, index) =>
          Math.abs((weight / total / (parts[index] ?? 1)) * whole - 1),
        );
        best = Math.min(best, Math.max(...errors));
      }
    }
  }
  return best;
}
