/** The words that may be names only as strings, besides two days joined by `-`. */
export const RESERVED_WORDS = [
  'import',
  'host',
  'vm',
  'group',
  'ignore',
  'switch',
  'signal',
  'let',
  'test',
  'keep',
  'limit',
  'reserve',
  'guarantee',
  'share',
  'run',
  'pause',
  'yield',
  'stop',
  'place',
  'budget',
  'offer',
  'assert',
  'when',
  'otherwise',
  'and',
  'or',
  'not',
  'except',
  'for',
  'until',
  'assuming',
  'forecast',
  'true',
  'false',
  'daily',
  'weekdays',
  'weekends',
  'mon',
  'tue',
  'wed',
  'thu',
  'fri',
  'sat',
  'sun',
  'guests',
  'others',
  'owner',
  'user',
  'process',
  'each',
  'while',
  'that',
] as const;

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export const MECHANISMS = ['reservation', 'share', 'quota', 'duty', 'freezer'] as const;

export const MATCH_ATTRIBUTES = ['name', 'user', 'uuid', 'unit', 'cgroup', 'arg'] as const;

/** Calendar periods of a `budget`. */
export const BUDGET_PERIODS = ['day', 'week', 'month'] as const;

/** What a declared signal may be, besides `%`. */
export const SIGNAL_TYPE_WORDS = ['number', 'time', 'size', 'rate', 'C'] as const;

/** Words that mean something only where the grammar asks for them; elsewhere they are names like any other. */
export const SOFT_WORDS = [
  'a',
  'among',
  'any',
  'arg',
  'at',
  'between',
  'by',
  'C',
  'cgroup',
  'core',
  'cores',
  'cpu',
  'day',
  'disk',
  'duty',
  'equally',
  'every',
  'expect',
  'freezer',
  'given',
  'guaranteed',
  'in',
  'its',
  'least',
  'lower',
  'match',
  'mechanisms',
  'memory',
  'month',
  'most',
  'name',
  'network',
  'number',
  'of',
  'on',
  'over',
  'overhead',
  'paused',
  'per',
  'quota',
  'rate',
  'reservation',
  'reserved',
  'running',
  'runs',
  'size',
  'spent',
  'task',
  'tasks',
  'then',
  'time',
  'timezone',
  'to',
  'unit',
  'unknown',
  'up',
  'upper',
  'uuid',
  'vcpus',
  'vms',
  'week',
  'within',
  'yields',
] as const;

/** Words that begin a property of the host, one of a class, a term of an offer, a line of a test. */
export const HOST_PROPERTIES = ['cores', 'memory', 'timezone', 'mechanisms'] as const;
export const CLASS_PROPERTIES = ['match', 'vcpus', 'memory', 'overhead', 'task'] as const;
export const OFFER_TERMS = ['vcpus', 'memory', 'overhead', 'task', 'reserve', 'guarantee', 'limit'] as const;
export const TEST_LINES = ['at', 'given', 'expect'] as const;

/** Words that begin a declaration, which never stands inside braces. */
export const DECLARATION_STARTERS = [
  'import',
  'host',
  'vm',
  'group',
  'ignore',
  'switch',
  'signal',
  'let',
  'test',
] as const;

/** Words that begin a sentence or a declaration. */
export const STARTERS = [
  ...DECLARATION_STARTERS,
  'keep',
  'limit',
  'reserve',
  'guarantee',
  'share',
  'run',
  'pause',
  'yield',
  'stop',
  'place',
  'budget',
  'offer',
  'assert',
  'when',
  'otherwise',
] as const;

export type ReservedWord = (typeof RESERVED_WORDS)[number];
export type SoftWord = (typeof SOFT_WORDS)[number];

const reserved: ReadonlySet<string> = new Set(RESERVED_WORDS);
const DAY_RANGE = /^(?:mon|tue|wed|thu|fri|sat|sun)-(?:mon|tue|wed|thu|fri|sat|sun)$/;
const BARE_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

export function isReserved(word: string): boolean {
  return reserved.has(word) || DAY_RANGE.test(word);
}

/** The name as a policy has to write it: bare where that is possible, else as a string. */
export function writtenName(name: string): string {
  if (BARE_NAME.test(name) && !isReserved(name)) return name;
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}
