import type { Diagnostic, Fix } from '../../lang/index.js';

/** A fix and what it mends. */
export interface Fixable {
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
}

/** Fixes of what is wrong anywhere in a stretch of a file. */
export function fixesBetween(
  diagnostics: readonly Diagnostic[],
  start: number,
  end: number,
): readonly Fixable[] {
  return fixable(diagnostics).filter(
    ({ diagnostic: { range } }) => range.start.offset <= end && start <= range.end.offset,
  );
}

/**
 * All fixes of one file's mistakes that can be made at once: those that change only this file, and none of them what
 * another one does. Null where they do not leave fewer mistakes than there were: `mistakesIn` counts them.
 */
export function fixAll(
  diagnostics: readonly Diagnostic[],
  text: string,
  mistakesIn: (text: string) => number,
): readonly Fix[] | null {
  const fixes: Fix[] = [];
  const taken: { start: number; end: number }[] = [];
  for (const { fix, diagnostic } of fixable(diagnostics)) {
    const spans = fix.edits.map(({ range }) => ({ start: range.start.offset, end: range.end.offset }));
    const isOwn = fix.edits.every(({ file }) => file === diagnostic.file);
    const isFree = spans.every((span) =>
      taken.every((other) => span.end < other.start || other.end < span.start),
    );
    if (!isOwn || !isFree) continue;
    fixes.push(fix);
    taken.push(...spans);
  }
  if (fixes.length === 0) return null;
  return mistakesIn(withFixes(text, fixes)) < diagnostics.length ? fixes : null;
}

const fixable = (diagnostics: readonly Diagnostic[]): readonly Fixable[] =>
  diagnostics.flatMap((diagnostic) => (diagnostic.fix ? [{ diagnostic, fix: diagnostic.fix }] : []));

/** The text with the edits of fixes that do not overlap. */
function withFixes(text: string, fixes: readonly Fix[]): string {
  const edits = fixes.flatMap((fix) => fix.edits);
  const fromEnd = [...edits].sort((a, b) => b.range.start.offset - a.range.start.offset);
  return fromEnd.reduce(
    (current, { range, text: replacement }) =>
      current.slice(0, range.start.offset) + replacement + current.slice(range.end.offset),
    text,
  );
}
