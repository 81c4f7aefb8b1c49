import type { Calendar, Given, PolicyTest, SignalSubject } from '../../lang/model.js';
import { matchesGlob } from '../../support/glob.js';
import { compare, type Rational, rational, ZERO } from '../../support/rational.js';
import type { ModelContext } from '../model-context.js';
import { sensorValue } from '../modes/condition-text.js';
import type { Truth } from '../plan.js';
import { nameKey, subjectKey } from '../subject-key.js';
import { countIn, type GuestCounts, givenGuests } from './given-guests.js';
import type { SignalValue, World } from './world.js';

type Fact<K extends Given['kind']> = Extract<Given, { kind: K }>;

/** A user counts as active for so long after the last input. Seconds. */
const ACTIVE_FOR = rational(60n);
/** Percent: a quiet battery is full. */
const FULL = rational(100n);
/** Signals that are large when nothing happens. */
const LARGE_WHEN_QUIET: ReadonlySet<string> = new Set(['user.idle', 'host.memory.available']);

/**
 * The world of a test. What it does not give is quiet: signals are 0, Booleans false, there is no guest, the user has been
 * away for long, memory is free, the battery full; a forecast of a signal that is unknown is unknown itself.
 */
export function givenWorld(
  test: PolicyTest,
  calendar: (calendar: Calendar) => Truth,
  context: ModelContext,
): World {
  return new GivenWorld(test, calendar, context);
}

class GivenWorld implements World {
  readonly calendar: World['calendar'];
  readonly #given: readonly Given[];
  readonly #context: ModelContext;
  readonly #counts: GuestCounts;

  constructor(test: PolicyTest, calendar: World['calendar'], context: ModelContext) {
    this.calendar = calendar;
    this.#given = test.given;
    this.#context = context;
    this.#counts = givenGuests(test, context.population);
  }

  readonly switch = (name: string): boolean =>
    this.#last('switch', (fact) => fact.name === name)?.value ?? false;

  /** A pattern that is given itself, else a name that is given and matches it. */
  readonly process = (pattern: string): boolean => {
    const same = this.#last('process', (fact) => fact.pattern === pattern);
    const matching = () =>
      this.#last('process', (fact) => fact.value && matchesGlob(pattern, fact.pattern)) !== undefined;
    return same?.value ?? matching();
  };

  readonly spent = (budget: number): boolean => {
    const sentence = this.#context.model.sentences.find(({ index }) => index === budget);
    if (sentence?.kind !== 'budget') return false;
    const key = subjectKey(sentence.subject);
    return this.#last('spent', ({ subject }) => subjectKey(subject) === key) !== undefined;
  };

  readonly signal = (name: string): Truth => {
    const given = this.#last('signal', ({ signal }) => signal === name);
    if (given) return given.value;
    const subject: SignalSubject = { kind: 'signal', signal: name };
    if (this.#isUnknown(subject)) return 'unknown';
    if (name === 'user.active')
      return isBelow(this.value({ kind: 'signal', signal: 'user.idle' }), ACTIVE_FOR);
    const guests = classSignal(name);
    return guests?.measure === 'running' && this.#isPositive(name.replace(/running$/, 'count'));
  };

  readonly value = (subject: SignalSubject): SignalValue => {
    const given = this.#last('value', (fact) => isSame(fact.subject, subject));
    if (given) return sensorValue(given.quantity, this.#context.host);
    if (this.#isUnknown(subject)) return 'unknown';
    return subject.kind === 'forecast' ? ZERO : this.#quiet(subject.signal);
  };

  #quiet(signal: string): SignalValue {
    // An input under a minute ago is what `user.active` means.
    if (signal === 'user.idle' && this.#last('signal', (fact) => fact.signal === 'user.active')?.value)
      return ZERO;
    if (LARGE_WHEN_QUIET.has(signal)) return 'large';
    if (signal === 'host.battery') return FULL;
    const guests = classSignal(signal);
    return guests?.measure === 'count' ? this.#count(guests.key) : ZERO;
  }

  #isPositive(signal: string): Truth {
    const count = this.value({ kind: 'signal', signal });
    return count === 'unknown' ? 'unknown' : count === 'large' || count.num > 0n;
  }

  #count(key: string): Rational {
    return rational(BigInt(countIn(key, this.#counts, this.#context.population)));
  }

  #isUnknown(subject: SignalSubject): boolean {
    const signal: SignalSubject = { kind: 'signal', signal: subject.signal };
    return (
      this.#last('unknown', (fact) => isSame(fact.subject, subject) || isSame(fact.subject, signal)) !==
      undefined
    );
  }

  /** Where a test gives the same twice, the later counts. */
  #last<K extends Given['kind']>(kind: K, matches: (fact: Fact<K>) => boolean): Fact<K> | undefined {
    return this.#given.findLast((fact): fact is Fact<K> => fact.kind === kind && matches(fact as Fact<K>));
  }
}

const isBelow = (value: SignalValue, bound: Rational): Truth =>
  value === 'unknown' ? 'unknown' : value !== 'large' && compare(value, bound) < 0;

function isSame(a: SignalSubject, b: SignalSubject): boolean {
  if (a.signal !== b.signal || a.kind !== b.kind) return false;
  if (a.kind === 'signal' || b.kind === 'signal') return true;
  return a.overNs === b.overNs && a.side === b.side && compare(a.level, b.level) === 0;
}

/** `batch.count`, `"my vm".running`: of which class or union (by key), and what. */
function classSignal(signal: string): { readonly key: string; readonly measure: string } | null {
  const [, name, measure] = /^("(?:[^"\\]|\\.)*"|[^."]+)\.(cpu|memory|running|count)$/.exec(signal) ?? [];
  if (name === undefined || measure === undefined) return null;
  const quoted = name.startsWith('"');
  return { key: quoted ? nameKey(name.slice(1, -1).replace(/\\(.)/g, '$1')) : name, measure };
}
