import { demandWithin, type Need, type TaskSet, type TestPoint } from './demand.js';
import { testBound, testEdf } from './edf-test.js';
import { type Supply, suppliedWithin } from './supply.js';
import type { Verdict } from './verdict.js';

/** What a server must supply. INVARIANT: monotone: where a supply meets it, every supply that is never less does. */
export interface Requirement {
  readonly test: (supply: Supply) => Verdict;
  /** Whether a supply fails in the long run: quick. */
  readonly isTooSlow: (supply: Supply) => boolean;
  /** Where supplies are likely to fail. */
  readonly suspects: readonly Need[];
}

/**
 * That the tasks meet their deadlines under EDF, and that the proof of it looks no further than `horizonNs`: longer windows
 * are covered by what server and tasks come to in the long run.
 */
export function needOfTasks(tasks: TaskSet, horizonNs = Number.POSITIVE_INFINITY): Requirement {
  return {
    test: (supply) => testEdf(tasks, supply, horizonNs),
    isTooSlow: (supply) => {
      const bound = testBound(tasks, supply);
      return bound === null || bound > horizonNs;
    },
    suspects: tasks.deadlinesNs.map((windowNs) => ({ windowNs, demandNs: demandWithin(tasks, windowNs) })),
  };
}

/** `demandNs` in any window of `windowNs`. */
export function needInWindow({ windowNs, demandNs }: Need): Requirement {
  const test = (supply: Supply): Verdict => {
    const point = { windowNs, demandNs, supplyNs: suppliedWithin(supply, windowNs) };
    return demandNs <= point.supplyNs ? { kind: 'met', points: [point] } : { kind: 'unmet', point };
  };
  return { test, isTooSlow: () => false, suspects: [{ windowNs, demandNs }] };
}

/** All of several requirements; the points of the first prove it. INVARIANT: there is at least one. */
export function allOf(requirements: readonly Requirement[]): Requirement {
  const test = (supply: Supply): Verdict => {
    const verdicts = requirements.map((one) => one.test(supply));
    // INVARIANT: as many verdicts as requirements.
    return verdicts.find(({ kind }) => kind !== 'met') ?? verdicts[0]!;
  };
  return {
    test,
    isTooSlow: (supply) => requirements.some((one) => one.isTooSlow(supply)),
    suspects: requirements.flatMap(({ suspects }) => suspects),
  };
}

/** Points remembered beside the suspects; each of them costs time where it does not refute. */
const REMEMBERED = 32;

/** Tests of many similar supplies against one requirement: remembers where earlier ones failed. */
export class RepeatedTest {
  readonly #requirement: Requirement;
  /** The latest to refute first. */
  readonly #known: Need[];

  constructor(requirement: Requirement) {
    this.#requirement = requirement;
    this.#known = [...requirement.suspects];
  }

  /** Where a supply fails, as far as that shows quickly: at a point that refuted an earlier one, or in the long run. */
  refute(supply: Supply): Extract<Verdict, { kind: 'unmet' }> | null {
    for (const [index, need] of this.#known.entries()) {
      const supplyNs = suppliedWithin(supply, need.windowNs);
      if (supplyNs >= need.demandNs) continue;
      if (index > 0) {
        this.#known.splice(index, 1);
        this.#known.unshift(need);
      }
      return { kind: 'unmet', point: { ...need, supplyNs } };
    }
    return this.#requirement.isTooSlow(supply) ? { kind: 'unmet', point: null } : null;
  }

  test(supply: Supply): Verdict {
    const refuted = this.refute(supply);
    if (refuted) return refuted;
    const verdict = this.#requirement.test(supply);
    if (verdict.kind === 'unmet' && verdict.point !== null) this.#remember(verdict.point);
    return verdict;
  }

  #remember(point: TestPoint): void {
    this.#known.unshift(point);
    this.#known.splice(REMEMBERED + this.#requirement.suspects.length);
  }
}
