import { createToken, Lexer, type TokenType } from 'chevrotain';
import { unitWords } from './units.js';
import {
  BUDGET_PERIODS,
  MATCH_ATTRIBUTES,
  MECHANISMS,
  RESERVED_WORDS,
  type ReservedWord,
  SIGNAL_TYPE_WORDS,
  SOFT_WORDS,
  type SoftWord,
  STARTERS,
  WEEKDAYS,
} from './words.js';

/**
 * Token types in the form in which Chevrotain's `createToken` returns them, but without what that adds to each one, which
 * grows with the square of their number: below it is added to all at once.
 */
function define(name: string, pattern: string | RegExp = Lexer.NA, categories: TokenType[] = []): TokenType {
  const type: TokenType = { name, PATTERN: pattern, CATEGORIES: categories };
  defined.push(type);
  return type;
}

const defined: TokenType[] = [];

/** The ASCII characters with which the matches of a pattern begin. */
function startingWith(characters: string, type: TokenType): TokenType {
  type.START_CHARS_HINT = [...characters];
  return type;
}

const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function skipped(type: TokenType): TokenType {
  type.GROUP = Lexer.SKIPPED;
  return type;
}

/** Every word that may be a name: identifiers and the soft words. */
export const BareName = define('BareName');
/** A word that begins a sentence, a declaration or a test. */
export const Starter = define('Starter');
/** A unit of one word. Units may be names too. */
export const Unit = define('Unit');
/** What `by` and `mechanisms` take. */
export const Mechanism = define('Mechanism');
/** What a `match` compares. */
export const MatchAttribute = define('MatchAttribute');
/** `day`, `week`, `month`. */
export const BudgetPeriod = define('BudgetPeriod');
/** What a declared signal may be. */
export const SignalType = define('SignalType');
/** `mon` … `sun`, `mon-fri`. */
export const Day = define('Day');
/** `daily`, `weekdays`, `weekends`: they stand alone in a list of days. */
export const DaySet = define('DaySet');
/** `<`, `<=`, `>`, `>=`. */
export const Comparator = define('Comparator');

/** What no text holds: asked for where a line ends too early. */
export const RestOfLine = define('RestOfLine');

export const WhiteSpace = skipped(startingWith(' \t\r\n', define('WhiteSpace', /[ \t\r\n]+/)));
export const Comment = skipped(startingWith('#', define('Comment', /#[^\n]*/)));
export const Text = startingWith('"', define('Text', /"(?:[^"\\\n\r]|\\["\\])*"/));
/** A string that does not end on its line, has an escape that does not exist, or stands in quotes of another language. */
export const BrokenText = startingWith(
  `"'`,
  define(
    'BrokenText',
    /"(?:[^"\\\n\r]|\\[^\n\r])*(?:"|\\)?|'[^'"\n\r]*'|[\u201c-\u201e\u00ab][^"\n\r\u201c-\u201e\u00ab\u00bb]*[\u201c\u201d\u00bb]/,
  ),
);

// Clocks and dates are read leniently here; the tree says which digits are missing.
export const DateRangeToken = startingWith(
  DIGITS,
  define('DateRange', /\d{4}-\d{1,2}-\d{1,2}\.\.\d{4}-\d{1,2}-\d{1,2}/),
);
export const DateToken = startingWith(DIGITS, define('Date', /\d{4}-\d{1,2}-\d{1,2}/));
export const ClockWindowToken = startingWith(
  DIGITS,
  define('ClockWindow', /\d{1,2}:\d{1,2}-\d{1,2}:\d{1,2}/),
);
export const Clock = startingWith(DIGITS, define('Clock', /\d{1,2}:\d{1,2}/));
export const CoreRange = startingWith(DIGITS, define('CoreRange', /\d+-\d+/));
export const NumberToken = startingWith(DIGITS, define('Number', /\d+(?:\.\d+)?/));

/** Rates hold a slash, so they are no words. */
export const RateUnit = startingWith('bBKMG', define('RateUnit', /(?:[KMG]?bit|[KMG]?B|[KMG]iB)\/s/, [Unit]));
export const Identifier = startingWith(LETTERS, define('Identifier', /[A-Za-z][A-Za-z0-9_-]*/, [BareName]));

export const LCurly = define('LCurly', '{');
export const RCurly = define('RCurly', '}');
export const LParen = define('LParen', '(');
export const RParen = define('RParen', ')');
export const Comma = define('Comma', ',');
export const Equals = define('Equals', '=');
export const Percent = define('Percent', '%', [SignalType]);
export const Dot = define('Dot', '.');
export const Minus = define('Minus', '-');
export const LessOrEqual = define('LessOrEqual', '<=', [Comparator]);
export const GreaterOrEqual = define('GreaterOrEqual', '>=', [Comparator]);
export const Less = define('Less', '<', [Comparator]);
export const Greater = define('Greater', '>', [Comparator]);

/** The categories of each word that has one, besides `BareName`. */
const CATEGORIES: readonly (readonly [TokenType, readonly (ReservedWord | SoftWord)[]])[] = [
  [Starter, STARTERS],
  [Day, WEEKDAYS],
  [DaySet, ['daily', 'weekdays', 'weekends']],
  [Mechanism, MECHANISMS],
  [MatchAttribute, MATCH_ATTRIBUTES],
  [BudgetPeriod, BUDGET_PERIODS],
  [SignalType, SIGNAL_TYPE_WORDS],
  [Unit, ['core', 'cores', 'C']],
];

const categoriesOf = (word: ReservedWord | SoftWord): TokenType[] =>
  CATEGORIES.filter(([, words]) => words.includes(word)).map(([category]) => category);

/**
 * Words are lexed as one pattern and classified by a table afterwards: a lexer with a pattern for each of the
 * hundred words takes several times as long to build, and `core` could hide `core-hours`.
 */
const wordTokens = new Map<string, TokenType>();

for (const word of RESERVED_WORDS) wordTokens.set(word, define(`'${word}'`, Lexer.NA, categoriesOf(word)));
for (const word of SOFT_WORDS) {
  wordTokens.set(word, define(`'${word}'`, Lexer.NA, [BareName, ...categoriesOf(word)]));
}
/** Units that are no keyword of their own. */
export const UnitWord = define('UnitWord', Lexer.NA, [BareName, Unit]);
for (const word of unitWords()) {
  if (!wordTokens.has(word) && !word.includes('/')) wordTokens.set(word, UnitWord);
}

export const DayRange = define('DayRange', Lexer.NA, [Day]);

// A type that no text holds, in every category: creating it makes all the types above complete.
createToken({ name: 'Everything', pattern: Lexer.NA, categories: defined });

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
export const VOCABULARY: readonly TokenType[] = defined;
