import { ChunkedText } from './chunked-text.js';
import { type Lexed, lex } from './lexer.js';
import { NOTHING, parseTokens } from './parse.js';
import { MAX_PROBLEMS } from './recovering-parser.js';
import { Reporter } from './reporter.js';
import type { Source } from './source.js';
import { type MovableSpan, spansIn } from './spans-in.js';
import { lexChunks, type TextChunk } from './text-chunks.js';
import { checkNesting, checkText } from './text-limits.js';
import type { Policy, Statement } from './tree.js';

/** What a chunk without any mistake was read as. */
interface ReadChunk {
  readonly statements: readonly Statement[];
  /** Every span in them, each once. */
  readonly spans: readonly MovableSpan[];
  /** Where the chunk began when its spans were right. */
  start: number;
}

/** A chunk as it stands in the text, and as it was read when it last stood in it. */
interface Placed extends TextChunk {
  readonly known: ReadChunk | null;
}

/**
 * Parses the states of one text one after the other, as an editor has them: what stood there before without a mistake is
 * not read again. It gives what `parseInto` gives; where the end of a sentence depends on what follows it reads all.
 * A tree is good until the next one is made: its nodes are used again, with their spans moved.
 */
export class IncrementalParser {
  readonly #text = new ChunkedText();
  /** By their texts: the same text may stand at several places. */
  #known = new Map<string, ReadChunk[]>();

  /** As `parseInto`. */
  parseInto(reporter: Reporter): Policy {
    if (!checkText(reporter)) return NOTHING;
    const { text } = reporter.source;
    const { chunks: cut, lexed } = this.#text.update(text);
    const chunks = this.#place(text, cut);
    const included = includedOf(chunks);
    const part = included.includes(false) ? readPart(chunks, included, reporter.source) : null;
    if (part === null) return this.#readAll(lexed ?? lex(text), chunks, reporter);
    reporter.take(part.reporter);
    return this.#merge(text, chunks, part, part.policy);
  }

  #readAll(lexed: Lexed, chunks: readonly Placed[], reporter: Reporter): Policy {
    if (!checkNesting(lexed.tokens, reporter)) return NOTHING;
    const policy = parseTokens(lexed, lexed.tokens, reporter);
    return this.#merge(reporter.source.text, chunks, readingOf(chunks, policy, reporter), policy);
  }

  #place(text: string, chunks: readonly TextChunk[]): readonly Placed[] {
    const known = hasLateImport(chunks) ? new Map<string, ReadChunk[]>() : this.#known;
    return chunks.map((chunk) => ({
      ...chunk,
      known: known.get(text.slice(chunk.start, chunk.end))?.pop() ?? null,
    }));
  }

  /** The whole tree out of what was read now and what is known; remembers both for the next time. */
  #merge(text: string, chunks: readonly Placed[], reading: Reading, { lostNames }: Policy): Policy {
    this.#known = new Map();
    const statements = chunks.flatMap((chunk, index) => {
      const fresh = reading.statements[index] ?? null;
      const known =
        fresh === null ? moved(chunk) : isSound(chunks, reading, index) ? asRead(chunk, fresh) : null;
      if (known !== null) this.#remember(text.slice(chunk.start, chunk.end), known);
      return fresh ?? known?.statements ?? [];
    });
    return { kind: 'policy', statements, lostNames };
  }

  #remember(text: string, chunk: ReadChunk): void {
    const known = this.#known.get(text);
    if (known === undefined) this.#known.set(text, [chunk]);
    else known.push(chunk);
  }
}

/** Which chunks have to be read: those that are not known, with a neighbour on each side to see where they end. */
function includedOf(chunks: readonly Placed[]): readonly boolean[] {
  const isNew = (index: number): boolean => chunks[index]?.known === null;
  return chunks.map((_, index) => isNew(index - 1) || isNew(index) || isNew(index + 1));
}

/** Chunks of a text as they were read now. */
interface Reading {
  /** For each chunk the sentences that begin in it; null for one that was not read. */
  readonly statements: readonly (readonly Statement[] | null)[];
  /** For each chunk where its mistakes begin. */
  readonly mistakes: readonly (readonly number[])[];
}

