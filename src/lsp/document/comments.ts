import type { Span } from '../../lang/tree.js';

const STRING_OR_COMMENT = /"(?:[^"\\\n\r]|\\[^\n\r])*"?|#[^\n]*/g;

/** Where comments stand, each without its line end. */
export function commentsIn(text: string): readonly Span[] {
  const comments: Span[] = [];
  for (const { 0: piece, index } of text.matchAll(STRING_OR_COMMENT)) {
    const end = index + piece.length - (piece.endsWith('\r') ? 1 : 0);
    if (piece.startsWith('#')) comments.push({ start: index, end });
  }
  return comments;
}

export const commentAt = (text: string, offset: number): Span | null =>
  commentsIn(text).find(({ start, end }) => start < offset && offset <= end) ?? null;
