import type { TestsDocument } from '../api/tests-schema.js';
import type { TestedPolicy, TestResult } from '../compiler/index.js';
import type { Diagnostic, Sentence } from '../lang/index.js';

/** A policy file, and what its tests came to. */
export interface TestedFile extends TestedPolicy {
  readonly file: string;
}

/** Errors of the policies, then of their tests, each once. Warnings are the business of `check` and `compile`. */
export function problemsOf(tested: readonly TestedFile[]): readonly Diagnostic[] {
  const all = tested.flatMap(({ diagnostics, run }) => [
    ...policyErrors(diagnostics),
    ...(run?.tests.flatMap((test) => test.diagnostics) ?? []),
  ]);
  return distinct(all);
}

export const policyErrors = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  diagnostics.filter(({ severity }) => severity === 'error');

/** A conflict that several tests run into is one. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const byPlace = new Map<string, Diagnostic>();
  for (const one of diagnostics) {
    const key = identityOf(one);
    if (!byPlace.has(key)) byPlace.set(key, one);
  }
  return [...byPlace.values()];
}

/** Two diagnostics of one identity are one mistake. */
export const identityOf = ({ code, file, range }: Diagnostic): string =>
  `${code} ${file}:${range.start.offset}`;

export const testsOf = (tested: readonly TestedFile[]): readonly TestResult[] =>
  tested.flatMap(({ run }) => run?.tests ?? []);

/** The document of `--format json`: schemas/tests.schema.json. */
export function testsDocument(tested: readonly TestedFile[]): TestsDocument {
  const tests = testsOf(tested);
  const passed = tests.filter((test) => test.passed).length;
  return {
    passed,
    failed: tests.length - passed,
    files: tested.map(({ file, run }) => ({
      file,
      tests: run?.tests.map(testDocument) ?? [],
      coverage: run && coverageDocument(run.coverage),
    })),
    diagnostics: problemsOf(tested) as TestsDocument['diagnostics'],
  };
}

function testDocument({
  test,
  passed,
  mode,
  expectations,
}: TestResult): TestsDocument['files'][number]['tests'][number] {
  return {
    title: test.title,
    ...test.place,
    passed,
    mode,
    expectations: expectations.map(({ expectation, met, expected, got, reasons }) => ({
      text: expectation.text,
      ...expectation.place,
      met,
      expected,
      got,
      because: reasons.map(({ role, place }) => ({ role, ...place })),
    })),
  };
}

type CoverageDocument = NonNullable<TestsDocument['files'][number]['coverage']>;

function coverageDocument({
  sentences,
  modes,
}: NonNullable<TestedPolicy['run']>['coverage']): CoverageDocument {
  return {
    sentences: sentences.map(({ sentence, tests }) => ({
      sentence: sentence.text,
      ...sentence.place,
      tests,
    })),
    modes: modes && {
      total: modes.total,
      untested: modes.untested.map(({ id, text, example }) => ({ id, conditions: text, example })),
    },
  };
}

/** A sentence, and how many tests have it in force: those of all files that it is read in. */
export interface Covered {
  readonly sentence: Sentence;
  readonly tests: number;
}

/** Sentences of all files with tests, each once, file by file. */
export function coveredSentences(tested: readonly TestedFile[]): readonly Covered[] {
  const byPlace = new Map<string, Covered>();
  for (const { run } of tested) {
    if (run === null || run.tests.length === 0) continue;
    for (const { sentence, tests } of run.coverage.sentences) {
      const { file, range } = sentence.place;
      const key = `${file}:${range.start.offset}:${sentence.kind}`;
      byPlace.set(key, { sentence, tests: tests + (byPlace.get(key)?.tests ?? 0) });
    }
  }
  return [...byPlace.values()];
}
