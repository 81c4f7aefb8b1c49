import type { Atom, Truth } from '../../compiler/plan.js';

export type ComparisonAtom = Extract<Atom, { kind: 'comparison' }>;
type Threshold = ComparisonAtom['start'];

/** A comparison with its `for` and `until` clocks, all on monotonic time. */
export interface ComparisonState {
  readonly value: Truth;
  /**
   * The last definite value. It outlives a loss of the signal, so that between the two thresholds the condition goes on
   * as it was; before any sample it is false, as in policy tests.
   */
  readonly held: boolean;
  /** Since when the comparison that would change `held` holds without a break; null: it does not. */
  readonly pendingSinceNs: bigint | null;
  /** When the pending change comes unless a sample breaks it; null: nothing pending. */
  readonly changesAtNs: bigint | null;
}

export const INITIAL_COMPARISON: ComparisonState = {
  value: 'unknown',
  held: false,
  pendingSinceNs: null,
  changesAtNs: null,
};

/**
 * One step of the three-valued machine. `sample` null: the signal is unknown, and so is the comparison; a break in a
 * signal is a break of what had to hold without one.
 */
export function stepComparison(
  state: ComparisonState,
  atom: Pick<ComparisonAtom, 'start' | 'until'>,
  sample: number | null,
  nowNs: bigint,
): ComparisonState {
  if (sample === null || Number.isNaN(sample)) {
    return { value: 'unknown', held: state.held, pendingSinceNs: null, changesAtNs: null };
  }
  if (!turns(state.held, atom, sample)) return settled(state.held);
  const forNs = BigInt(durationOf(state.held, atom));
  const sinceNs = state.pendingSinceNs ?? nowNs;
  if (nowNs - sinceNs >= forNs) return settled(!state.held);
  return { value: state.held, held: state.held, pendingSinceNs: sinceNs, changesAtNs: sinceNs + forNs };
}

const settled = (held: boolean): ComparisonState => ({
  value: held,
  held,
  pendingSinceNs: null,
  changesAtNs: null,
});

/** Whether this sample speaks for the other value. Without `until` the start threshold ends it too, at once. */
function turns(held: boolean, atom: Pick<ComparisonAtom, 'start' | 'until'>, sample: number): boolean {
  if (!held) return holds(atom.start, sample);
  return atom.until === null ? !holds(atom.start, sample) : holds(atom.until, sample);
}

function durationOf(held: boolean, atom: Pick<ComparisonAtom, 'start' | 'until'>): number {
  if (!held) return atom.start.forNs;
  return atom.until?.forNs ?? 0;
}

export function holds(threshold: Pick<Threshold, 'operator' | 'value'>, sample: number): boolean {
  switch (threshold.operator) {
    case '<':
      return sample < threshold.value;
    case '<=':
      return sample <= threshold.value;
    case '>':
      return sample > threshold.value;
    case '>=':
      return sample >= threshold.value;
  }
}
