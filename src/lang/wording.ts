import { EOF, type IToken } from 'chevrotain';
import { catalogue } from './catalogue.js';
import type { CatalogueDiagnostic } from './catalogue-entry.js';
import type { Fix } from './diagnostic.js';
import type { Habit } from './habit-advice.js';
import { spanOf } from './lexer.js';
import type { Reporter } from './reporter.js';
import type { Candidate, Repairer } from './syntax-repair.js';
import type { Span } from './tree.js';
import { unitMeant } from './unit-habits.js';

/** What words a diagnostic needs: where the text is, and what would mend it. */
export interface Wording {
  readonly reporter: Reporter;
  readonly repairer: Repairer;
  readonly text: string;
}

/** The end of the file has no characters of its own: its place is behind the last one that says something. */
export function placeOf(token: IToken, reporter: Reporter): Span {
  if (token.tokenType !== EOF) return spanOf(token);
  const end = reporter.source.text.trimEnd().length;
  return { start: Math.max(0, end - 1), end };
}

/** As the extras of a diagnostic. */
export const withFix = (fix: Fix | null): { fix?: Fix } => (fix === null ? {} : { fix });

/** What a habit means comes before what a slip of the keyboard may mean. */
export function* habitFirst(
  habit: Habit | null,
  others: Iterable<readonly Candidate[]>,
): Generator<readonly Candidate[]> {
  if (habit !== null) yield habit.candidates;
  yield* others;
}

export function unknownUnit(token: IToken, { reporter, repairer }: Wording): CatalogueDiagnostic {
  const suggestion = unitMeant(token.image);
  const fix = suggestion === null ? null : repairer.replacement({ span: spanOf(token), text: suggestion });
  const place = reporter.place(spanOf(token));
  return catalogue.unknownUnit.at(place, { unit: token.image, suggestion }, withFix(fix));
}

export function brokenText(token: IToken, fix: Fix | null, reporter: Reporter): CatalogueDiagnostic {
  const badEscape = /\\[^"\\]/.exec(token.image);
  const span = spanOf(token);
  if (badEscape !== null && token.image.endsWith('"')) {
    const start = span.start + badEscape.index;
    const place = reporter.place({ start, end: start + 2 });
    return catalogue.brokenString.at(place, { problem: 'escape', escape: badEscape[0] }, withFix(fix));
  }
  const problem = token.image.startsWith('"') ? ('unterminated' as const) : ('quotes' as const);
  const parameters = { problem, escape: '' };
  return catalogue.brokenString.at(reporter.place(span), parameters, withFix(fix));
}
