import { commentsIn } from '../document/comments.js';
import { declarationsOf, type Project } from '../document/declarations.js';
import { unquoted } from '../document/names.js';
import type { PolicyText } from '../document/policy-text.js';
import type { DeclaredKind, Terminal, WordRole } from '../forms/form.js';

/** Types that every editor has colours for. */
export const TOKEN_TYPES = [
  'comment',
  'keyword',
  'operator',
  'string',
  'number',
  'class',
  'interface',
  'struct',
  'variable',
  'property',
  'enumMember',
  'function',
  'parameter',
  'type',
  'macro',
] as const;
export const TOKEN_MODIFIERS = ['declaration', 'defaultLibrary'] as const;

type TokenType = (typeof TOKEN_TYPES)[number];

interface ColouredToken {
  readonly start: number;
  readonly length: number;
  readonly type: TokenType;
  /** Bits, in the order of {@link TOKEN_MODIFIERS}. */
  readonly modifiers: number;
}

const DECLARATION = 1;
const BUILT_IN = 2;

const NAME_TYPES: Readonly<Record<DeclaredKind, TokenType>> = {
  class: 'class',
  union: 'interface',
  offer: 'struct',
  condition: 'variable',
  switch: 'variable',
  signal: 'property',
  task: 'function',
};

const WORD_TYPES: Readonly<Record<WordRole, TokenType | null>> = {
  keyword: 'keyword',
  property: 'property',
  operator: 'operator',
  subject: 'class',
  mechanism: 'enumMember',
  attribute: 'parameter',
  unit: 'type',
  type: 'type',
  constant: 'keyword',
  signal: 'macro',
  punctuation: null,
};

/** The tokens of a text in the protocol's form: five numbers each, relative to the token in front. */
export function semanticTokensOf(text: PolicyText, project: Project): number[] {
  const data: number[] = [];
  let [line, character] = [0, 0];
  for (const { start, length, type, modifiers } of coloured(text, project)) {
    const at = text.range({ start, end: start }).start;
    const isSameLine = at.line === line;
    data.push(
      at.line - line,
      isSameLine ? at.character - character : at.character,
      length,
      TOKEN_TYPES.indexOf(type),
      modifiers,
    );
    [line, character] = [at.line, at.character];
  }
  return data;
}

function coloured(text: PolicyText, project: Project): readonly ColouredToken[] {
  const kinds = new Map(declarationsOf(project).map(({ use }) => [use.text, use.declares]));
  const tokens = text.reading.tokens.flatMap((token, index) => {
    const terminal = text.reading.terminals[index];
    if (!terminal) return [];
    const [type, modifiers] = colourOf(terminal, kinds.get(unquoted(token)));
    if (type === null) return [];
    return [{ start: token.startOffset, length: token.image.length, type, modifiers }];
  });
  const comments = commentsIn(text.text).map(({ start, end }) => ({
    start,
    length: end - start,
    type: 'comment' as const,
    modifiers: 0,
  }));
  return [...tokens, ...comments].sort((a, b) => a.start - b.start);
}

function colourOf(
  terminal: Terminal,
  refersTo: DeclaredKind | undefined,
): readonly [type: TokenType | null, modifiers: number] {
  switch (terminal.kind) {
    case 'word':
      return [WORD_TYPES[terminal.role], terminal.role === 'subject' ? BUILT_IN : 0];
    case 'declaration':
      return [NAME_TYPES[terminal.declares], DECLARATION];
    case 'reference':
      return [refersTo === undefined ? 'variable' : NAME_TYPES[refersTo], 0];
    case 'segment':
      return ['property', BUILT_IN];
    case 'user':
    case 'text':
      return ['string', 0];
    case 'unit':
      return ['type', 0];
    case 'comparator':
      return ['operator', 0];
    case 'day':
    case 'day-set':
      return ['enumMember', BUILT_IN];
    default:
      return ['number', 0];
  }
}
