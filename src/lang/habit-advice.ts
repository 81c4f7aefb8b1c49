import { type IToken, tokenMatcher } from 'chevrotain';
import { endOf, spanOf } from './lexer.js';
import type { Mismatch, Stray } from './syntax-problem.js';
import type { Candidate } from './syntax-repair.js';
import {
  BareName,
  DateRangeToken,
  DateToken,
  Day,
  DaySet,
  Equals,
  LCurly,
  Minus,
  NumberToken,
  Percent,
  Starter,
  Unit,
  word,
} from './tokens.js';

/** What people write out of the habit of another language or of their own. */
export interface Habit {
  /** What is written here instead. */
  readonly advice: string;
  /** What may mend it. */
  readonly candidates: readonly Candidate[];
}

/** More than any quantity takes. */
const NEARBY = 48;
const before = (offset: number, text: string): string => text.slice(Math.max(0, offset - NEARBY), offset);
const behind = (offset: number, text: string): string => text.slice(offset, offset + NEARBY);

/** How other languages, and people, begin the other branch of a condition. */
const OTHER_BRANCH = /(?:else|elif|elsif|elseif)\b(?:[ \t]+(?:if|when)\b)?/y;

/** Words that begin sentences elsewhere, and those that are meant. */
const SYNONYMS: Readonly<Record<string, string>> = {
  if: 'when',
  unless: 'when not',
  cap: 'limit',
  restrict: 'limit',
  throttle: 'limit',
  suspend: 'pause',
  freeze: 'pause',
  kill: 'stop',
  terminate: 'stop',
  promise: 'guarantee',
  pin: 'place',
  include: 'import',
  define: 'let',
  var: 'let',
  const: 'let',
  condition: 'let',
  class: 'group',
  union: 'group',
  expect: 'assert',
};

/** What is meant by a word that begins no sentence here, but does elsewhere. */
export function sentenceHabit(token: IToken, text: string): Habit | null {
  OTHER_BRANCH.lastIndex = token.startOffset;
  const branch = OTHER_BRANCH.exec(text)?.[0];
  if (branch !== undefined) {
    const isChained = branch !== 'else';
    const end = token.startOffset + branch.length;
    return {
      advice: 'The other branch of a `when` is `otherwise { … }` or `otherwise when CONDITION { … }`.',
      candidates: [
        { span: { start: token.startOffset, end }, text: isChained ? 'otherwise when' : 'otherwise' },
      ],
    };
  }
  const meant = Object.hasOwn(SYNONYMS, token.image) ? SYNONYMS[token.image] : undefined;
  if (meant === undefined) return null;
  return { advice: `Did you mean \`${meant}\`?`, candidates: [{ span: spanOf(token), text: meant }] };
}

/** The rules that are under way where a condition could have ended. */
const CONDITION_RULES: readonly string[] = ['arm', 'parenthesised'];

/** Where a word or sign of another habit stands for one of the language. */
export function mismatchHabit(problem: Mismatch, text: string): Habit | null {
  const { token, previous, expected, rules, joined } = problem;
  if (expected.includes(LCurly) && joined !== null && previous !== null) {
    const habit = conditionBehindHabit(text, { start: joined.start, end: endOf(previous) });
    if (habit !== null) return habit;
  }
  const wants = (keyword: 'every' | 'a' | 'per') => expected.includes(word(keyword));
  if (token.tokenType === Minus && expected.includes(NumberToken)) return only('Numbers have no sign.');
  if (previous?.image === 'and' && tokenMatcher(token, Starter)) {
    return only('Sentences are not joined: leave `and` out.');
  }
  if (token.image === 'per' && wants('every')) return everyHabit(token, text);
  if ((token.image === 'core' || token.image === 'cores') && wants('a')) return coreHabit(token, text);
  if (wants('per')) return periodHabit(token, text);
  if (expected.includes(DaySet)) return bareHoursHabit(token, text);
  const isInCondition = CONDITION_RULES.includes(rules.at(-1) ?? '');
  return isInCondition ? (hoursHabit(token, previous, text) ?? equalityHabit(token, previous, text)) : null;
}

