import { expect } from 'chai';
import { normalQuantile } from '../../../src/rps/numeric/normal.js';

describe('normalQuantile', () => {
  it('has the tabled values of R qnorm', () => {
    const table: readonly (readonly [number, number])[] = [
      [0.5, 0],
      [0.9, 1.2815515655446004],
      [0.95, 1.6448536269514722],
      [0.975, 1.959963984540054],
      [0.999, 3.090232306167813],
      [0.25, -0.6744897501960817],
      [1e-10, -6.361340902404056],
      [1e-300, -37.0471],
    ];
    for (const [probability, quantile] of table) {
      expect(normalQuantile(probability)).to.be.closeTo(
        quantile,
        1e-4 * (probability < 1e-20 ? 1 : 1e-9) + 1e-14,
      );
    }
  });

  it('is infinite at the ends and refuses what is no probability', () => {
    expect(normalQuantile(0)).to.equal(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).to.equal(Number.POSITIVE_INFINITY);
    for (const bad of [-0.1, 1.1, Number.NaN]) expect(() => normalQuantile(bad)).to.throw(RangeError);
  });
});
