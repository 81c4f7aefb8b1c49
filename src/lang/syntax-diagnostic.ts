import { EOF, type IToken } from 'chevrotain';
import { catalogue } from './catalogue.js';
import type { CatalogueDiagnostic } from './catalogue-entry.js';
import { describeExpected, describeToken, expectedWords, sentenceForm } from './describe-token.js';
import { nearest } from './did-you-mean.js';
import { mismatchAdvice, sentenceAdvice, trailingAdvice } from './habit-advice.js';
import { endOf, type Lexed, spanOf, startsLine } from './lexer.js';
import { isBoundary, MAX_PROBLEMS } from './recovering-parser.js';
import type { Reporter } from './reporter.js';
import type { BodyRule, SyntaxProblem } from './syntax-problem.js';
import { BareName, BrokenText, NumberToken, RCurly } from './tokens.js';
import type { Span } from './tree.js';
import { unitWords } from './units.js';
import { isReserved, STARTERS } from './words.js';

type Mismatch = Extract<SyntaxProblem, { kind: 'mismatch' }>;
type Stray = Extract<SyntaxProblem, { kind: 'stray' }>;

/** Words the lexer's and the parser's findings: each mistake once, whichever of the two met it. */
export function reportSyntax(lexed: Lexed, problems: readonly SyntaxProblem[], reporter: Reporter): void {
  const strays = lexed.strays.slice(0, MAX_PROBLEMS);
  for (const span of strays) {
    const characters = describeCharacters(reporter.source.text.slice(span.start, span.end));
    reporter.add(catalogue.strayCharacter.at(reporter.place(span), { characters }));
  }
  for (const problem of problems) {
    if (strays.some((span) => isBehind(problem, span))) continue;
    reporter.add(diagnosticOf(problem, reporter));
    if ('previous' in problem && problem.previous !== null && !startsLine(problem.token)) {
      reporter.doubt(endOf(problem.previous));
    }
  }
  reportCrowded(lexed, reporter);
}

/** The parser tripped over what the lexer had to leave out. */
function isBehind(problem: SyntaxProblem, stray: Span): boolean {
  if (!('previous' in problem)) return false;
  const from = problem.previous === null ? 0 : endOf(problem.previous);
  return stray.start >= from && stray.end <= problem.token.startOffset;
}

function reportCrowded(lexed: Lexed, reporter: Reporter): void {
  const told = reporter.diagnostics.map(({ range }) => range.start.offset);
  for (const [left, right] of lexed.crowded.slice(0, MAX_PROBLEMS)) {
    const span = { start: left.startOffset, end: endOf(right) };
    if (told.some((offset) => offset >= span.start && offset <= span.end)) continue;
    reporter.add(catalogue.crowded.at(reporter.place(span), { left: left.image, right: right.image }));
  }
}

const describeCharacters = (text: string): string =>
  `\`${text.length > 12 ? `${text.slice(0, 12)}…` : text}\``;

function diagnosticOf(problem: SyntaxProblem, reporter: Reporter): CatalogueDiagnostic {
  const at = (token: IToken) => reporter.place(placeOf(token, reporter));
  switch (problem.kind) {
    case 'mismatch':
      return mismatch(problem, reporter);
    case 'stray':
      return stray(problem, reporter);
    case 'unclosed': {
      const before = describeToken(problem.token);
      const related = [reporter.related(placeOf(problem.token, reporter), 'still open here')];
      return catalogue.unclosedBrace.at(at(problem.open), { before }, { related });
    }
    case 'lonely-otherwise':
      return catalogue.lonelyOtherwise.at(at(problem.token), {});
    case 'too-many':
      return catalogue.tooMany.at(at(problem.token), { limit: MAX_PROBLEMS });
  }
}

/** The end of the file has no characters of its own: its place is behind the last one that says something. */
function placeOf(token: IToken, reporter: Reporter): Span {
  if (token.tokenType !== EOF) return spanOf(token);
  const end = reporter.source.text.trimEnd().length;
  return { start: Math.max(0, end - 1), end };
}

