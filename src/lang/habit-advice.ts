import { type IToken, tokenMatcher } from 'chevrotain';
import type { SyntaxProblem } from './syntax-problem.js';
import {
  BareName,
  CoreRange,
  DateRangeToken,
  DateToken,
  Day,
  DaySet,
  Equals,
  Minus,
  NumberToken,
  Unit,
  word,
} from './tokens.js';

type Mismatch = Extract<SyntaxProblem, { kind: 'mismatch' }>;

/** How other languages, and people, begin the other branch of a condition. */
const OTHER_BRANCHES: ReadonlySet<string> = new Set(['else', 'elif', 'elsif', 'elseif']);

/** What is meant by a word that begins no sentence here, but does elsewhere; null when there is nothing to say. */
export const sentenceAdvice = (token: IToken): string | null =>
  OTHER_BRANCHES.has(token.image)
    ? 'The other branch of a `when` is `otherwise { … }` or `otherwise when CONDITION { … }`.'
    : null;

/** The rules that are under way where a condition could have ended. */
const CONDITION_RULES: readonly string[] = ['arm', 'parenthesised'];

/** Where a word or sign of another habit stands for one of the language; null when there is nothing to say. */
export function mismatchAdvice({ token, previous, expected, rules }: Mismatch, text: string): string | null {
  const wants = (keyword: 'every' | 'a') => expected.includes(word(keyword));
  if (token.tokenType === Minus && expected.includes(NumberToken)) return 'Numbers have no sign.';
  if (token.image === 'per' && wants('every')) return everyAdvice(token, text);
  if ((token.image === 'core' || token.image === 'cores') && wants('a')) return coreAdvice(token, text);
  const isInCondition = CONDITION_RULES.includes(rules.at(-1) ?? '');
  return isInCondition ? equalityAdvice(token, previous, text) : null;
}

/** A clock or a sign behind what could be a complete sentence; null when there is nothing to say. */
export function trailingAdvice(token: IToken, previous: IToken | null, text: string): string | null {
  if (token.tokenType === CoreRange) return hoursAdvice(token, previous);
  const isInCondition = previous !== null && CONDITION_BEFORE.test(before(previous, text));
  return isInCondition ? equalityAdvice(token, previous, text) : null;
}

/** What stands before a name that is a part of the condition of a `let`. */
const CONDITION_BEFORE = /\b(?:let[ \t]+[\w-]+[ \t]*=|and|or|not)[\s(]*$/;

/** More than any quantity takes. */
const NEARBY = 48;
const before = (token: IToken, text: string): string =>
  text.slice(Math.max(0, token.startOffset - NEARBY), token.startOffset);

function everyAdvice(token: IToken, text: string): string {
  const behind = token.startOffset + token.image.length;
  const budget = /\d[\d.]*[ \t]*[a-z]+(?=[ \t]+$)/.exec(before(token, text))?.[0];
  const period = /^[ \t]+(\d[\d.]*[ \t]*[a-z]+)/.exec(text.slice(behind, behind + NEARBY))?.[1];
  if (budget === undefined || period === undefined) return 'Did you mean `every`?';
  return `Write \`${budget} every ${period}\`.`;
}

function coreAdvice(token: IToken, text: string): string {
  const number = /(\d[\d.]*)[ \t]*%[ \t]*of[ \t]+$/.exec(before(token, text))?.[1];
  return number === undefined ? 'Did you mean `a core`?' : `Write \`${number}% of a core\`.`;
}

const CALENDAR = [Day, DaySet, DateToken, DateRangeToken];

/** `weekdays 9-17`: only whole hours of a day are taken for clocks. */
function hoursAdvice(token: IToken, previous: IToken | null): string | null {
  if (previous === null || !CALENDAR.some((type) => tokenMatcher(previous, type))) return null;
  const hours = token.image.split('-');
  if (hours.some((hour) => Number(hour) > 24)) return null;
  const window = hours.map((hour) => `${String(Number(hour)).padStart(2, '0')}:00`).join('-');
  return `A clock has two digits for the hour and two for the minute: \`${window}\`.`;
}

/** `gaming == on`, `gaming is on`: behind a whole name, which a signal's last word is not. */
function equalityAdvice(token: IToken, previous: IToken | null, text: string): string | null {
  if (token.tokenType !== Equals && !['is', 'on', 'off'].includes(token.image)) return null;
  if (previous === null || text[previous.startOffset - 1] === '.') return null;
  if (!tokenMatcher(previous, BareName) || tokenMatcher(previous, Unit)) return null;
  const name = previous.image;
  return `A switch or a condition stands alone, without a comparison: \`${name}\` or \`not ${name}\`.`;
}
