import { expect } from 'chai';
import fc from 'fast-check';
import { type Edge, minimumCut } from '../../../src/compiler/claims/minimum-cut.js';
import { rational, toNumber } from '../../../src/support/rational.js';

const NODES = 5;
const edge = fc.record({
  from: fc.nat({ max: NODES - 1 }),
  to: fc.nat({ max: NODES - 1 }),
  capacity: fc.integer({ min: 0, max: 6 }).map((sixths) => rational(BigInt(sixths), 6n)),
  label: fc.constant(''),
});

/** The least capacity of all cuts, tried one by one. */
function leastCut(edges: readonly Edge<string>[], source: number, sink: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let side = 0; side < 2 ** NODES; side++) {
    const isWithSource = (node: number) => (side & (1 << node)) !== 0;
    if (!isWithSource(source) || isWithSource(sink)) continue;
    const cut = edges.filter(({ from, to }) => isWithSource(from) && !isWithSource(to));
    const value = cut.reduce(
      (sum, { capacity }) => sum + (capacity ? Math.round(toNumber(capacity) * 6) : 1e9),
      0,
    );
    least = Math.min(least, value);
  }
  return least;
}

describe('a maximum flow', () => {
  it('is the least of all cuts, tried one by one', () => {
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 14 }), (edges) => {
        const { value } = minimumCut(edges, 0, 1);
        expect(value === null ? null : Math.round(toNumber(value) * 6)).to.equal(leastCut(edges, 0, 1));
      }),
      { numRuns: 300 },
    );
  });

  it('comes with a cut that is worth as much', () => {
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 14 }), (drawn) => {
        const edges = drawn.map((one, index) => ({ ...one, label: index }));
        const { value, labels } = minimumCut(edges, 0, 1);
        const worth = labels.reduce(
          (sum, index) => sum + toNumber(edges[index]?.capacity ?? rational(0n)),
          0,
        );
        expect(worth).to.be.closeTo(value === null ? Number.NaN : toNumber(value), 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it('has no bound where nothing bounds a way', () => {
    const ways = [
      { from: 0, to: 2, capacity: null, label: '' },
      { from: 2, to: 1, capacity: null, label: '' },
    ];
    expect(minimumCut(ways, 0, 1).value).to.equal(null);
  });
});
