import type { Diagnostic, Range } from '../../lang/index.js';
import type { CompiledSentence } from '../compile/compiled-sentence.js';

/** The one stretch of a text that became another; offsets. */
export interface TextChange {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** What differs between two texts: from the first to the last character that does. */
export function changeBetween(before: string, after: string): TextChange {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail++;
  return { start, oldEnd: before.length - tail, newEnd: after.length - tail };
}

/** Where a stretch of the text is after the change; null where it was changed itself. */
function moved(
  start: number,
  end: number,
  change: TextChange,
): { readonly start: number; readonly end: number } | null {
  if (end < change.start) return { start, end };
  const by = change.newEnd - change.oldEnd;
  return start > change.oldEnd ? { start: start + by, end: end + by } : null;
}

/** A diagnostic of a file after a change of it; null when the change is where it was. Lines and columns are left behind. */
export function movedDiagnostic(diagnostic: Diagnostic, file: string, change: TextChange): Diagnostic | null {
  const range = diagnostic.file === file ? movedRange(diagnostic.range, change) : diagnostic.range;
  if (range === null) return null;
  const related = diagnostic.related.flatMap((each) => {
    const place = each.file === file ? movedRange(each.range, change) : each.range;
    return place === null ? [] : [{ ...each, range: place }];
  });
  // Its fix may no longer fit.
  const { fix: _, ...rest } = diagnostic;
  return { ...rest, range, related };
}

function movedRange({ start, end }: Range, change: TextChange): Range | null {
  const place = moved(start.offset, end.offset, change);
  if (place === null) return null;
  return { start: { ...start, offset: place.start }, end: { ...end, offset: place.end } };
}

export function movedSentence(
  sentence: CompiledSentence,
  file: string,
  change: TextChange,
): CompiledSentence | null {
  if (sentence.file !== file) return sentence;
  const place = moved(sentence.start, sentence.end, change);
  return place === null ? null : { ...sentence, ...place };
}
