import type { Sentence } from '../../lang/model.js';
import {
  add,
  ceil,
  compare,
  divide,
  floor,
  max,
  min,
  multiply,
  ONE,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../support/rational.js';
import { feasibility, hostLimits } from '../catalogue.js';
import { coresText } from '../cpu-amount.js';
import { shownIn } from '../demand-text.js';
import type { DutyDemand } from '../demands/demands.js';
import { wholeHost } from '../effective-host.js';
import { pointAt } from '../findings.js';
import { type Ceiling, type CeilingContext, isBy } from '../limits/ceilings.js';
import { isStopping } from '../mechanism-choice.js';
import { totalUtilisation } from '../reservations/admission.js';
import { largestOf, rateOf as reservedRate } from '../reservations/reservation-form.js';
import { SHORTEST_RUN_NS } from '../reservations/server-terms.js';

/** Guests of one class that are to run and stop by the timetable. */
export interface DutyJob extends DutyDemand {
  readonly key: string;
  /** `others` are one gang, as nobody knows how many there will be. */
  readonly guests: number;
  readonly vcpus: number;
  /** `asked` for by the owner; `derived` from a limit, so that it may run less; `reserved`: in its times it runs before all else. */
  readonly from: 'asked' | 'derived' | 'reserved';
}

/** No more than `vcpus` of these classes' vCPUs run at any time. */
export interface RunningCeiling {
  readonly classes: readonly string[];
  readonly vcpus: number;
  /** Who is limited, to what, by which sentences: for messages. */
  readonly subject: string;
  readonly limit: string;
  readonly sentences: readonly Sentence[];
}

export interface DutyWork {
  readonly jobs: readonly DutyJob[];
  readonly ceilings: readonly RunningCeiling[];
  /** What limits leave those that take turns of each subject, cores. */
  readonly turnsLeft: ReadonlyMap<string, Rational>;
}

const FIRST_PERIOD_NS = 100_000_000n;
const LONGEST_PERIOD_NS = 10_000_000_000n;

/**
 * Duty cycles as asked for, those of guests that are reserved times instead of servers, and those that limits come to where
 * stopping guests has to keep them; of classes that divide what is left, `weighted`, limits only bound the part.
 */
export function dutyWork(
  ceilings: readonly Ceiling[],
  weighted: ReadonlySet<string>,
  context: CeilingContext,
): DutyWork {
  const { duties, reservations } = context.demands;
  const byDuty = ceilings.filter(isBy('duty', 'freezer'));
  const asked = [...duties].map(([key, duty]) => jobOf(key, duty, 'asked', context));
  const reserved = [...reservations].flatMap(([key, { vcpus, sentences, mechanism }]) => {
    if (mechanism === 'reservation') return [];
    const { budgetNs, periodNs } = largestOf(vcpus);
    return [jobOf(key, { runNs: budgetNs, periodNs, sentences, mechanism }, 'reserved', context)];
  });
  const tightest = tightestRates(byDuty, context);
  const derived = derivedJobs(
    [...tightest].filter(([key]) => !weighted.has(key)),
    context,
  );
  return {
    jobs: [...asked, ...reserved, ...derived],
    ceilings: [
      ...byDuty.flatMap((ceiling) => runningCeiling(ceiling, context)),
      ...keptCores(context),
      ...reservedCores(reserved, context),
    ],
    turnsLeft: turnsLeft(byDuty, weighted, derived, context),
  };
}

function jobOf(
  key: string,
  duty: DutyDemand,
  from: DutyJob['from'],
  { population }: CeilingContext,
): DutyJob {
  const declared = population.classes.get(key);
  return { ...duty, key, guests: declared?.maxGuests ?? 1, vcpus: declared?.vcpus ?? 1, from };
}

/** The part of the time that the limits on it leave each guest of a class without a cycle of its own. */
function tightestRates(
  ceilings: readonly Ceiling[],
  context: CeilingContext,
): ReadonlyMap<string, { readonly rate: Rational; readonly ceiling: Ceiling }> {
  const tightest = new Map<string, { rate: Rational; ceiling: Ceiling }>();
  for (const ceiling of ceilings) {
    const free = freeClasses(ceiling, context);
    if (ceiling.scope === 'each') checkOwnCycle(ceiling, context);
    const rate = rateOf(ceiling, free, context);
    if (rate === null) continue;
    for (const key of free) {
      const other = tightest.get(key);
      if (!other || compare(rate, other.rate) < 0) tightest.set(key, { rate, ceiling });
    }
  }
  return tightest;
}

/** Classes under such a limit that have no duty cycle of their own get one with the rate that the limit leaves them. */
function derivedJobs(
  tightest: readonly (readonly [string, { readonly rate: Rational; readonly ceiling: Ceiling }])[],
  context: CeilingContext,
): readonly DutyJob[] {
  return tightest.flatMap(([key, { rate, ceiling }]) => {
    // Who may run all the time has a cycle only where it must not do so beside all others.
    if (compare(rate, ONE) >= 0 && !isCrowded(ceiling, context)) return [];
    const cycle = cycleOf(min(rate, ONE));
    if (cycle === null) {
      reportTooSmall(ceiling, context);
      return [];
    }
    const mechanism = ceiling.mechanism === 'freezer' ? 'freezer' : 'duty';
    return [jobOf(key, { ...cycle, sentences: ceiling.sentences, mechanism }, 'derived', context)];
  });
}

/** A cycle that is asked for, or reserved times, on each guest within a limit on each. */
function checkOwnCycle(ceiling: Ceiling, context: CeilingContext): void {
  const { demands, population } = context;
  const vcpus = rational(BigInt(population.classes.get(ceiling.key)?.vcpus ?? 1));
  const duty = demands.duties.get(ceiling.key);
  if (!duty) return;
  const cores = multiply(vcpus, rational(duty.runNs, duty.periodNs));
  if (compare(cores, ceiling.cores) > 0) reportDoesNotFit(ceiling, `${coresText(cores)} each`, context);
}

/** Whether all vCPUs under a limit on a sum, running at once, are more than may run under it. */
function isCrowded(ceiling: Ceiling, context: CeilingContext): boolean {
  const [running] = runningCeiling(ceiling, context);
  if (!running) return false;
  const all = running.classes
    .map((key) => context.population.classes.get(key))
    .reduce((sum, declared) => sum + (declared ? declared.vcpus * declared.maxGuests : 0), 0);
  return all > running.vcpus;
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

/** What limits leave of each subject to those in it that take turns: what cycles and reservations in it take is taken off. */
function turnsLeft(
  ceilings: readonly Ceiling[],
  weighted: ReadonlySet<string>,
  derived: readonly DutyJob[],
  context: CeilingContext,
): ReadonlyMap<string, Rational> {
  const left = new Map<string, Rational>();
  const lower = (key: string, cores: Rational) => {
    const other = left.get(key);
    left.set(key, other ? min(other, cores) : cores);
  };
  const { population, nest } = context;
  const vcpusOf = (key: string): Rational => {
    const { vcpus, maxGuests } = population.classes.get(key) ?? { vcpus: 0, maxGuests: 0 };
    return rational(BigInt(vcpus * maxGuests));
  };
  for (const ceiling of ceilings) {
    const members = countedUnder(ceiling, context);
    const turning = members.filter((key) => weighted.has(key));
    if (turning.length === 0) continue;
    if (ceiling.scope === 'each') {
      const guests = BigInt(population.classes.get(ceiling.key)?.maxGuests ?? 1);
      lower(ceiling.key, multiply(ceiling.cores, rational(guests)));
      continue;
    }
    const cycles = derived.filter(({ key }) => members.includes(key));
    const taken = [
      ...members.filter((key) => !weighted.has(key)).map((key) => takenBy(key, vcpusOf(key), context)),
      ...cycles.map((job) => multiply(vcpusOf(job.key), rational(job.runNs, job.periodNs))),
    ].reduce(add, ZERO);
    const cores = max(subtract(ceiling.cores, taken), ZERO);
    if (!nest.loose.has(ceiling.key)) {
      lower(ceiling.key, cores);
      continue;
    }
    // A union that has no place in the nest: its classes get equal parts for each vCPU.
    const all = turning.map(vcpusOf).reduce(add, ZERO);
    for (const key of turning) lower(key, divide(multiply(cores, vcpusOf(key)), all));
  }
  return left;
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
  const classes = stoppable(countedUnder(ceiling, context), context);
  const widest = Math.max(0, ...classes.map((key) => context.population.classes.get(key)?.vcpus ?? 0));
  if (classes.length === 0) return [];
  return [
    {
      classes,
      vcpus: Math.max(widest, Number(ceil(ceiling.cores))),
      subject: ceiling.key,
      limit: coresText(ceiling.cores),
      sentences: ceiling.sentences,
    },
  ];
}

/** Those whose guests the timetable can stop: not those with servers. */
const stoppable = (classes: readonly string[], { demands }: CeilingContext): readonly string[] =>
  classes.filter((key) => demands.reservations.get(key)?.mechanism !== 'reservation');

/** What is kept for the owner by stopping guests is never taken: not even for an instant. */
function keptCores(context: CeilingContext): readonly RunningCeiling[] {
  const { keep } = context.demands;
  if (!keep || !isStopping(keep.mechanism)) return [];
  const classes = stoppable([...context.population.classes.keys()], context);
  const left = subtract(wholeHost(context.host), keep.cores);
  if (classes.length === 0) return [];
  const limit = `${coresText(left)}, what is kept for the owner aside`;
  return [
    { classes, vcpus: Number(floor(max(left, ZERO))), subject: 'guests', limit, sentences: keep.sentences },
  ];
}

/** Guests that run before all else have a core for each vCPU that runs, which is none of those kept for the owner. */
function reservedCores(
  jobs: readonly DutyJob[],
  { demands, host, servers }: CeilingContext,
): readonly RunningCeiling[] {
  if (jobs.length === 0) return [];
  const kept = demands.keep?.cores ?? ZERO;
  const left = subtract(subtract(wholeHost(host), kept), totalUtilisation(servers));
  return [
    {
      classes: jobs.map(({ key }) => key),
      vcpus: Number(floor(max(left, ZERO))),
      subject: 'guests with reservations',
      limit: coresText(max(left, ZERO)),
      sentences: [...jobs.flatMap(({ sentences }) => sentences), ...(demands.keep?.sentences ?? [])],
    },
  ];
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

export function reportDoesNotFit(
  { key, cores, sentences }: Pick<Ceiling, 'key' | 'cores' | 'sentences'>,
  wanted: string,
  context: CeilingContext,
): void {
  const cyclic = context.population.membersOf(key);
  reportBeyond({ subject: key, limit: coresText(cores), sentences, classes: cyclic }, wanted, context);
}

/** Reports that cycles ask for more than a ceiling on who runs at a time allows. */
export function reportBeyond(
  { subject, limit, sentences, classes }: Omit<RunningCeiling, 'vcpus'>,
  wanted: string,
  context: CeilingContext,
): void {
  const duties = classes.flatMap((key) => context.demands.duties.get(key)?.sentences ?? []);
  const all = [...new Set([...sentences, ...duties])];
  const { place, related } = pointAt(all, ({ text }) => `takes part: ${text}`);
  context.findings.add(
    feasibility.timetableDoesNotFit.at(
      place,
      { subject, limit, wanted, ...shownIn(context.situation) },
      { related },
    ),
  );
}
