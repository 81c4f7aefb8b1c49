import type { HostFacts } from '../../../src/compiler/facts.js';
import type { TestResult } from '../../../src/compiler/scenario/run-test.js';
import { runTests, type TestRun } from '../../../src/compiler/scenario/run-tests.js';
import { analyse } from '../../../src/lang/index.js';
import { HOST } from '../support.js';

export const FILE = 'test.vmc';

export const CLASSES = `
vm video { match user "v" vcpus 2 task decode 4ms every 33ms }
vm build { match user "b" vcpus 4 }
group batch up to 6 vms { match user "g" vcpus 1 }
group lent = build, batch
switch gaming
signal price number
let office = weekdays 09:00-12:00, 13:00-17:30 except 2026-12-24..2027-01-01
let busy   = owner.demand > 60% for 30s until < 40% for 60s
let rush   = forecast(owner.demand over 30s at 95%) > 70%
`;

/** Runs the tests of a policy that is well-formed. */
export function runPolicy(text: string, facts: HostFacts = HOST): TestRun {
  const { model, diagnostics } = analyse({ file: FILE, text });
  if (model === null)
    throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return runTests(model, facts);
}

/** What the one test with these lines comes to. */
export function resultOf(sentences: string, lines: string, facts: HostFacts = HOST): TestResult {
  const { tests } = runPolicy(`${CLASSES}${sentences}\ntest "it" {\n${lines}\n}`, facts);
  const [first] = tests;
  if (!first || tests.length > 1) throw new Error('one test was to be run');
  return first;
}

/** "VMC3021 Expected …", one a line. */
export const problemsOf = ({ diagnostics }: TestResult): string =>
  diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n');
