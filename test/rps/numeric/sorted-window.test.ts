import { expect } from 'chai';
import fc from 'fast-check';
import { SortedWindow } from '../../../src/rps/numeric/sorted-window.js';

describe('SortedWindow', () => {
  it('has the median of the newest samples after any number of steps, equal ones among them', () => {
    const samples = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 7, maxLength: 40 });
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 7 }), (values, width) => {
        const x = Float64Array.from(values);
        const window = new SortedWindow(width);
        window.fill(x, width);
        for (let end = width; end <= x.length; end++) {
          if (end > width) window.replace(x[end - 1 - width]!, x[end - 1]!);
          const sorted = x.slice(end - width, end).sort();
          expect(window.median).to.equal(sorted[width >> 1]);
        }
      }),
    );
  });
});
