import { expect } from 'chai';
import fc from 'fast-check';
import { waterFill } from '../../src/enforce/account/water-filling.js';
import { fill } from '../../src/simulate/model/fill.js';

const claims = fc.array(
  fc.record({
    weight: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10_000 })),
    cap: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 8, noNaN: true })),
  }),
  { maxLength: 8 },
);

function filled(
  total: number,
  drawn: readonly { readonly weight: number; readonly cap: number }[],
): number[] {
  const parts = new Float64Array(drawn.length);
  const [weights, caps] = [drawn.map(({ weight }) => weight), drawn.map(({ cap }) => cap)];
  fill(total, Float64Array.from(weights), Float64Array.from(caps), parts);
  return [...parts];
}

describe('dividing cores by weights', () => {
  it('agrees with the water-filling of the accounts, and gives what is left to those that yield', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 16, noNaN: true }), claims, (total, drawn) => {
        const shared = waterFill(total, drawn);
        const left = total - shared.reduce((sum, part) => sum + part, 0);
        const idle = waterFill(
          left,
          drawn.map(({ weight, cap }) => ({ weight: weight === 0 ? 1 : 0, cap })),
        );
        filled(total, drawn).forEach((part, at) => {
          expect(part).to.be.closeTo((shared[at] ?? 0) + (idle[at] ?? 0), 1e-9);
        });
      }),
    );
  });
});
