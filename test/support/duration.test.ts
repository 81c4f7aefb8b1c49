import { expect } from 'chai';
import fc from 'fast-check';
import { formatBound, parseDuration } from '../../src/support/duration.js';

describe('bounds as they read', () => {
  it('have four digits, rounded up', () => {
    expect([81_978_297, 213_609_105, 1_000_000, 999_999_999, 0, 7].map(formatBound)).to.deep.equal([
      '81.98ms',
      '213.7ms',
      '1ms',
      '1s',
      '0s',
      '7ns',
    ]);
  });

  it('are never less than what they bound, nor a thousandth more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), (ns) => {
        const read = Number(parseDuration(formatBound(ns)));
        expect(read).to.be.within(ns, ns * 1.001);
      }),
    );
  });
});
