import { createToken, Lexer, type TokenType } from 'chevrotain';
import { unitWords } from './units.js';
import {
  MATCH_ATTRIBUTES,
  MECHANISMS,
  RESERVED_WORDS,
  type ReservedWord,
  SOFT_WORDS,
  type SoftWord,
  STARTERS,
  UNSUPPORTED_STARTERS,
  WEEKDAYS,
} from './words.js';

/** Every word that may be a name: identifiers and the soft words. */
export const BareName = createToken({ name: 'BareName', pattern: Lexer.NA });
/** A word that begins a sentence, a declaration or a test. */
export const Starter = createToken({ name: 'Starter', pattern: Lexer.NA });
/** A unit of one word. Units may be names too. */
export const Unit = createToken({ name: 'Unit', pattern: Lexer.NA });
/** `<`, `<=`, `>`, `>=`. */
export const Comparator = createToken({ name: 'Comparator', pattern: Lexer.NA });
/** `mon` … `sun`, `mon-fri`. */
export const Day = createToken({ name: 'Day', pattern: Lexer.NA });

/** A statement or block that this version of the language knows of, but cannot compile yet. */
export const UnsupportedStarter = createToken({ name: 'UnsupportedStarter', pattern: Lexer.NA });
/** What `by` and `mechanisms` take. */
export const Mechanism = createToken({ name: 'Mechanism', pattern: Lexer.NA });
/** What a `match` compares. */
export const MatchAttribute = createToken({ name: 'MatchAttribute', pattern: Lexer.NA });
/** `daily`, `weekdays`, `weekends`: they stand alone in a list of days. */
export const DaySet = createToken({ name: 'DaySet', pattern: Lexer.NA });

export const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /[ \t\r\n]+/y,
  group: Lexer.SKIPPED,
  line_breaks: true,
  start_chars_hint: [' ', '\t', '\r', '\n'],
});
export const Comment = createToken({
  name: 'Comment',
  pattern: /#[^\n]*/y,
  group: Lexer.SKIPPED,
  start_chars_hint: ['#'],
});
export const Text = createToken({
  name: 'Text',
  pattern: /"(?:[^"\\\n\r]|\\["\\])*"/y,
  start_chars_hint: ['"'],
});
/** A string that does not end on its line or has an escape that does not exist. */
export const BrokenText = createToken({
  name: 'BrokenText',
  pattern: /"(?:[^"\\\n\r]|\\[^\n\r])*(?:"|\\)?/y,
  start_chars_hint: ['"'],
});

const DIGITS = [...'0123456789'];
const numeric = (name: string, pattern: RegExp) => createToken({ name, pattern, start_chars_hint: DIGITS });
// Clocks and dates are read leniently here; the tree says which digits are missing.
export const DateRangeToken = numeric('DateRange', /\d{4}-\d{1,2}-\d{1,2}\.\.\d{4}-\d{1,2}-\d{1,2}/y);
export const DateToken = numeric('Date', /\d{4}-\d{1,2}-\d{1,2}/y);
export const ClockWindowToken = numeric('ClockWindow', /\d{1,2}:\d{1,2}-\d{1,2}:\d{1,2}/y);
export const Clock = numeric('Clock', /\d{1,2}:\d{1,2}/y);
export const CoreRange = numeric('CoreRange', /\d+-\d+/y);
export const NumberToken = numeric('Number', /\d+(?:\.\d+)?/y);

