#!/usr/bin/env node
/*
 * `npm test`: in a fresh clone too. Everything after `--` goes to mocha (`npm test -- --grep admission`).
 * The last line is what really happened: `N passed, N failed, N skipped`. With CI set, a skipped test is a failure.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkNode, ensurePrograms, installAndBuild } from './lib/bootstrap.mjs';
import { ROOT } from './lib/root.mjs';

/** Full titles of tests that may be skipped in CI: none. */
const MAY_BE_SKIPPED_IN_CI = [];

/** Tests that neither start processes nor measure time: on as many processors as there are. */
const PURE = [
  ...['compiler', 'conformance', 'docs', 'golden', 'grammar', 'lang', 'simulate'],
  ...['account', 'budgets', 'conditions', 'decide', 'diff', 'simulated'].map((name) => `enforce/${name}`),
].map((folder) => `test/${folder}/**/*.test.ts`);
/**
 * Tests that wait more than they work, or do not mind who works beside them: two at a time, and first the file that takes longest. All
 * others are run one by one.
 */
const BESIDE = [
  ...['packaging', 'api', 'build', 'cli', 'editors', 'lsp', 'qemu', 'rps', 'support'],
  ...['faults', 'history', 'ledger', 'support', 'linux/knobs'].map((name) => `enforce/${name}`),
]
  .map((folder) => `test/${folder}/**/*.test.ts`)
  .concat('test/enforce/*.test.ts');

checkNode();
installAndBuild();
// Tests that need what is missing now say so and are skipped.
ensurePrograms(['qemu-system-x86_64', 'mke2fs', 'tc', 'perl', 'script', 'setpriv', 'taskset', 'nvim']);
process.exitCode = report(runTests());

function runTests() {
  const args = process.argv.slice(2);
  if (args.some((argument) => argument.endsWith('.test.ts'))) return runMocha(args);
  const parallel = [...PURE, ...BESIDE];
  const runs = [
    runMocha([...args, '--parallel', '--jobs', `${availableParallelism()}`, ...PURE]),
    runMocha([...args, '--parallel', '--jobs', '2', ...BESIDE]),
    runMocha([...args, 'test/**/*.test.ts', ...parallel.flatMap((files) => ['--ignore', files])]),
  ];
  return {
    status: runs.find(({ status }) => status !== 0)?.status ?? 0,
    outcome: runs.map(({ outcome }) => outcome).reduce(together),
  };
}

/** Null where one of them did not come to an end. */
function together(first, second) {
  if (first === null || second === null) return null;
  return {
    passed: first.passed + second.passed,
    failed: first.failed + second.failed,
    skipped: [...first.skipped, ...second.skipped],
  };
}

function runMocha(args) {
  const directory = mkdtempSync(join(tmpdir(), 'vmc-test-'));
  const outcomeFile = join(directory, 'outcome.json');
  const color = process.stdout.isTTY ? '--color' : '--no-color';
  try {
    const mocha = [color, '--reporter', 'scripts/lib/reporter.mjs', ...args];
    const { status } = spawnSync('node_modules/.bin/mocha', mocha, {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, VMC_TEST_OUTCOME: outcomeFile },
    });
    return { status, outcome: readOutcome(outcomeFile) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function readOutcome(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Prints skipped tests with their reasons, and last the counts. Returns the exit code. */
function report({ status, outcome }) {
  if (outcome === null) {
    console.log('\nThe tests did not come to an end.\n0 passed, 1 failed, 0 skipped');
    return status || 1;
  }
  const { passed, failed, skipped } = outcome;
  if (skipped.length > 0) console.log('\nSkipped:');
  for (const { title, reason } of skipped) console.log(`  ${title}\n    ${reason}`);
  const unallowed = process.env.CI
    ? skipped.filter(({ title }) => !MAY_BE_SKIPPED_IN_CI.includes(title))
    : [];
  if (unallowed.length > 0) console.log(`\nIn CI nothing may be skipped: ${unallowed.length} tests were.`);
  if (passed + failed + skipped.length === 0) console.log('\nNo test was found.');
  console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  return status || (failed > 0 || unallowed.length > 0 || passed === 0 ? 1 : 0);
}
