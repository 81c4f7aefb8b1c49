import type { IToken } from 'chevrotain';
import { catalogue } from '../catalogue.js';
import type { CatalogueDiagnostic } from '../catalogue-entry.js';
import { lex } from '../lexer.js';
import { parse } from '../parse.js';
import type { Source } from '../source.js';
import { LParen, RParen } from '../tokens.js';
import { joinLines } from './align-comments.js';
import { readGaps } from './gap.js';
import { layOut } from './layout.js';
import { lineStarts } from './line-starts.js';
import { outlineOf } from './outline.js';

/** Columns of a line, in UTF-16 units, where it can be broken and comments apart. */
const WIDTH = 100;

export interface FormatOptions {
  /** Columns; default 100. */
  readonly width?: number;
}

export interface Formatted {
  /** Null where the text has syntax errors. */
  readonly text: string | null;
  /** The syntax errors: empty where there is a text. */
  readonly diagnostics: readonly CatalogueDiagnostic[];
}

/**
 * The canonical layout of a policy: the same tokens and comments in the same order, between them the white
 * space of docs/formatting.md. Laying out the result again changes nothing. What the names mean does not
 * matter, nor do other files. Linear in the length of the text.
 */
export function format(source: Source, { width = WIDTH }: FormatOptions = {}): Formatted {
  const { tree, diagnostics } = parse(source);
  const errors = diagnostics.filter(keepsFromReading);
  if (errors.length > 0) return { text: null, diagnostics: errors };
  const { tokens } = lex(source.text);
  const gaps = readGaps(source.text, tokens);
  const text = { tokens, gaps, closing: closingParentheses(tokens) };
  const lines = layOut(text, outlineOf(tokens, lineStarts(tree)), width);
  return { text: joinLines(lines, width), diagnostics: [] };
}

/** Errors of reading that are about what a word means: the tree has it all the same. */
const MEANING: ReadonlySet<string> = new Set(
  [catalogue.wrongDimension, catalogue.notWhole, catalogue.ownerAsSubject].map(({ code }) => code),
);

const keepsFromReading = ({ severity, code }: CatalogueDiagnostic): boolean =>
  severity === 'error' && !MEANING.has(code);

/** Of each `(` the index of its `)`. */
function closingParentheses(tokens: readonly IToken[]): ReadonlyMap<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  for (const [i, { tokenType }] of tokens.entries()) {
    if (tokenType === LParen) open.push(i);
    const matching = tokenType === RParen ? open.pop() : undefined;
    if (matching !== undefined) closing.set(matching, i);
  }
  return closing;
}