/** Rates hold a slash, so they are no words. */
export const RateUnit = createToken({
  name: 'RateUnit',
  pattern: /(?:[KMG]?bit|[KMG]?B|[KMG]iB)\/s/y,
  categories: [Unit],
  start_chars_hint: ['K', 'M', 'G', 'b', 'B'],
});
export const Identifier = createToken({
  name: 'Identifier',
  pattern: /[A-Za-z][A-Za-z0-9_-]*/y,
  categories: [BareName],
  start_chars_hint: [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'],
});

const sign = (name: string, pattern: string, categories: TokenType[] = []) =>
  createToken({ name, pattern, categories });
export const LCurly = sign('LCurly', '{');
export const RCurly = sign('RCurly', '}');
export const LParen = sign('LParen', '(');
export const RParen = sign('RParen', ')');
export const Comma = sign('Comma', ',');
export const Equals = sign('Equals', '=');
export const Percent = sign('Percent', '%');
export const Dot = sign('Dot', '.');
export const Minus = sign('Minus', '-');
export const LessOrEqual = sign('LessOrEqual', '<=', [Comparator]);
export const GreaterOrEqual = sign('GreaterOrEqual', '>=', [Comparator]);
export const Less = sign('Less', '<', [Comparator]);
export const Greater = sign('Greater', '>', [Comparator]);

/** The categories of each word that has one, besides `BareName`. */
const CATEGORIES: readonly (readonly [TokenType, readonly (ReservedWord | SoftWord)[]])[] = [
  [Starter, STARTERS],
  [UnsupportedStarter, UNSUPPORTED_STARTERS],
  [Day, WEEKDAYS],
  [DaySet, ['daily', 'weekdays', 'weekends']],
  [Mechanism, MECHANISMS],
  [MatchAttribute, MATCH_ATTRIBUTES],
  [Unit, ['core', 'cores']],
];

const categoriesOf = (word: ReservedWord | SoftWord): TokenType[] =>
  CATEGORIES.filter(([, words]) => words.includes(word)).map(([category]) => category);

/**
 * Words are lexed as one pattern and classified by a table afterwards: a lexer with a pattern for each of the
 * hundred words takes several times as long to build, and `core` could hide `core-hours`.
 */
const wordTokens = new Map<string, TokenType>();

function defineWord(word: string, categories: TokenType[]): void {
  wordTokens.set(
    word,
    createToken({ name: `'${word}'`, pattern: Lexer.NA, categories, label: `\`${word}\`` }),
  );
}

for (const word of RESERVED_WORDS) defineWord(word, categoriesOf(word));
for (const word of SOFT_WORDS) defineWord(word, [BareName, ...categoriesOf(word)]);
/** Units that are no keyword of their own. */
export const UnitWord = createToken({ name: 'UnitWord', pattern: Lexer.NA, categories: [BareName, Unit] });
for (const word of unitWords())
  if (!wordTokens.has(word) && !word.includes('/')) wordTokens.set(word, UnitWord);

export const DayRange = createToken({ name: 'DayRange', pattern: Lexer.NA, categories: [Day] });

/** The token type of a reserved or soft word. */
export function word(text: ReservedWord | SoftWord): TokenType {
  // INVARIANT: every word of both lists was defined above.
  return wordTokens.get(text)!;
}

/** The token type of a word as it was lexed: keyword, unit or plain identifier. */
export const classifyWord = (text: string): TokenType => wordTokens.get(text) ?? Identifier;

/** What the lexer tries, in this order: the longer forms of a thing before the shorter. */
export const LEXED_TOKENS: readonly TokenType[] = [
  WhiteSpace,
  Comment,
  Text,
  BrokenText,
  DateRangeToken,
  DateToken,
  ClockWindowToken,
  Clock,
  CoreRange,
  NumberToken,
  RateUnit,
  Identifier,
  LCurly,
  RCurly,
  LParen,
  RParen,
  Comma,
  Equals,
  Percent,
  Dot,
  Minus,
  LessOrEqual,
  GreaterOrEqual,
  Less,
  Greater,
];

/** Everything the parser may meet. */
export const VOCABULARY: readonly TokenType[] = [
  ...LEXED_TOKENS,
  ...new Set(wordTokens.values()),
  BareName,
  Starter,
  UnsupportedStarter,
  Mechanism,
  MatchAttribute,
  DaySet,
  Unit,
  Comparator,
  Day,
  DayRange,
];
