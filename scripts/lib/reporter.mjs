import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants;

/** mocha's own report, and the counts with the skipped tests' reasons in the file VMC_TEST_OUTCOME for scripts/test.mjs. */
export default class OutcomeReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const outcome = { passed: 0, failed: 0, skipped: [] };
    runner.on(EVENT_TEST_PASS, () => {
      outcome.passed++;
    });
    runner.on(EVENT_TEST_FAIL, () => {
      outcome.failed++;
    });
    runner.on(EVENT_TEST_PENDING, (test) => {
      outcome.skipped.push({ title: test.fullTitle(), reason: reasonOf(test) });
    });
    runner.on(EVENT_RUN_END, () => {
      const file = process.env.VMC_TEST_OUTCOME;
      if (file) writeFileSync(file, JSON.stringify(outcome));
    });
  }
}

/** Left by test/support/skip-because.ts on the test, or on a suite around it. */
function reasonOf(test) {
  for (let each = test; each; each = each.parent) if (each.skipReason) return each.skipReason;
  return 'no reason given';
}
