import {
  add,
  compare,
  divide,
  min,
  multiply,
  ONE,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../support/rational.js';
import { feasibility, hostLimits } from './catalogue.js';
import { type Ceiling, type CeilingContext, isBy } from './ceilings.js';
import { coresText } from './cpu-amount.js';
import { shownIn } from './demand-text.js';
import type { DutyDemand } from './demands.js';
import { pointAt } from './findings.js';
import { rateOf as reservedRate } from './reservation-form.js';

/** Guests of one class that are to run and stop by the timetable. */
export interface DutyJob extends DutyDemand {
  readonly key: string;
  /** `others` are one gang, as nobody knows how many there will be. */
  readonly guests: number;
  readonly vcpus: number;
  /** Follows from a limit: it may run less than that. */
  readonly derived: boolean;
}

/** No more than `vcpus` of these classes' vCPUs run at any time. */
export interface RunningCeiling {
  readonly classes: readonly string[];
  readonly vcpus: number;
}

export interface DutyWork {
  readonly jobs: readonly DutyJob[];
  readonly ceilings: readonly RunningCeiling[];
}

const SHORTEST_RUN_NS = 1_000_000n;
const FIRST_PERIOD_NS = 100_000_000n;
const LONGEST_PERIOD_NS = 10_000_000_000n;

/** Duty cycles as asked for, and those that limits come to where stopping guests has to keep them. */
export function dutyWork(ceilings: readonly Ceiling[], context: CeilingContext): DutyWork {
  const byDuty = ceilings.filter(isBy('duty', 'freezer'));
  const asked = [...context.demands.duties].map(([key, duty]) => jobOf(key, duty, false, context));
  const derived = derivedJobs(byDuty, context);
  const running = byDuty.flatMap((ceiling) => runningCeiling(ceiling, context));
  return { jobs: [...asked, ...derived], ceilings: running };
}

function jobOf(key: string, duty: DutyDemand, derived: boolean, { population }: CeilingContext): DutyJob {
  const declared = population.classes.get(key);
  return { ...duty, key, guests: declared?.maxGuests ?? 1, vcpus: declared?.vcpus ?? 1, derived };
}

/** Classes under such a limit that have no duty cycle of their own get one with the rate that the limit leaves them. */
function derivedJobs(ceilings: readonly Ceiling[], context: CeilingContext): readonly DutyJob[] {
  const tightest = new Map<string, { rate: Rational; ceiling: Ceiling }>();
  for (const ceiling of ceilings) {
    const free = freeClasses(ceiling, context);
    const rate = rateOf(ceiling, free, context);
    if (rate === null) continue;
    for (const key of free) {
      const other = tightest.get(key);
      if (!other || compare(rate, other.rate) < 0) tightest.set(key, { rate, ceiling });
    }
  }
  return [...tightest].flatMap(([key, { rate, ceiling }]) => {
    if (compare(rate, ONE) >= 0) return [];
    const cycle = cycleOf(rate);
    if (cycle === null) {
      reportTooSmall(ceiling, context);
      return [];
    }
    const mechanism = ceiling.mechanism === 'freezer' ? 'freezer' : 'duty';
    return [jobOf(key, { ...cycle, sentences: ceiling.sentences, mechanism }, true, context)];
  });
}

const countedUnder = ({ key }: Ceiling, { population }: CeilingContext): readonly string[] =>
  population.membersOf(key).filter((member) => population.classes.has(member));

const freeClasses = (ceiling: Ceiling, context: CeilingContext): readonly string[] =>
  countedUnder(ceiling, context).filter(
    (key) => !context.demands.duties.has(key) && !context.demands.reservations.has(key),
  );

/** Part of the time that guests of the free classes may run; null where there are none. */
function rateOf(ceiling: Ceiling, free: readonly string[], context: CeilingContext): Rational | null {
  const { population } = context;
  const vcpus = (key: string) => rational(BigInt(population.classes.get(key)?.vcpus ?? 0));
  const all = (key: string) =>
    multiply(vcpus(key), rational(BigInt(population.classes.get(key)?.maxGuests ?? 0)));
  if (ceiling.scope === 'each') return free[0] ? divide(ceiling.cores, vcpus(free[0])) : null;
  const taken = countedUnder(ceiling, context)
    .filter((key) => !free.includes(key))
    .map((key) => takenBy(key, all(key), context))
    .reduce(add, ZERO);
  const left = subtract(ceiling.cores, taken);
  if (compare(left, ZERO) < 0 || (free.length > 0 && compare(left, ZERO) === 0)) {
    reportDoesNotFit(ceiling, coresText(taken), context);
    return null;
  }
  return free.length === 0 ? null : min(divide(left, free.map(all).reduce(add, ZERO)), ONE);
}

/** Cores that all guests of a class take by a duty cycle or reservation of their own. */
function takenBy(key: string, vcpus: Rational, { demands, population }: CeilingContext): Rational {
  const duty = demands.duties.get(key);
  if (duty) return multiply(vcpus, rational(duty.runNs, duty.periodNs));
  const reservation = demands.reservations.get(key);
  const guests = rational(BigInt(population.classes.get(key)?.maxGuests ?? 0));
  return reservation ? multiply(guests, reservedRate(reservation)) : ZERO;
}

/** A cycle of this rate whose runs are long enough to be worth their signals; rounded down. */
function cycleOf({ num, den }: Rational): { runNs: bigint; periodNs: bigint } | null {
  for (let periodNs = FIRST_PERIOD_NS; periodNs <= LONGEST_PERIOD_NS; periodNs *= 10n) {
    const runNs = (num * periodNs) / den;
    if (runNs >= SHORTEST_RUN_NS) return { runNs, periodNs };
  }
  return null;
}

/** A limit on a sum also bounds how many vCPUs run at once, as far as whole gangs allow. */
function runningCeiling(ceiling: Ceiling, context: CeilingContext): readonly RunningCeiling[] {
  if (ceiling.scope === 'each') return [];
  const classes = countedUnder(ceiling, context).filter((key) => !context.demands.reservations.has(key));
  const widest = Math.max(0, ...classes.map((key) => context.population.classes.get(key)?.vcpus ?? 0));
  const whole = Number((ceiling.cores.num + ceiling.cores.den - 1n) / ceiling.cores.den);
  return classes.length === 0 ? [] : [{ classes, vcpus: Math.max(widest, whole) }];
}

function reportTooSmall(ceiling: Ceiling, context: CeilingContext): void {
  // INVARIANT: every bound stems from a sentence.
  context.findings.add(
    hostLimits.ceilingTooSmall.at(ceiling.sentences[0]!.place, {
      limit: coresText(ceiling.cores),
      least: '1ms every 10s on each vCPU',
      mechanism: 'a duty cycle',
      ...shownIn(context.situation),
    }),
  );
}

export function reportDoesNotFit(ceiling: Ceiling, wanted: string, context: CeilingContext): void {
  const duties = context.population
    .membersOf(ceiling.key)
    .flatMap((key) => context.demands.duties.get(key)?.sentences ?? []);
  const { place, related } = pointAt([...ceiling.sentences, ...duties], ({ text }) => `takes part: ${text}`);
  context.findings.add(
    feasibility.timetableDoesNotFit.at(
      place,
      { subject: ceiling.key, limit: coresText(ceiling.cores), wanted, ...shownIn(context.situation) },
      { related },
    ),
  );
}
