import { type Lexed, lex } from './lexer.js';
import { chunksOf, lexChunks, type TextChunk, type TextChunks } from './text-chunks.js';

/** A text in chunks; `lexed` where all of it had to be looked at. */
export interface CutText {
  readonly chunks: readonly TextChunk[];
  readonly lexed: Lexed | null;
}

/** Keeps a text in chunks while it changes: only around the change it is cut anew. */
export class ChunkedText {
  #text = '';
  #cut: TextChunks = { chunks: [], isBalanced: false };

  update(text: string): CutText {
    const chunks = this.#recut(text);
    const lexed = chunks === null ? lex(text) : null;
    this.#cut = lexed === null ? { chunks: chunks ?? [], isBalanced: true } : chunksOf(text, lexed.tokens);
    this.#text = text;
    return { chunks: this.#cut.chunks, lexed };
  }

  /** Null where brackets are open: what is in them depends on all of the text. */
  #recut(text: string): readonly TextChunk[] | null {
    const { chunks: old, isBalanced } = this.#cut;
    if (!isBalanced) return null;
    const [start, tail] = unchanged(this.#text, text);
    // Where a chunk ends shows in the next one: so one of those that did not change is cut anew on either side.
    const head = Math.max(0, countWhile(old, ({ end }) => end <= start) - 1);
    const changedEnd = this.#text.length - tail;
    const behind = countWhile(old, (chunk) => chunk.start < changedEnd) + 1;
    const by = text.length - this.#text.length;
    const from = old[head]?.start ?? 0;
    const to = old[behind] === undefined ? text.length : old[behind].start + by;
    if (to < from) return null;
    const middle = { start: from, end: to, starter: '' };
    const { tokens } = lexChunks(text, [middle]);
    const cut = chunksOf(text, tokens);
    if (!cut.isBalanced) return null;
    const fresh = cut.chunks.map((chunk, index) => ({
      ...chunk,
      start: index === 0 ? from : chunk.start,
      end: Math.min(chunk.end, to),
    }));
    return [...old.slice(0, head), ...fresh, ...old.slice(behind).map((chunk) => movedBy(chunk, by))];
  }
}

const movedBy = (chunk: TextChunk, by: number): TextChunk =>
  by === 0 ? chunk : { ...chunk, start: chunk.start + by, end: chunk.end + by };

/** How much at the start and at the end of two texts is the same. */
function unchanged(before: string, after: string): readonly [start: number, tail: number] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  const most = shorter - start;
  while (
    tail < most &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail++;
  }
  return [start, tail];
}

function countWhile<T>(items: readonly T[], holds: (item: T) => boolean): number {
  const first = items.findIndex((item) => !holds(item));
  return first === -1 ? items.length : first;
}
