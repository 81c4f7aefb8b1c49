import {
  Clock,
  ClockWindowToken,
  CoreRange,
  DateRangeToken,
  DateToken,
  NumberToken,
  RateUnit,
} from '../../src/lang/tokens.js';
import { unitWords } from '../../src/lang/units.js';
import {
  DECLARATION_STARTERS,
  MATCH_ATTRIBUTES,
  MECHANISMS,
  RESERVED_WORDS,
  SOFT_WORDS,
  STARTERS,
  WEEKDAYS,
} from '../../src/lang/words.js';
import { SIGNAL_HEADS } from '../../src/lsp/words/signal-heads.js';

interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
  readonly beginCaptures?: Readonly<Record<string, { readonly name: string }>>;
  readonly endCaptures?: Readonly<Record<string, { readonly name: string }>>;
  readonly patterns?: readonly { readonly include: string }[] | readonly Rule[];
}

/** A word by itself: names may hold `-`, so `\b` does not tell where one ends. */
const alone = (pattern: string): string => `(?<![A-Za-z0-9_-])(?:${pattern})(?![A-Za-z0-9_-])`;
const oneOf = (words: readonly string[]): string =>
  // The longest first, for `core` begins `core-hours`.
  [...words]
    .sort((a, b) => b.length - a.length || a.localeCompare(b))
    .map(escaped)
    .join('|');
const escaped = (word: string): string => word.replace(/[/.*+?^${}()|[\]\\]/g, '\\$&');

const sourceOf = ({ PATTERN }: { PATTERN?: unknown }): string =>
  PATTERN instanceof RegExp ? PATTERN.source : '';

const NAME = String.raw`[A-Za-z][A-Za-z0-9_-]*|"(?:[^"\\\n\r]|\\["\\])*"`;
const BUILT_IN = ['guests', 'others', 'owner', 'user'];
const OPERATORS = ['and', 'or', 'not', 'except', 'assuming'];
const CONSTANTS = ['true', 'false'];
const DAY_SETS = ['daily', 'weekdays', 'weekends'];

/** The reserved words that nothing below colours in its own way. */
const otherKeywords = RESERVED_WORDS.filter(
  (word) => ![...STARTERS, ...BUILT_IN, ...OPERATORS, ...CONSTANTS, ...DAY_SETS, ...WEEKDAYS].includes(word),
);
const units = unitWords().filter((unit) => !unit.includes('/'));
/** Soft words are coloured wherever they stand, for only a parser knows where they are names; but for the shortest. */
const softKeywords = SOFT_WORDS.filter(
  (word) =>
    word !== 'a' &&
    !units.includes(word) &&
    !(MECHANISMS as readonly string[]).includes(word) &&
    !(MATCH_ATTRIBUTES as readonly string[]).includes(word),
);

const rule = (name: string, match: string): Rule => ({ name: `${name}.vmc`, match });

const REPOSITORY: Readonly<Record<string, Rule>> = {
  comment: rule('comment.line.number-sign', '#.*$'),
  string: {
    name: 'string.quoted.double.vmc',
    begin: '"',
    end: '"|$',
    patterns: [
      rule('constant.character.escape', String.raw`\\["\\]`),
      rule('invalid.illegal.escape', String.raw`\\.?`),
    ],
  },
  declaration: {
    match: `(?<![A-Za-z0-9_-])(vm|group|let|switch|signal|task)\\s+(${NAME})`,
    captures: { 1: { name: 'keyword.declaration.vmc' }, 2: { name: 'entity.name.type.vmc' } },
  },
  matchTest: {
    match: `${alone(`(match|and)\\s+(${oneOf(MATCH_ATTRIBUTES)})`)}(?=\\s+["A-Za-z])`,
    captures: { 1: { name: 'keyword.control.vmc' }, 2: { name: 'variable.parameter.vmc' } },
  },
  signal: {
    match: `(?<![A-Za-z0-9_-])(${[...SIGNAL_HEADS].join('|')})((?:\\.[A-Za-z][A-Za-z0-9_-]*)+)`,
    captures: { 1: { name: 'support.class.vmc' }, 2: { name: 'variable.other.property.vmc' } },
  },
  mechanism: {
    match: `${alone(`(by)\\s+(${oneOf(MECHANISMS)})`)}`,
    captures: { 1: { name: 'keyword.other.vmc' }, 2: { name: 'support.constant.mechanism.vmc' } },
  },
  calendar: rule(
    'constant.other.calendar',
    [DateRangeToken, DateToken, ClockWindowToken, Clock].map(sourceOf).join('|'),
  ),
  quantity: {
    match: `(?<![A-Za-z0-9_-])(${sourceOf(NumberToken)})\\s*(%(?:\\s+of\\s+(?:cpu|memory|a\\s+core))?|${sourceOf(RateUnit)}|(?:${oneOf(units)})(?![A-Za-z0-9_-]))`,
    captures: { 1: { name: 'constant.numeric.vmc' }, 2: { name: 'keyword.other.unit.vmc' } },
  },
  number: rule('constant.numeric', alone(`${sourceOf(CoreRange)}|${sourceOf(NumberToken)}`)),
  declarationKeyword: rule('keyword.declaration', alone(oneOf(DECLARATION_STARTERS))),
  sentenceKeyword: rule(
    'keyword.control',
    alone(oneOf(STARTERS.filter((word) => !(DECLARATION_STARTERS as readonly string[]).includes(word)))),
  ),
  operator: rule('keyword.operator.word', alone(oneOf(OPERATORS))),
  comparator: rule('keyword.operator.comparison', '<=|>=|<|>|='),
  constant: rule('constant.language', alone(oneOf(CONSTANTS))),
  day: rule(
    'constant.language.calendar',
    alone(`${oneOf(DAY_SETS)}|(?:${oneOf(WEEKDAYS)})(?:-(?:${oneOf(WEEKDAYS)}))?`),
  ),
  builtIn: rule('support.class', alone(oneOf(BUILT_IN))),
  keyword: rule('keyword.other', alone(oneOf([...otherKeywords, ...softKeywords]))),
  bracket: rule('punctuation.section', '[{}()]'),
};

/** The grammar that VS Code (and whatever else reads TextMate's) colours policies by, from the words of the language. */
export function textmateGrammar(): object {
  return {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    name: 'vmc policy',
    scopeName: 'source.vmc',
    patterns: Object.keys(REPOSITORY).map((name) => ({ include: `#${name}` })),
    repository: REPOSITORY,
  };
}
