import type { Model } from '../../lang/model.js';
import type { HostFacts } from '../facts.js';
import { type Coverage, coverageOf } from './coverage.js';
import { runTest, type TestResult } from './run-test.js';
import { Scene } from './scene.js';

/** What the tests of a policy came to. */
export interface TestRun {
  /** In the order of the text. */
  readonly tests: readonly TestResult[];
  readonly coverage: Coverage;
}

/**
 * Runs the `test` blocks of a checked policy on a host: pure, exact, deterministic; runs in a browser. What is wrong with
 * the policy itself is the compiler's to say, but for conflicts in the situations that the tests are in.
 */
export function runTests(model: Model, facts: HostFacts): TestRun {
  const scene = new Scene(model, facts);
  const tests = model.tests.map((test) => runTest(test, scene));
  return { tests, coverage: coverageOf(tests, scene) };
}
