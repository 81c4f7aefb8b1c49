import type { IToken } from 'chevrotain';
import { catalogue } from './catalogue.js';
import type { CatalogueDiagnostic } from './catalogue-entry.js';
import { describeToken } from './describe-token.js';
import { nearest } from './did-you-mean.js';
import { sentenceHabit, trailingHabit } from './habit-advice.js';
import { startsLine } from './lexer.js';
import { closings, isUnknownUnit, slip, trailingCandidates } from './syntax-candidates.js';
import type { BodyRule, Stray } from './syntax-problem.js';
import { BrokenText, Minus, RCurly, word } from './tokens.js';
import { brokenText, habitFirst, placeOf, unknownUnit, type Wording, withFix } from './wording.js';
import { CLASS_PROPERTIES, HOST_PROPERTIES, OFFER_TERMS, STARTERS, TEST_LINES } from './words.js';

type PropertyRule = Exclude<BodyRule, 'policy' | 'block'>;

interface Owner {
  readonly owner: string;
  /** What its parts are called. */
  readonly part: string;
  readonly known: readonly string[];
}

const OWNERS: Readonly<Record<PropertyRule, Owner>> = {
  classBody: {
    owner: 'A class',
    part: 'property',
    known: CLASS_PROPERTIES,
  },
  hostBody: {
    owner: 'The host',
    part: 'property',
    known: HOST_PROPERTIES,
  },
  offerBody: {
    owner: 'An offer',
    part: 'term',
    known: OFFER_TERMS,
  },
  testBody: { owner: 'A test', part: 'line', known: TEST_LINES },
};

/** Words that could have continued the sentence before. */
const CONTINUATIONS = [
  ...[
    'and',
    'or',
    'except',
    'for',
    'until',
    'assuming',
    'by',
    'every',
    'otherwise',
    'then',
    'while',
    'within',
  ],
  ...['disk', 'network', 'memory', 'unknown', 'spent'],
];

/** A word or sign with which nothing begins that could stand there. */
export function strayDiagnostic(problem: Stray, wording: Wording): CatalogueDiagnostic {
  const { token, previous, rule } = problem;
  const { reporter, repairer, text } = wording;
  const regions = [problem.region, problem.joined];
  if (token.tokenType === BrokenText) {
    return brokenText(token, repairer.fix(closings(token), regions), reporter);
  }
  if (token.tokenType === RCurly) {
    const fix = repairer.removal(token);
    return catalogue.unmatchedBrace.at(reporter.place(placeOf(token, reporter)), {}, { fix });
  }
  if (isUnknownUnit(token, previous)) return unknownUnit(token, wording);
  if (isInBody(rule)) {
    const owner = OWNERS[rule];
    const suggestion = nearest(token.image, owner.known);
    if (suggestion !== null || startsLine(token)) return unknownProperty(problem, owner, suggestion, wording);
  }
  const place = reporter.place(placeOf(token, reporter));
  const found = describeToken(token);
  if (startsLine(token)) {
    const habit = sentenceHabit(token, text);
    const suggestion = nearest(token.image, STARTERS);
    const fix = repairer.fix(habitFirst(habit, [slip(token, suggestion)]), regions);
    const parameters = { found, suggestion, advice: habit?.advice ?? null };
    return catalogue.unknownSentence.at(place, parameters, withFix(fix));
  }
  const suggestion = nearest(token.image, CONTINUATIONS);
  const habit = trailingHabit(problem, text);
  const fix = repairer.fix(habitFirst(habit, trailingCandidates(problem, suggestion, text)), regions);
  const advice = habit?.advice ?? adviceOn(token, rule) ?? (fix === null ? null : `${fix.title}.`);
  return catalogue.trailing.at(place, { found, advice, suggestion }, withFix(fix));
}

function unknownProperty(
  { token, region, joined }: Stray,
  { owner, part, known }: Owner,
  suggestion: string | null,
  { reporter, repairer }: Wording,
): CatalogueDiagnostic {
  const list = known.map((property) => `\`${property}\``).join(', ');
  const fix = repairer.fix([slip(token, suggestion)], [region, joined]);
  const parameters = { found: describeToken(token), owner, part, known: list, suggestion };
  return catalogue.unknownProperty.at(reporter.place(placeOf(token, reporter)), parameters, withFix(fix));
}

/** What is usually meant by a sign where a sentence could end. */
const ADVICE: Readonly<Record<string, string>> = {
  Equals: 'Comparisons are `<`, `<=`, `>` and `>=`.',
  Comma: 'Lists join days, dates, windows or names; `daily`, `weekdays` and `weekends` stand alone.',
  Clock: 'A window has a start and an end, without white space: `09:00-17:30`.',
  Minus:
    'Names, dates and windows hold no white space around their `-`; only a `limit` on CPU follows a signal.',
  LCurly: 'Only `host`, classes, offers, tests, `when` and `otherwise` have braces.',
  RParen: 'There is no `(` that it closes.',
  "'by'": 'Only `keep`, `limit`, `reserve`, `guarantee`, `share`, `run` and `pause` ask for a mechanism.',
};

function adviceOn({ tokenType }: IToken, rule: BodyRule): string | null {
  if (rule === 'offerBody') {
    if (tokenType === word('by')) return 'An offer asks for no mechanism.';
    if (tokenType === Minus) return 'A limit of an offer cannot follow a signal.';
  }
  return ADVICE[tokenType.name] ?? null;
}

const isInBody = (rule: BodyRule): rule is PropertyRule => rule !== 'policy' && rule !== 'block';
