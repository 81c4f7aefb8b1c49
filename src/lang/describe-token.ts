import { EOF, type IToken, type TokenType } from 'chevrotain';
import { unitWords } from './units.js';
import { BUDGET_PERIODS, MATCH_ATTRIBUTES, MECHANISMS, SIGNAL_TYPE_WORDS, WEEKDAYS } from './words.js';

const PHRASES: Readonly<Record<string, string>> = {
  BareName: 'a name',
  Text: 'a string',
  RestOfLine: 'the rest of the line',
  Number: 'a number',
  Unit: 'a unit',
  Comparator: '`<`, `<=`, `>` or `>=`',
  Day: 'a day such as `mon` or `mon-fri`',
  DaySet: '`daily`, `weekdays` or `weekends`',
  Date: 'a date such as `2026-12-24`',
  DateRange: 'a range of dates',
  ClockWindow: 'a window such as `09:00-17:30`',
  Mechanism: 'a mechanism (`reservation`, `share`, `quota`, `duty` or `freezer`)',
  MatchAttribute: '`name`, `user`, `uuid`, `unit`, `cgroup` or `arg`',
  BudgetPeriod: '`day`, `week` or `month`',
  SignalType: '`number`, `%`, `time`, `size`, `rate` or `C`',
  CoreRange: 'a range of cores such as `0-3`',
  Clock: 'a clock such as `09:00`',
  LCurly: '`{`',
  RCurly: '`}`',
  LParen: '`(`',
  RParen: '`)`',
  Comma: '`,`',
  Equals: '`=`',
  Percent: '`%`',
  Dot: '`.`',
  Minus: '`-`',
};

/** What stands there, for "but found …". */
export function describeToken(token: IToken): string {
  if (token.tokenType === EOF) return 'the end of the file';
  if (token.tokenType.name === 'Text') return `the string ${shortened(token.image)}`;
  return `\`${shortened(token.image)}\``;
}

const MAX_SHOWN = 40;
const shortened = (text: string): string => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);

const CONDITION_STARTS = new Set(['LParen', 'Day', 'DaySet', 'Date', "'forecast'", "'not'"]);

/** What could have stood there, for "I expected …". */
export function describeExpected(types: readonly TokenType[]): string {
  const names = types.map(({ name }) => name);
  if (names.filter((name) => CONDITION_STARTS.has(name)).length > 2) return 'a condition';
  if (names.includes('BareName') && names.includes("'host'")) return 'a signal such as `owner.demand`';
  if (names.includes('BareName') && names.includes("'guests'"))
    return 'a class, a union, `guests` or `others`';
  const phrases = names
    .filter((name) => !(name === 'Text' && names.includes('BareName')))
    .map((name) => PHRASES[name] ?? wordOf(name));
  return listed([...new Set(phrases)]);
}

/** The words that could have stood there, for suggestions. */
export function expectedWords(types: readonly TokenType[]): readonly string[] {
  return types.flatMap(({ name }) => MEMBERS[name] ?? /^'(.+)'$/.exec(name)?.[1] ?? []);
}

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  Mechanism: MECHANISMS,
  MatchAttribute: MATCH_ATTRIBUTES,
  Day: WEEKDAYS,
  DaySet: ['daily', 'weekdays', 'weekends'],
  Unit: unitWords(),
  BudgetPeriod: BUDGET_PERIODS,
  SignalType: SIGNAL_TYPE_WORDS,
};

const wordOf = (name: string): string => `\`${name.replace(/'/g, '')}\``;

function listed(phrases: readonly string[]): string {
  if (phrases.length < 2) return phrases[0] ?? 'something else';
  return `${phrases.slice(0, -1).join(', ')} or ${phrases.at(-1)}`;
}

/** How the sentence at hand reads, by the grammar rule that was under way. */
const FORMS: Readonly<Record<string, string>> = {
  import: 'import "common.vmc"',
  hostSetting: 'host { cores 8  memory 32 GiB  timezone "Europe/Berlin" }',
  host: 'host { … }',
  hostBody: 'host { … }',
  vm: 'vm NAME { match …  vcpus N }',
  group: 'group NAME up to N vms { … }` or `group NAME = a, b',
  classBody: 'vm NAME { match …  vcpus N }',
  need: 'overhead 0.5ms every 10ms',
  match: 'match name "build-*" and user "alice"',
  task: 'task NAME 4ms every 33ms within 20ms',
  ignore: 'ignore match name "emulator" and user "alice"',
  let: 'let NAME = CONDITION',
  switch: 'switch NAME',
  signalDeclaration: 'signal NAME number',
  keep: 'keep 2 cores for owner',
  limit: 'limit [each] SUBJECT to 2 cores',
  elastic: '90% of cpu - owner.demand between 10% and 80% of cpu',
  reserve:
    'reserve SUBJECT 4ms every 20ms`, `reserve SUBJECT 4ms in any 30ms` or `reserve SUBJECT for its tasks',
  guarantee: 'guarantee [each] SUBJECT 1 core',
  share: 'share cpu among a 3, b 1` or `share cpu equally within SUBJECT',
  run: 'run SUBJECT 200ms every 1s',
  pause: 'pause SUBJECT',
  yield: 'yield SUBJECT',
  place: 'place SUBJECT on cores 0-3,6',
  stop: 'stop SUBJECT within 3min',
  budget: 'budget [each] SUBJECT 20 core-hours per day',
  exhausted: 'then pause` or `then limit to 1 core',
  offer: 'offer 2 vms NAME { vcpus 2  memory 2 GiB  reserve 4ms every 20ms }',
  offerBody: 'offer 2 vms NAME { vcpus 2  memory 2 GiB  reserve 4ms every 20ms }',
  offerSetting: 'reserve 4ms every 20ms`, `guarantee 1 core` or `limit to 2 cores',
  assert: 'assert [each] SUBJECT at most 2 cores while CONDITION',
  test: 'test "TITLE" { … }',
  testBody: 'test "TITLE" { … }',
  at: 'at 2026-11-23 10:00',
  given: 'given owner.demand = 80%` or `given vms video, 3 batch',
  givenSpent: 'given budget SUBJECT spent',
  givenVms: 'given vms video, 3 batch',
  givenValue: 'given owner.demand = 80%` or `given owner.demand unknown',
  expect: 'expect [each] SUBJECT at most 2 cores` or `expect that CONDITION',
  processRunning: 'process "blender*" running',
  forecast: 'forecast(owner.demand over 30s at 95%) > 70%',
  comparison: 'owner.demand > 60% for 30s until < 40% for 60s',
  arm: 'when CONDITION { … }',
  block: 'when CONDITION { … }',
  when: 'when CONDITION { … } otherwise { … }',
};

export function sentenceForm(rules: readonly string[]): string | null {
  for (const rule of [...rules].reverse()) {
    const form = FORMS[rule];
    if (form !== undefined) return form;
  }
  return null;
}