const only = (advice: string): Habit => ({ advice, candidates: [] });

/** `pause batch when busy`, `pause batch if busy`. */
const CONDITION_BEHIND = /^([^{}#\n]*?\S)[ \t]+(when|if|while|during|unless)[ \t]+([^{}#\n]*[^{}#\s])/;

function conditionBehindHabit(text: string, { start, end }: { start: number; end: number }): Habit | null {
  const match = CONDITION_BEHIND.exec(text.slice(start, end));
  if (match === null) return null;
  const [whole, sentence, keyword, condition] = match;
  const guard = keyword === 'unless' ? `when not (${condition})` : `when ${condition}`;
  return {
    advice: 'A condition stands in front of what it guards: `when CONDITION { … }`.',
    candidates: [{ span: { start, end: start + whole.length }, text: `${guard} { ${sentence} }` }],
  };
}

/** `guarantee build 100ms every 1s`. */
const AMOUNT_BEFORE = /\b(?:guarantee|limit)\s[^{}#\n]*\d[\d.]*[ \t]*[a-z]+[ \t]+$/;

/** `match user "alice", name "video"`. */
const TEST_BEHIND = /^,\s*(?:name|user|uuid|unit|cgroup|arg)\b/;

/** What stands behind what could be a complete sentence. */
export function trailingHabit({ token, previous, joined }: Stray, text: string): Habit | null {
  if (previous === null) return null;
  if (['if', 'while', 'during', 'unless'].includes(token.image) && joined !== null) {
    return conditionBehindHabit(text, { start: joined.start, end: Math.min(joined.end, text.length) });
  }
  if (token.image === 'every' && AMOUNT_BEFORE.test(before(token.startOffset, text))) {
    return only(
      'Here stands an amount, such as `50% of a core`; `reserve` and `run` take a time `every` period.',
    );
  }
  if (TEST_BEHIND.test(behind(token.startOffset, text))) {
    return {
      advice: 'What has to hold together is joined by `and`.',
      candidates: [{ span: spanOf(token), text: ' and' }],
    };
  }
  if (previous.tokenType === Percent) return fractionHabit(token);
  const hours = hoursHabit(token, previous, text);
  if (hours !== null) return hours;
  if (!CONDITION_BEFORE.test(before(previous.startOffset, text))) return null;
  return equalityHabit(token, previous, text);
}

/** What stands before a name that is a part of the condition of a `let`. */
const CONDITION_BEFORE = /\b(?:let[ \t]+[\w-]+[ \t]*=|and|or|not)[\s(]*$/;

function everyHabit(token: IToken, text: string): Habit {
  const candidates = [{ span: spanOf(token), text: 'every' }];
  const budget = /\d[\d.]*[ \t]*[a-z]+(?=[ \t]+$)/.exec(before(token.startOffset, text))?.[0];
  const period = /^[ \t]+(\d[\d.]*[ \t]*[a-z]+)/.exec(behind(endOf(token), text))?.[1];
  if (budget === undefined || period === undefined) return { advice: 'Did you mean `every`?', candidates };
  return { advice: `Write \`${budget} every ${period}\`.`, candidates };
}

function coreHabit(token: IToken, text: string): Habit {
  const number = /(\d[\d.]*)[ \t]*%[ \t]*of[ \t]+$/.exec(before(token.startOffset, text))?.[1];
  const advice = number === undefined ? 'Did you mean `a core`?' : `Write \`${number}% of a core\`.`;
  return { advice, candidates: [{ span: spanOf(token), text: 'a core' }] };
}

const PERIODS: Readonly<Record<string, string>> = {
  daily: 'per day',
  weekly: 'per week',
  monthly: 'per month',
};

/** `20 core-hours daily`, `20 core-hours a day`. */
function periodHabit(token: IToken, text: string): Habit | null {
  const article = /^(?:a|each|every)[ \t]+(day|week|month)\b/.exec(behind(token.startOffset, text));
  const meant = article === null ? PERIODS[token.image] : `per ${article[1]}`;
  if (meant === undefined) return null;
  const end = article === null ? endOf(token) : token.startOffset + article[0].length;
  const candidates = [{ span: { start: token.startOffset, end }, text: meant }];
  return { advice: `Write \`${meant}\`.`, candidates };
}

const PARTS: Readonly<Record<string, string>> = {
  cpu: 'of cpu',
  CPU: 'of cpu',
  memory: 'of memory',
  ram: 'of memory',
  RAM: 'of memory',
  core: 'of a core',
};

/** `25% cpu`. */
function fractionHabit(token: IToken): Habit | null {
  const meant = Object.hasOwn(PARTS, token.image) ? PARTS[token.image] : undefined;
  if (meant === undefined) return null;
  return { advice: `Write \`% ${meant}\`.`, candidates: [{ span: spanOf(token), text: meant }] };
}

const CALENDAR = [Day, DaySet, DateToken, DateRangeToken];
const HOUR = String.raw`(\d{1,2})(?::(\d{2}))?(?:[ \t]*([ap]m))?`;
const HOURS = new RegExp(`^${HOUR}[ \\t]*(?:-|–|to\\b)[ \\t]*${HOUR}(?![\\w:.-])`, 'i');

/** `weekdays 9-17`, `weekdays 9am-5pm`. */
function hoursHabit(token: IToken, previous: IToken | null, text: string): Habit | null {
  if (previous === null || !CALENDAR.some((type) => tokenMatcher(previous, type))) return null;
  return windowHabit(token, text, '');
}

/** `let x = 9-17`: no days. */
const bareHoursHabit = (token: IToken, text: string): Habit | null => windowHabit(token, text, 'daily ');

/** Only what can be hours of a day is taken for clocks. */
function windowHabit(token: IToken, text: string, days: string): Habit | null {
  const match = HOURS.exec(behind(token.startOffset, text));
  const window = match === null ? null : windowOf(match);
  if (match === null || window === null) return null;
  const end = token.startOffset + match[0].length;
  const written = `${days}${window}`;
  const candidates = [{ span: { start: token.startOffset, end }, text: written }];
  if (days !== '') return { advice: `Hours need days: \`${written}\`.`, candidates };
  const advice = `A clock has two digits for the hour and two for the minute: \`${written}\`.`;
  return { advice, candidates };
}

function windowOf([, hour = '', minute, half, lastHour = '', lastMinute, lastHalf]: RegExpExecArray) {
  const start = clockOf(hour, minute, half);
  const end = clockOf(lastHour, lastMinute, lastHalf);
  return start === null || end === null ? null : `${start}-${end}`;
}

function clockOf(hour: string, minute = '00', half = ''): string | null {
  const isHalf = half !== '';
  const number = Number(hour);
  if (number > (isHalf ? 12 : 24) || Number(minute) > 59) return null;
  const hours = isHalf ? (number % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : number;
  return `${String(hours).padStart(2, '0')}:${minute}`;
}

const EQUALITY = /^[ \t]*(?:={1,3}|is\b)[ \t]*(?:(on|true|yes)\b|(off|false|no)\b)?/;

/** `gaming == on`, `gaming is on`: behind a whole name, which a signal's last word is not. */
function equalityHabit(token: IToken, previous: IToken | null, text: string): Habit | null {
  if (token.tokenType !== Equals && !['is', 'on', 'off'].includes(token.image)) return null;
  if (previous === null || text[previous.startOffset - 1] === '.') return null;
  if (!tokenMatcher(previous, BareName) || tokenMatcher(previous, Unit)) return null;
  const name = previous.image;
  const advice = `A switch or a condition stands alone, without a comparison: \`${name}\` or \`not ${name}\`.`;
  const [whole = '', on, off] = EQUALITY.exec(behind(endOf(previous), text)) ?? [];
  if (on === undefined && off === undefined) return only(advice);
  const span = { start: previous.startOffset, end: endOf(previous) + whole.length };
  return { advice, candidates: [{ span, text: off === undefined ? name : `not ${name}` }] };
}