interface PartialReading extends Reading {
  readonly policy: Policy;
  readonly reporter: Reporter;
}

/** Reads the included chunks alone; null where what is around them may make a difference. */
function readPart(
  chunks: readonly Placed[],
  included: readonly boolean[],
  source: Source,
): PartialReading | null {
  const reporter = new Reporter(source);
  const lexed = lexChunks(
    source.text,
    chunks.filter((_, index) => included[index]),
  );
  if (!checkNesting(lexed.tokens, reporter)) return null;
  const policy = parseTokens(lexed, lexed.tokens, reporter);
  if (reporter.diagnostics.length >= MAX_PROBLEMS) return null;
  const reading = readingOf(chunks, policy, reporter);
  const isAsKnown = chunks.every(
    ({ known }, index) => known === null || !included[index] || isWhole(chunks, reading, index),
  );
  if (!isAsKnown) return null;
  const statements = reading.statements.map((own, index) => (included[index] ? own : null));
  return { ...reading, statements, policy, reporter };
}

function readingOf(chunks: readonly Placed[], policy: Policy, reporter: Reporter): Reading {
  const statements = distribute(chunks, policy.statements, ({ span }) => span.start);
  const offsets = reporter.diagnostics.map(({ range }) => range.start.offset).sort((a, b) => a - b);
  return { statements, mistakes: distribute(chunks, offsets, (offset) => offset) };
}

/** Each item to the chunk that it begins in; items are in the order of the text. */
function distribute<T>(
  chunks: readonly Placed[],
  items: readonly T[],
  startOf: (item: T) => number,
): readonly (readonly T[])[] {
  let at = 0;
  return chunks.map(({ end }, index) => {
    const own: T[] = [];
    const isLast = index === chunks.length - 1;
    for (let item = items[at]; item !== undefined && (isLast || startOf(item) < end); item = items[++at]) {
      own.push(item);
    }
    return own;
  });
}

/**
 * Whether a chunk was read as sentences of the file itself, from its start to its end. A mistake at its very start is one
 * of what is in front of it.
 */
function isWhole(chunks: readonly Placed[], { statements, mistakes }: Reading, index: number): boolean {
  const chunk = chunks[index];
  const own = statements[index];
  if (chunk === undefined || !own) return false;
  const begins = chunk.starter === '' || own[0]?.span.start === firstOffset(chunk, own);
  return (
    begins &&
    (own.at(-1)?.span.end ?? 0) <= chunk.end &&
    (mistakes[index] ?? []).every((at) => at === chunk.start)
  );
}

/** The first chunk may have blanks and comments in front of its sentence. */
const firstOffset = ({ start }: Placed, own: readonly Statement[]): number =>
  start === 0 ? (own[0]?.span.start ?? 0) : start;

/** Whether it will be read so again, whatever stands around it. */
function isSound(chunks: readonly Placed[], reading: Reading, index: number): boolean {
  if (!isWhole(chunks, reading, index) || (reading.mistakes[index]?.length ?? 0) > 0) return false;
  const next = chunks[index + 1];
  if (next === undefined || reading.statements[index + 1] === null) return true;
  // Else its last sentence may be a part of one that goes on there.
  return (
    reading.statements[index + 1]?.[0]?.span.start === next.start &&
    !reading.mistakes[index + 1]?.includes(next.start)
  );
}

const asRead = ({ start }: Placed, statements: readonly Statement[]): ReadChunk => ({
  statements,
  spans: spansIn(statements),
  start,
});

/** What is known of a chunk, with its spans where it is now. */
function moved({ known, start }: Placed): ReadChunk | null {
  if (known === null) return null;
  const by = start - known.start;
  if (by !== 0) {
    for (const span of known.spans) {
      span.start += by;
      span.end += by;
    }
    known.start = start;
  }
  return known;
}

/** Imports stand first in a file; which one does not is seen in the whole file only. */
function hasLateImport(chunks: readonly TextChunk[]): boolean {
  const firstOther = chunks.findIndex(({ starter }) => starter !== 'import');
  return firstOther !== -1 && chunks.slice(firstOther).some(({ starter }) => starter === 'import');
}
