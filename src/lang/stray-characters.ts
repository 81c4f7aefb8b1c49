import { catalogue } from './catalogue.js';
import type { Fix } from './diagnostic.js';
import { endOf } from './lexer.js';
import type { SyntaxProblem } from './syntax-problem.js';
import type { Candidate } from './syntax-repair.js';
import type { Span } from './tree.js';
import { type Wording, withFix } from './wording.js';

/** What is meant by characters that no policy contains, in front of each what they are part of. */
const MEANT: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^&&?$/, ['and']],
  [/^\|\|?$/, ['or']],
  [/^!$/, ['not']],
  [/^\/$/, ['every', 'per']],
  [/^\/\/$/, ['#']],
  [/^\u2264$/, ['<=']],
  [/^\u2265$/, ['>=']],
  [/^[\u2010-\u2015\u2212]$/, ['-']],
  [/^[\u00a0\u2000-\u200a\u202f\u3000]+$/, ['']],
];

/** Tells of characters that belong to no token, with what the parser made of the text without them. */
export function reportCharacters(
  strays: readonly Span[],
  problems: readonly SyntaxProblem[],
  wording: Wording,
): void {
  const { reporter, text } = wording;
  for (const span of strays) {
    const behind = problems.filter((problem) => isBehind(problem, span));
    const written = text.slice(span.start, span.end);
    const meant = MEANT.find(([pattern]) => pattern.test(written))?.[1] ?? [];
    const fix = fixOf(span, meant, behind, wording);
    const parameters = {
      characters: `\`${written.length > 12 ? `${written.slice(0, 12)}…` : written}\``,
      meant: meant.find((word) => word !== '' && fix?.edits[0]?.text.trim() === word) ?? null,
    };
    reporter.add(catalogue.strayCharacter.at(reporter.place(span), parameters, withFix(fix)));
  }
}

/** Problems that are told with the characters in front of them. */
export function problemsBehind(
  strays: readonly Span[],
  problems: readonly SyntaxProblem[],
): ReadonlySet<SyntaxProblem> {
  return new Set(problems.filter((problem) => strays.some((span) => isBehind(problem, span))));
}

/** The parser tripped over what the lexer had to leave out. */
function isBehind(problem: SyntaxProblem, stray: Span): boolean {
  if (!('previous' in problem) || problem.kind === 'unclosed') return false;
  const from = problem.previous === null ? 0 : endOf(problem.previous);
  return stray.start >= from && stray.end <= problem.token.startOffset;
}

/** Without the characters the parser saw no mistake: then they can go. Else something else was meant by them. */
function fixOf(
  span: Span,
  meant: readonly string[],
  behind: readonly SyntaxProblem[],
  wording: Wording,
): Fix | null {
  const { repairer, text } = wording;
  const isLetter = /\p{L}/u.test(text.slice(span.start, span.end));
  const [first] = behind;
  if (first === undefined) return isLetter ? null : plainFix(span, meant, wording);
  const regions =
    first?.kind === 'mismatch' ? [first.region] : first?.kind === 'stray' ? [first.region, first.joined] : [];
  const words = meant.map((word) => spaced(span, word, text));
  return repairer.fix([words, isLetter ? [quoted(span, text)] : []], regions);
}

/** Where the parser missed nothing: `!` says something all the same. */
function plainFix(span: Span, meant: readonly string[], { reporter, repairer, text }: Wording): Fix {
  const [word] = meant;
  if (meant.length === 1 && word !== undefined && word !== '') {
    return repairer.replacement(spaced(span, word, text));
  }
  const isBetweenWords = /\w/.test(text[span.start - 1] ?? '') && /\w/.test(text[span.end] ?? '');
  if (isBetweenWords) return reporter.replacement(span, ' ');
  return reporter.replacement(withBlank(span, text), '');
}

/** With one of the blanks around it, where it has one on both sides. */
function withBlank({ start, end }: Span, text: string): Span {
  return text[start - 1] === ' ' && text[end] === ' ' ? { start: start - 1, end } : { start, end };
}

/** The whole word of letters of any language, as a string. */
function quoted(span: Span, text: string): Candidate {
  const before =
    /[\p{L}\p{M}\w-]*$/u.exec(text.slice(Math.max(0, span.start - MAX_WORD), span.start))?.[0] ?? '';
  const behind = /^[\p{L}\p{M}\w-]*/u.exec(text.slice(span.end, span.end + MAX_WORD))?.[0] ?? '';
  const whole = { start: span.start - before.length, end: span.end + behind.length };
  return { span: whole, text: `"${text.slice(whole.start, whole.end)}"` };
}

const MAX_WORD = 64;

/** A word in the place of signs has white space on both sides. */
function spaced(span: Span, word: string, text: string): Candidate {
  const isSign = !/^[a-z]/.test(word);
  if (isSign) return { span, text: word };
  const before = /\s/.test(text[span.start - 1] ?? ' ') ? '' : ' ';
  const after = /\s/.test(text[span.end] ?? ' ') ? '' : ' ';
  return { span, text: `${before}${word}${after}` };
}