function mismatch(problem: Mismatch, reporter: Reporter): CatalogueDiagnostic {
  const { token, previous, expected, rules } = problem;
  if (token.tokenType === BrokenText) return brokenText(token, reporter);
  const place = reporter.place(spanOf(token));
  if (isUnknownUnit(token, previous)) return unknownUnit(token, reporter);
  const expectation = describeExpected(expected);
  const form = sentenceForm(rules);
  if (previous !== null && breaksOff(token)) {
    const where = `behind ${describeToken(previous)}`;
    const found =
      token.tokenType === EOF ? describeToken(token) : `the next sentence (${describeToken(token)})`;
    const parameters = { where, found, expected: expectation, form, suggestion: null, advice: null };
    return catalogue.unexpected.at(reporter.place(spanOf(previous)), parameters);
  }
  const advice = mismatchAdvice(problem, reporter.source.text);
  const suggestion = nearest(token.image, expectedWords(expected));
  if (suggestion === null && expected.includes(BareName) && isReserved(token.image)) {
    return catalogue.reservedName.at(place, { word: token.image, expected: expectation });
  }
  const found = describeToken(token);
  const parameters = { where: 'here', found, expected: expectation, form, suggestion, advice };
  return catalogue.unexpected.at(place, parameters);
}

/** The sentence ends before it is complete: what is wrong is what is not there. */
const breaksOff = (token: IToken): boolean => token.tokenType === EOF || isBoundary(token);

function unknownUnit(token: IToken, reporter: Reporter): CatalogueDiagnostic {
  const suggestion = nearest(token.image, unitWords());
  return catalogue.unknownUnit.at(reporter.place(spanOf(token)), { unit: token.image, suggestion });
}

/** A word that touches the number before it can only be meant as its unit. */
const isUnknownUnit = (token: IToken, previous: IToken | null): boolean =>
  previous?.tokenType === NumberToken && isWord(token) && endOf(previous) === token.startOffset;

const isWord = (token: IToken): boolean => /^[A-Za-z]/.test(token.image);

function brokenText(token: IToken, reporter: Reporter): CatalogueDiagnostic {
  const badEscape = /\\[^"\\]/.exec(token.image);
  const span = spanOf(token);
  if (badEscape !== null && token.image.endsWith('"')) {
    const start = span.start + badEscape.index;
    const place = reporter.place({ start, end: start + 2 });
    return catalogue.brokenString.at(place, { problem: 'escape', escape: badEscape[0] });
  }
  return catalogue.brokenString.at(reporter.place(span), { problem: 'unterminated', escape: '' });
}

const OWNERS: Readonly<Record<'classBody' | 'hostBody', readonly [owner: string, known: readonly string[]]>> =
  {
    classBody: ['A class', ['match', 'vcpus', 'memory', 'overhead']],
    hostBody: ['The host', ['cores', 'memory', 'timezone', 'mechanisms']],
  };

/** Words that could have continued the sentence before. */
const CONTINUATIONS = ['and', 'or', 'except', 'for', 'until', 'assuming', 'by', 'every', 'otherwise'];

function stray(problem: Stray, reporter: Reporter): CatalogueDiagnostic {
  const { token, previous, rule } = problem;
  if (token.tokenType === BrokenText) return brokenText(token, reporter);
  const place = reporter.place(placeOf(token, reporter));
  const found = describeToken(token);
  if (token.tokenType === RCurly) return catalogue.unmatchedBrace.at(place, {});
  if (isUnknownUnit(token, previous)) return unknownUnit(token, reporter);
  if (isInBody(rule)) {
    const [owner, known] = OWNERS[rule];
    const list = known.map((property) => `\`${property}\``).join(', ');
    const suggestion = nearest(token.image, known);
    return catalogue.unknownProperty.at(place, { found, owner, known: list, suggestion });
  }
  if (startsLine(token)) {
    const suggestion = nearest(token.image, STARTERS);
    return catalogue.unknownSentence.at(place, { found, suggestion, advice: sentenceAdvice(token) });
  }
  const suggestion = nearest(token.image, CONTINUATIONS);
  const habit = trailingAdvice(token, previous, reporter.source.text);
  const advice = habit ?? ADVICE[token.tokenType.name] ?? null;
  return catalogue.trailing.at(place, { found, advice, suggestion });
}

/** What is usually meant by a sign where a sentence could end. */
const ADVICE: Readonly<Record<string, string>> = {
  Equals: 'Comparisons are `<`, `<=`, `>` and `>=`.',
  Comma: 'Lists join days, dates, windows or names; `daily`, `weekdays` and `weekends` stand alone.',
  Clock: 'A window has a start and an end, without white space: `09:00-17:30`.',
  Minus: 'Names, dates and windows hold no white space around their `-`.',
  LCurly: 'Only `host`, classes, `when` and `otherwise` have braces.',
  RParen: 'There is no `(` that it closes.',
};

const isInBody = (rule: BodyRule): rule is 'classBody' | 'hostBody' =>
  rule === 'classBody' || rule === 'hostBody';
