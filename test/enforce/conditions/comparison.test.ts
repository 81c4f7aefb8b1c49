import { expect } from 'chai';
import fc from 'fast-check';
import type { Truth } from '../../../src/compiler/plan.js';
import {
  type ComparisonAtom,
  INITIAL_COMPARISON,
  stepComparison,
} from '../../../src/enforce/conditions/comparison.js';

const S = 1_000_000_000n;
const over = (value: number, seconds = 0) => ({ operator: '>' as const, value, forNs: seconds * 1e9 });
const under = (value: number, seconds = 0) => ({ operator: '<' as const, value, forNs: seconds * 1e9 });
type Machine = Pick<ComparisonAtom, 'start' | 'until'>;

/** Values after one sample a second. */
function values(atom: Machine, samples: readonly (number | null)[]): Truth[] {
  let state = INITIAL_COMPARISON;
  return samples.map((sample, second) => {
    state = stepComparison(state, atom, sample, BigInt(second) * S);
    return state.value;
  });
}

/**
 * The definition, looked up in the past at every instant instead of kept in a state: it turns at `now` when every sample
 * of the last `for` speaks for that, none of them lost, none from before the last turn.
 */
function byDefinition({ start, until }: Machine, samples: readonly (number | null)[]): Truth[] {
  let held = false;
  let lastTurn = -1;
  return samples.map((sample, now) => {
    if (sample === null) return 'unknown';
    const first = now - (held ? (until?.forNs ?? 0) : start.forNs) / 1e9;
    const window = samples.slice(Math.max(0, first), now + 1);
    const turns = window.every(
      (one) => one !== null && (held ? one < (until?.value ?? 0) : one > start.value),
    );
    if (first > lastTurn && turns) [held, lastTurn] = [!held, now];
    return held;
  });
}

describe('A comparison', () => {
  it('is unknown without a sample, and compares when it has one', () => {
    expect(values({ start: over(60), until: null }, [null, 50, 61, 60, null])).to.deep.equal([
      'unknown',
      false,
      true,
      false,
      'unknown',
    ]);
  });

  it('starts when it has held without a break for its time', () => {
    const atom = { start: over(60, 3), until: null };
    expect(values(atom, [70, 70, 70, 70, 70])).to.deep.equal([false, false, false, true, true]);
    expect(values(atom, [70, 70, 50, 70, 70, 70])).to.deep.equal([false, false, false, false, false, false]);
    expect(values(atom, [70, 70, null, 70, 70, 70])).to.deep.equal([
      false,
      false,
      'unknown',
      false,
      false,
      false,
    ]);
  });

  it('goes on between its thresholds, and ends when `until` has held for its time', () => {
    const atom = { start: over(60), until: under(40, 2) };
    expect(values(atom, [50, 61, 50, 39, 50, 39, 39, 39, 50])).to.deep.equal([
      false,
      true,
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('remembers through a loss of its signal on which side it was', () => {
    expect(values({ start: over(60), until: under(40) }, [61, null, 50])).to.deep.equal([
      true,
      'unknown',
      true,
    ]);
    expect(values({ start: over(60), until: under(40) }, [39, null, 50])).to.deep.equal([
      false,
      'unknown',
      false,
    ]);
  });

  it('knows when it will change if nothing breaks it', () => {
    const state = stepComparison(INITIAL_COMPARISON, { start: over(60, 3), until: null }, 70, 5n * S);
    expect(state.changesAtNs).to.equal(8n * S);
    expect(stepComparison(state, { start: over(60, 3), until: null }, 70, 8n * S).value).to.equal(true);
  });

  it('does what its definition says for any samples and thresholds', () => {
    const sample = fc.option(fc.integer({ min: 0, max: 10 }), { freq: 6 });
    const machine = fc.record({
      start: fc
        .tuple(fc.integer({ min: 5, max: 9 }), fc.integer({ min: 0, max: 3 }))
        .map(([v, s]) => over(v, s)),
      until: fc
        .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 3 }))
        .map(([v, s]) => under(v, s)),
    });
    fc.assert(
      fc.property(machine, fc.array(sample, { maxLength: 40 }), (atom, samples) => {
        expect(values(atom, samples)).to.deep.equal(byDefinition(atom, samples));
      }),
      { numRuns: 500 },
    );
  });
});
