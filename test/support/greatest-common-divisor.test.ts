import { expect } from 'chai';
import fc from 'fast-check';
import { greatestCommonDivisor } from '../../src/support/rational.js';

function byEuclid(a: bigint, b: bigint): bigint {
  return b === 0n ? a : byEuclid(b, a % b);
}

describe('the greatest common divisor', () => {
  it('is that of Euclid for numbers of every size: ints, floats and beyond', () => {
    const sized = fc
      .integer({ min: 0, max: 90 })
      .chain((bits) => fc.bigInt({ min: 0n, max: 1n << BigInt(bits) }));
    fc.assert(
      fc.property(sized, sized, sized, (a, b, common) => {
        const [first, second] = [a * common, b * common];
        expect(greatestCommonDivisor(first, second)).to.equal(byEuclid(first, second));
      }),
      { numRuns: 2000 },
    );
    for (const edge of [2n ** 31n - 1n, 2n ** 31n, 2n ** 53n - 1n, 2n ** 53n]) {
      expect(greatestCommonDivisor(edge, 0n)).to.equal(edge);
      expect(greatestCommonDivisor(0n, edge)).to.equal(edge);
      expect(greatestCommonDivisor(edge, edge + 1n)).to.equal(1n);
    }
  });
});
