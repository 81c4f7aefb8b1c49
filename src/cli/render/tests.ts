import { type Diagnostic, renderText, type Sentence, type Source } from '../../lang/index.js';
import { visible } from '../../support/terminal-text.js';
import type { Colors } from '../colors.js';
import { type Covered, coveredSentences, identityOf, type TestedFile, testsOf } from '../test-report.js';
import { count } from './count.js';

export interface RenderTestsOptions {
  readonly colors: Colors;
  /** Every sentence with the number of tests that activate it, and the modes that none is in. */
  readonly coverage: boolean;
  /** Only failures and totals. */
  readonly quiet: boolean;
}

/** Beyond so many modes nobody reads them; `--format json` has them all. */
const MOST_MODES = 20;
const MOST_TEXT = 90;

/** What became of the tests, for people: a line each, then what is wrong in those that failed, then what none activates. */
export function renderTests(tested: readonly TestedFile[], options: RenderTestsOptions): string {
  const { quiet, coverage } = options;
  const sections = [
    ...(quiet ? [] : tested.map((one) => fileSection(one, options))),
    ...tested.flatMap((one) => failureSections(one, options)),
    ...(quiet && !coverage ? [] : [coverage ? coverageSection(tested) : inactiveSection(tested)]),
    ...(coverage ? tested.map((one) => modesSection(one)) : []),
    totals(tested, options),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

function fileSection({ file, run }: TestedFile, { colors }: RenderTestsOptions): string {
  if (run === null) return `${visible(file)}: not tested, for it has errors`;
  if (run.tests.length === 0) return `${visible(file)}: no tests`;
  const lines = run.tests.map(({ test, passed }) => {
    const mark = passed ? colors.green('pass') : colors.red('FAIL');
    return `  ${mark}  ${visible(test.title)}`;
  });
  return [colors.bold(visible(file)), ...lines].join('\n');
}

function failureSections(
  { run, files, diagnostics: ofPolicy }: TestedFile,
  { colors }: RenderTestsOptions,
): readonly string[] {
  const told = new Set(ofPolicy.map(identityOf));
  const failed = run?.tests.filter(({ passed }) => !passed) ?? [];
  return failed.map(({ test, diagnostics }) => {
    const { file, range } = test.place;
    const head = colors.bold(`---- ${visible(test.title)} (${visible(file)}:${range.start.line}) ----`);
    const known = diagnostics.filter((one) => told.has(identityOf(one)));
    const own = diagnostics.filter((one) => !told.has(identityOf(one)));
    return [head, ...known.map(knownText), ...(own.length > 0 ? [rendered(own, files, colors)] : [])].join(
      '\n',
    );
  });
}

/** An error of the policy has been shown with it. */
const knownText = ({ code, file, range }: Diagnostic): string =>
  `The policy cannot be kept in this situation: ${code} at ${visible(file)}:${range.start.line}.`;

const rendered = (
  diagnostics: readonly Diagnostic[],
  files: readonly Source[],
  { enabled }: Colors,
): string => renderText(diagnostics, files, { color: enabled }).trimEnd();

function inactiveSection(tested: readonly TestedFile[]): string {
  const inactive = coveredSentences(tested).filter(({ tests }) => tests === 0);
  if (inactive.length === 0) return '';
  return [
    'Sentences that no test activates:',
    ...inactive.map(({ sentence }) => `  ${sentenceText(sentence)}`),
  ].join('\n');
}

function coverageSection(tested: readonly TestedFile[]): string {
  const covered = coveredSentences(tested);
  if (covered.length === 0) return '';
  const width = Math.max(...covered.map(({ tests }) => String(tests).length));
  const line = ({ sentence, tests }: Covered): string =>
    `  ${String(tests).padStart(width)}  ${sentenceText(sentence)}`;
  return ['Tests that activate each sentence:', ...covered.map(line)].join('\n');
}

/** "lab.vmc:12:3  pause batch". */
function sentenceText({ place, text, kind, guards }: Sentence): string {
  const { line, column } = place.range.start;
  const shown = text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text;
  const then = kind !== 'budget' && guards.some(({ condition }) => condition.kind === 'spent');
  return visible(`${place.file}:${line}:${column}  ${shown}${then ? ' (once it is spent)' : ''}`);
}

function modesSection({ file, run }: TestedFile): string {
  if (run === null || run.tests.length === 0) return '';
  const { modes } = run.coverage;
  if (modes === null) return `${visible(file)}: too many modes to say which are tested`;
  const { total, untested } = modes;
  const head = `${visible(file)}: ${total - untested.length} of ${count(total, 'mode')} tested`;
  const lines = untested
    .slice(0, MOST_MODES)
    .map(({ text, example }) => `  ${visible(text)}${example === null ? '' : `, for example at ${example}`}`);
  const rest = untested.length - lines.length;
  return [
    untested.length === 0 ? head : `${head}; not these:`,
    ...lines,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ].join('\n');
}

/** "3 tests: 2 passed, 1 failed; 12 of 14 sentences activated". */
function totals(tested: readonly TestedFile[], { colors }: RenderTestsOptions): string {
  const tests = testsOf(tested);
  if (tests.length === 0) return '';
  const failed = tests.filter(({ passed }) => !passed).length;
  const covered = coveredSentences(tested);
  const activated = covered.filter((one) => one.tests > 0).length;
  const result = failed === 0 ? colors.green('all passed') : colors.red(`${failed} failed`);
  const passed = failed === 0 ? '' : `, ${tests.length - failed} passed`;
  return `${count(tests.length, 'test')}: ${result}${passed}; ${activated} of ${count(covered.length, 'sentence')} activated`;
}
