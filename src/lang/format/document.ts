import type { Comment } from './gap.js';

/**
 * What a sentence looks like at any width: texts, and places where a line may end. After Oppen (1980),
 * "Prettyprinting", and Wadler (2003), "A prettier printer": a group is laid out on one line where it fits,
 * else every `line` of its own ends a line; a fill ends one only where the next part does not fit.
 */
export type Document =
  | string
  | { readonly kind: 'sequence'; readonly parts: readonly Document[]; readonly broken: boolean }
  /** Lines that begin inside are indented by `by` more columns. */
  | { readonly kind: 'nest'; readonly by: number; readonly inner: Document; readonly broken: boolean }
  | { readonly kind: 'group'; readonly inner: Document; readonly broken: boolean }
  /** Parts with a separator between each two of them: `[part, separator, part, …]`. */
  | { readonly kind: 'fill'; readonly parts: readonly Document[]; readonly broken: boolean }
  /** The end of a line, or `flat` in its place. */
  | { readonly kind: 'line'; readonly flat: string }
  /** Comments, and the end of the line behind them. */
  | { readonly kind: 'comments'; readonly comments: readonly Comment[] };

/** A comment in a document ends a line, so all groups around it are laid out on several. */
export function isBroken(document: Document): boolean {
  if (typeof document === 'string' || document.kind === 'line') return false;
  return document.kind === 'comments' || document.broken;
}

export function sequence(parts: readonly Document[]): Document {
  const [only] = parts;
  return only !== undefined && parts.length === 1
    ? only
    : { kind: 'sequence', parts, broken: parts.some(isBroken) };
}

export const nest = (by: number, inner: Document): Document => ({
  kind: 'nest',
  by,
  inner,
  broken: isBroken(inner),
});

export const group = (inner: Document): Document => ({ kind: 'group', inner, broken: isBroken(inner) });

export const fill = (parts: readonly Document[]): Document => ({
  kind: 'fill',
  parts,
  broken: parts.some(isBroken),
});

/** A blank, or the end of a line. */
export const SPACE_OR_END: Document = { kind: 'line', flat: ' ' };
/** Nothing, or the end of a line. */
export const NOTHING_OR_END: Document = { kind: 'line', flat: '' };
