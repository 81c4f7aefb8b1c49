import { EOF, type IToken } from 'chevrotain';
import { catalogue } from './catalogue.js';
import type { CatalogueDiagnostic } from './catalogue-entry.js';
import { describeExpected, describeToken, expectedWords, sentenceForm } from './describe-token.js';
import type { Fix } from './diagnostic.js';
import { nearest } from './did-you-mean.js';
import { type Habit, mismatchHabit } from './habit-advice.js';
import { endOf, type Lexed, spanOf, startsLine } from './lexer.js';
import type { PolicyParser } from './parser.js';
import { isBoundary, MAX_PROBLEMS } from './recovering-parser.js';
import type { Reporter } from './reporter.js';
import { problemsBehind, reportCharacters } from './stray-characters.js';
import { strayDiagnostic } from './stray-diagnostic.js';
import { breaksOff, isUnknownUnit, mismatchCandidates } from './syntax-candidates.js';
import type { Mismatch, SyntaxProblem, Unclosed } from './syntax-problem.js';
import { Repairer } from './syntax-repair.js';
import { BareName, BrokenText } from './tokens.js';
import type { Span } from './tree.js';
import { brokenText, habitFirst, placeOf, unknownUnit, type Wording, withFix } from './wording.js';
import { isReserved } from './words.js';

/**
 * Words the lexer's and the parser's findings: each mistake once, whichever of the two met it. The parser is used to
 * try out what may mend them.
 */
export function reportSyntax(lexed: Lexed, parser: PolicyParser, reporter: Reporter): void {
  // Trying something out gives the parser other problems.
  const problems = [...parser.problems];
  const wording = { reporter, repairer: new Repairer(parser, reporter), text: reporter.source.text };
  const strays = lexed.strays.slice(0, MAX_PROBLEMS);
  const explained = problemsBehind(strays, problems);
  const fixes: Fix[] = [];
  for (const problem of problems) {
    if (!explained.has(problem)) {
      const diagnostic = diagnosticOf(problem, wording);
      reporter.add(diagnostic);
      if (diagnostic.fix !== undefined) fixes.push(diagnostic.fix);
    }
    if ('previous' in problem && problem.previous !== null && !startsLine(problem.token)) {
      reporter.doubt(endOf(problem.previous));
    }
  }
  // What a fix replaces, such as the path that it puts in quotes, has been told.
  reportCharacters(
    strays.filter((span) => !fixes.some((fix) => replaces(fix, span))),
    problems,
    wording,
  );
  reportCrowded(lexed, reporter);
}

const replaces = ({ edits }: Fix, { start, end }: Span): boolean =>
  edits.some(({ range }) => range.start.offset <= start && range.end.offset >= end);

function reportCrowded(lexed: Lexed, reporter: Reporter): void {
  const told = reporter.diagnostics.map(({ range }) => range.start.offset);
  for (const [left, right] of lexed.crowded.slice(0, MAX_PROBLEMS)) {
    const span = { start: left.startOffset, end: endOf(right) };
    if (told.some((offset) => offset >= span.start && offset <= span.end)) continue;
    const fix = reporter.replacement({ start: endOf(left), end: right.startOffset }, ' ', 'Insert a space');
    const parameters = { left: left.image, right: right.image };
    reporter.add(catalogue.crowded.at(reporter.place(span), parameters, { fix }));
  }
}

function diagnosticOf(problem: SyntaxProblem, wording: Wording): CatalogueDiagnostic {
  const { reporter } = wording;
  const at = (token: IToken) => reporter.place(placeOf(token, reporter));
  switch (problem.kind) {
    case 'mismatch':
      return mismatch(problem, wording);
    case 'stray':
      return strayDiagnostic(problem, wording);
    case 'unclosed': {
      const before = describeToken(problem.token);
      const related = [reporter.related(placeOf(problem.token, reporter), 'still open here')];
      const fix = closingFix(problem, reporter);
      return catalogue.unclosedBrace.at(at(problem.open), { before }, { related, fix });
    }
    case 'lonely-otherwise':
      return catalogue.lonelyOtherwise.at(at(problem.token), {});
    case 'too-many':
      return catalogue.tooMany.at(at(problem.token), { limit: MAX_PROBLEMS });
  }
}

/** The braces that are missing, behind the last word that they can enclose. */
function closingFix({ open, previous, count }: Unclosed, reporter: Reporter): Fix {
  const { text } = reporter.source;
  const last = previous ?? open;
  const at = { start: endOf(last), end: endOf(last) };
  const lineStart = text.lastIndexOf('\n', open.startOffset - 1) + 1;
  const isOneLine = !text.slice(open.startOffset, last.startOffset).includes('\n');
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
  const braces = isOneLine ? ' }'.repeat(count) : `\n${indent}}`.repeat(count);
  // A comment behind the last word would swallow a brace on its line.
  const rest = text.slice(at.start, (text.indexOf('\n', at.start) + 1 || text.length + 1) - 1);
  const behind = isOneLine ? at : { start: at.start + rest.length, end: at.start + rest.length };
  return reporter.replacement(behind, braces, `Add the missing ${count === 1 ? '`}`' : 'braces'}`);
}

function mismatch(problem: Mismatch, wording: Wording): CatalogueDiagnostic {
  const { token, previous, expected, rules } = problem;
  const { reporter } = wording;
  if (token.tokenType === BrokenText)
    return brokenText(token, mendMismatch(problem, null, wording), reporter);
  if (isUnknownUnit(token, previous)) return unknownUnit(token, wording);
  const habit = mismatchHabit(problem, wording.text);
  const fix = mendMismatch(problem, habit, wording);
  const extras = withFix(fix);
  const expectation = describeExpected(expected);
  // What the sentence reads is no use where it was to be part of the one before.
  const joint = problem.joined === null || fix === null ? null : `${fix.title}.`;
  const shared = { expected: expectation, form: sentenceForm(rules), advice: habit?.advice ?? joint };
  if (previous !== null && breaksOff(problem, wording.text)) {
    const what = isBoundary(token) ? 'sentence' : 'line';
    const found =
      token.tokenType === EOF ? describeToken(token) : `the next ${what} (${describeToken(token)})`;
    const parameters = { ...shared, where: `behind ${describeToken(previous)}`, found, suggestion: null };
    return catalogue.unexpected.at(reporter.place(spanOf(previous)), parameters, extras);
  }
  const place = reporter.place(placeOf(token, reporter));
  const suggestion = nearest(token.image, expectedWords(expected));
  const mayBeName = isReserved(token.image) && !STRUCTURAL.has(token.image);
  if (suggestion === null && expected.includes(BareName) && mayBeName) {
    return catalogue.reservedName.at(place, { word: token.image, expected: expectation }, extras);
  }
  const parameters = { ...shared, where: 'here', found: describeToken(token), suggestion };
  return catalogue.unexpected.at(place, parameters, extras);
}

/** Reserved words that hold sentences together: nobody means a name by them. */
const STRUCTURAL: ReadonlySet<string> = new Set(
  'each while that not and or for until assuming except when otherwise'.split(' '),
);

/** Where only an opening brace is missing, reading went on as if it were there. */
function mendMismatch(problem: Mismatch, habit: Habit | null, { repairer, text }: Wording): Fix | null {
  const { region, previous } = problem;
  if (region === null) {
    if (previous === null) return null;
    const at = endOf(previous);
    return repairer.replacement({ span: { start: at, end: at }, text: ' {' });
  }
  return repairer.fix(habitFirst(habit, mismatchCandidates(problem, text)), [region, problem.joined]);
}
