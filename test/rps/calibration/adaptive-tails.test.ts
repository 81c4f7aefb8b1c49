import { expect } from 'chai';
import fc from 'fast-check';
import { AdaptiveTails, ERRORS_NEEDED, TRACKED } from '../../../src/rps/calibration/adaptive-tails.js';
import { SeededRandom } from '../support/random.js';

/** Which of the present limits `error` lies beyond. */
function beyond(tails: AdaptiveTails, error: number): number {
  return TRACKED.reduce((bits, probability, k) => {
    const limit = tails.quantileAt(k);
    return (probability < 0.5 ? error < limit : error > limit) ? bits | (1 << k) : bits;
  }, 0);
}

/** Shares of `errors` that were beyond each limit as it stood before them. */
function missesOf(errors: Iterable<number>): number[] {
  const tails = new AdaptiveTails(1);
  const misses = TRACKED.map(() => 0);
  let scored = 0;
  for (const error of errors) {
    if (tails.calibrated) {
      const bits = beyond(tails, error);
      misses.forEach((_, k) => {
        misses[k]! += (bits >> k) & 1;
      });
      scored++;
      tails.missed(bits);
    }
    tails.add(error);
  }
  return misses.map((count) => count / scored);
}

describe('AdaptiveTails', () => {
  const tail = (k: number): number => Math.min(TRACKED[k]!, 1 - TRACKED[k]!);

  it('misses each tail by the share asked for, of errors that lean to one side', () => {
    const random = new SeededRandom(5);
    const errors = Array.from({ length: 20_000 }, () => random.normal() ** 2);
    missesOf(errors).forEach((share, k) => {
      if (TRACKED[k] !== 0.5) expect(share, `at ${TRACKED[k]}`).to.be.closeTo(tail(k), 0.1 * tail(k) + 0.001);
    });
  });

  it('and of errors whose size changes tenfold and back, where fixed limits do not', () => {
    const random = new SeededRandom(6);
    const errors = Array.from({ length: 20_000 }, (_, t) => random.normal() * (t % 2000 < 1000 ? 1 : 10));
    missesOf(errors).forEach((share, k) => {
      if (TRACKED[k] !== 0.5)
        expect(share, `at ${TRACKED[k]}`).to.be.closeTo(tail(k), 0.25 * tail(k) + 0.001);
    });
  });

  it('answers any level, rising with it, whatever was missed', () => {
    const probability = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 8191 }), fc.double({ min: -50, max: 50, noNaN: true })), {
          minLength: 1,
          maxLength: 200,
        }),
        fc.array(probability, { minLength: 2, maxLength: 8 }),
        (history, asked) => {
          const tails = new AdaptiveTails(3);
          for (const [bits, error] of history) {
            tails.add(error);
            for (let i = 0; i < 20; i++) tails.missed(bits);
          }
          const quantiles = [...asked].sort((a, b) => a - b).map((p) => tails.quantile(p));
          for (let i = 1; i < quantiles.length; i++) {
            expect(quantiles[i]).to.be.at.least(quantiles[i - 1]! - 1e-9);
          }
          TRACKED.forEach((p, k) => {
            expect(tails.quantile(p)).to.be.closeTo(tails.quantileAt(k), 1e-9);
          });
        },
      ),
    );
  });

  it('takes the tail of few errors further out', () => {
    const [now, late] = [new AdaptiveTails(1), new AdaptiveTails(30)];
    const random = new SeededRandom(7);
    for (let i = 0; i < 2 * ERRORS_NEEDED; i++) {
      const error = random.normal();
      now.add(error);
      late.add(error);
    }
    expect(late.quantile(0.9)).to.be.above(now.quantile(0.9));
    expect(late.quantile(0.1)).to.be.below(now.quantile(0.1));
  });
});
