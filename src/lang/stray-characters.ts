import { catalogue } from './catalogue.js';
import type { Fix } from './diagnostic.js';
import { endOf, type Lexed } from './lexer.js';
import { MAX_PROBLEMS } from './recovering-parser.js';
import type { SyntaxProblem } from './syntax-problem.js';
import type { Candidate } from './syntax-repair.js';
import type { Span } from './tree.js';
import type { Wording } from './wording.js';

/** What is meant by characters that no policy contains, in front of each what they are part of. */
const MEANT: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^&&?$/, ['and']],
  [/^\|\|?$/, ['or']],
  [/^!$/, ['not']],
  [/^\/$/, ['every', 'per']],
  [/^\u2264$/, ['<=']],
  [/^\u2265$/, ['>=']],
  [/^[\u2010-\u2015\u2212]$/, ['-']],
  [/^[\u00a0\u2000-\u200a\u202f\u3000]+$/, ['']],
];

/**
 * Tells of characters that belong to no token. The parser may have tripped over what the lexer had to leave out: these
 * problems are told with that, and returned.
 */
export function reportCharacters(
  lexed: Lexed,
  problems: readonly SyntaxProblem[],
  wording: Wording,
): ReadonlySet<SyntaxProblem> {
  const { reporter, text } = wording;
  const explained = new Set<SyntaxProblem>();
  for (const span of lexed.strays.slice(0, MAX_PROBLEMS)) {
    const behind = problems.filter((problem) => isBehind(problem, span));
    for (const problem of behind) explained.add(problem);
    const written = text.slice(span.start, span.end);
    const meant = MEANT.find(([pattern]) => pattern.test(written))?.[1] ?? [];
    const fix = fixOf(span, meant, behind, wording);
    const parameters = {
      characters: `\`${written.length > 12 ? `${written.slice(0, 12)}…` : written}\``,
      meant: fix === null ? null : (meant.find((word) => fix.edits[0]?.text.trim() === word) ?? null),
    };
    reporter.add(catalogue.strayCharacter.at(reporter.place(span), parameters, fix === null ? {} : { fix }));
  }
  return explained;
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
  { reporter, repairer, text }: Wording,
): Fix | null {
  if (behind.length === 0) return reporter.replacement(span, '');
  const [first] = behind;
  const regions =
    first?.kind === 'mismatch' ? [first.region] : first?.kind === 'stray' ? [first.region, first.joined] : [];
  return repairer.fix([meant.map((word) => spaced(span, word, text))], regions);
}

/** A word in the place of signs has white space on both sides. */
function spaced(span: Span, word: string, text: string): Candidate {
  const isSign = !/^[a-z]/.test(word);
  if (isSign) return { span, text: word };
  const before = /\s/.test(text[span.start - 1] ?? ' ') ? '' : ' ';
  const after = /\s/.test(text[span.end] ?? ' ') ? '' : ' ';
  return { span, text: `${before}${word}${after}` };
}
