import type { Sentence } from '../../lang/model.js';
import { formatDuration } from '../../support/duration.js';
import { compare, min, type Rational, rational, subtract, toNumber, ZERO } from '../../support/rational.js';
import { becauseOf } from '../because.js';
import { feasibility } from '../catalogue.js';
import { coresText } from '../cpu-amount.js';
import { cycleText, shownIn } from '../demand-text.js';
import { sum } from '../exact.js';
import { dutyFidelity, elevatedFidelity, type Fidelity } from '../fidelity.js';
import { pointAt } from '../findings.js';
import type { Ceiling, CeilingContext } from '../limits/ceilings.js';
import type { Setting, Timetable } from '../plan.js';
import { totalUtilisation } from '../reservations/admission.js';
import { keptBy, planServer } from '../reservations/reservation-settings.js';
import { ELEVATED_LIMIT } from '../reservations/server-terms.js';
import type { Unkept } from '../shares/shares.js';
import { buildTimetable, harmonicPeriods, MOST_WINDOWS, type TimetableResult } from './build-timetable.js';
import { type DutyJob, type DutyWork, dutyWork, reportBeyond } from './duty-jobs.js';
import { mostAtOnce, type Woven, weaveWindows } from './weave-windows.js';
import { turnsCores, type WeightedClass, weighted, weightedClasses } from './weighted-guests.js';

export interface DutyPlan {
  readonly settings: readonly Setting[];
  readonly timetable: Timetable | null;
  /** A promise that the timetable does not keep; null: it keeps them all. */
  readonly unkept: Unkept | null;
}

type Built = Extract<TimetableResult, { ok: true }>;

/** How often runs that follow from a limit are shortened by a tenth so that whole gangs fit under it. */
const SHORTENINGS = 24;
const NOTHING: DutyPlan = { settings: [], timetable: null, unkept: null };
const EMPTY: Built = { ok: true, hyperperiodNs: 1n, windows: [], moving: new Set() };

/**
 * The timetable of a situation and its settings: guests with cycles of their own, and woven between them those that take
 * turns. `precise`: the timing thread is punctual.
 */
export function planDuties(
  ceilings: readonly Ceiling[],
  precise: boolean,
  context: CeilingContext,
): DutyPlan {
  const taking = weightedClasses(context);
  const asked = dutyWork(ceilings, taking, context);
  if (asked.jobs.length + taking.size === 0) return NOTHING;
  if (!reservesWithinLimit(asked, context)) return NOTHING;
  const { work, result } = buildShortened(asked);
  if (!result.ok) {
    report(result, work, context);
    return NOTHING;
  }
  const own = work.jobs.map((job) => settingOf(job, !result.moving.has(job.key), precise, context));
  if (taking.size === 0) return { settings: own, timetable: timetableOf(result, work), unkept: null };
  return withTurns(taking, { work, result, own }, precise, context);
}

function buildShortened(asked: DutyWork): { readonly work: DutyWork; readonly result: TimetableResult } {
  let work = asked;
  if (work.jobs.length === 0) return { work, result: EMPTY };
  let result = buildTimetable(work);
  for (
    let tries = 0;
    tries < SHORTENINGS && misses(result) && work.jobs.some(({ from }) => from === 'derived');
    tries++
  ) {
    work = { ...work, jobs: work.jobs.map(shortened) };
    result = buildTimetable(work);
  }
  return { work, result };
}

const misses = (result: TimetableResult): boolean => !result.ok && result.reason === 'does-not-fit';

const shortened = (job: DutyJob): DutyJob =>
  job.from === 'derived' ? { ...job, runNs: (job.runNs * 9n) / 10n } : job;

/** The kernel holds threads at real-time priority that take more of a second than that. */
function reservesWithinLimit({ jobs }: DutyWork, context: CeilingContext): boolean {
  const beyond = jobs.filter(
    ({ from, runNs, periodNs }) =>
      from === 'reserved' && compare(rational(runNs, periodNs), ELEVATED_LIMIT) > 0,
  );
  for (const { key, sentences, runNs, periodNs } of beyond) {
    const limit = `${toNumber(ELEVATED_LIMIT)} of a core at real-time priority`;
    reportBeyond({ subject: key, limit, sentences, classes: [key] }, cycleText(runNs, periodNs), context);
  }
  return beyond.length === 0;
}

interface OwnCycles {
  readonly work: DutyWork;
  readonly result: Built;
  readonly own: readonly Setting[];
}

/** Those that take turns, in what cycles, servers and the owner's part leave of the host. */
function withTurns(
  taking: ReadonlySet<string>,
  { work, result, own }: OwnCycles,
  precise: boolean,
  context: CeilingContext,
): DutyPlan {
  const average = turnsCores(context, totalUtilisation(context.servers));
  const vcpus = Number(average.num / average.den);
  const cycles = sum(
    work.jobs.map(({ guests, vcpus: width, runNs, periodNs }) =>
      rational(runNs * BigInt(guests * width), periodNs),
    ),
  );
  const available = subtract(min(average, rational(BigInt(vcpus))), cycles);
  const classes = weighted(taking, compare(available, ZERO) > 0 ? available : ZERO, work, context);
  const wide = classes.find(({ width }) => width > vcpus);
  if (wide || compare(available, ZERO) <= 0) {
    reportNoTurns(wide ?? classes[0], vcpus, context);
    return NOTHING;
  }
  const widthOf = (key: string) => context.population.classes.get(key)?.vcpus ?? 1;
  const turning = [...classes.map(({ key }) => key), ...work.jobs.map(({ key }) => key)];
  const atOnce = { classes: turning, vcpus, subject: 'guests', limit: coresText(average), sentences: [] };
  const woven = weaveWindows(classes, { ...result, widthOf, ceilings: [...work.ceilings, atOnce] });
  if (woven === null || woven.windows.length + result.windows.length > MOST_WINDOWS) {
    reportTooManyTurns(classes, context);
    return NOTHING;
  }
  const repeated = repeatedWindows(result, woven.hyperperiodNs);
  const all: Built = {
    ...result,
    hyperperiodNs: woven.hyperperiodNs,
    windows: [...repeated, ...woven.windows].sort(
      (a, b) =>
        Number(a.startNs - b.startNs) ||
        (a.class < b.class ? -1 : a.class > b.class ? 1 : a.member - b.member),
    ),
  };
  // Cycles of their own may come to more than there is for turns: then nobody takes one.
  const most = Math.max(vcpus, mostAtOnce(result.windows, widthOf));
  const timetable = timetableOf(all, { ...work, ceilings: [...work.ceilings, { ...atOnce, vcpus: most }] });
  const settings = classes.map((one, index) => turnSetting(one, woven, index, precise));
  return { settings: [...own, ...settings], timetable, unkept: unkeptIn(classes, woven, average, context) };
}

function repeatedWindows({ windows, hyperperiodNs }: Built, untilNs: bigint): Built['windows'] {
  if (windows.length === 0) return [];
  const times = Number(untilNs / hyperperiodNs);
  return Array.from({ length: times }, (_, index) => BigInt(index) * hyperperiodNs).flatMap((shiftNs) =>
    windows.map((one) => ({ ...one, startNs: one.startNs + shiftNs, endNs: one.endNs + shiftNs })),
  );
}

function turnSetting(one: WeightedClass, woven: Woven, index: number, precise: boolean): Setting {
  // INVARIANT: as many woven classes as weighted ones.
  const { runNs, longestStopNs, relativeError } = woven.classes[index]!;
  const fidelity = dutyFidelity(runNs, woven.hyperperiodNs, { fixed: true, precise });
  const error = Math.max(fidelity.rateError, Number(relativeError.toPrecision(6)));
  const note = "it takes turns with other guests; the owner's work takes what it wants of them all";
  return {
    class: one.key,
    subject: 'class',
    scope: 'each',
    mechanism: one.mechanism,
    runNs: Number(runNs),
    periodNs: Number(woven.hyperperiodNs),
    ...(one.floorCores ? { floorCores: toNumber(one.floorCores) } : {}),
    fidelity: {
      ...fidelity,
      kind: 'best-effort',
      worstGapNs: Number(longestStopNs),
      rateError: error,
      note: fidelity.note === undefined ? note : `${note}; ${fidelity.note}`,
    },
    because: becauseOf(one.sentences),
  };
}

/** A promise to a subject that the turns of its classes do not come to. */
function unkeptIn(
  classes: readonly WeightedClass[],
  woven: Woven,
  available: Rational,
  { demands, population }: CeilingContext,
): Unkept | null {
  const coresOf = new Map(
    woven.classes.map(({ key, runNs }, index) => {
      // INVARIANT: as many woven classes as weighted ones.
      const { guests, width } = classes[index]!;
      return [key, rational(runNs * BigInt(guests * width), woven.hyperperiodNs)] as const;
    }),
  );
  for (const [key, { cores, sentences, mechanism }] of demands.floors) {
    const members = population.membersOf(key).filter((member) => coresOf.has(member));
    if (mechanism === 'share' || members.length === 0) continue;
    const had = sum(members.map((member) => coresOf.get(member) ?? ZERO));
    if (compare(had, cores) >= 0) continue;
    const arithmetic = `${key} is promised ${coresText(cores)}, and turns on ${coresText(available)} come to ${coresText(had)}`;
    return { arithmetic, parent: 'guests', sentences };
  }
  return null;
}

function settingOf(job: DutyJob, fixed: boolean, precise: boolean, context: CeilingContext): Setting {
  const { population, demands } = context;
  const reservation = job.from === 'reserved' ? demands.reservations.get(job.key) : undefined;
  const keeps = reservation ? keptBy(reservation) : null;
  return {
    class: job.key,
    subject: population.kindOf(job.key),
    scope: 'each',
    mechanism: job.mechanism,
    runNs: Number(job.runNs),
    periodNs: Number(job.periodNs),
    ...(reservation ? { elevated: true as const } : {}),
    ...(reservation && keeps ? { keeps, vcpus: reservation.vcpus.map(planServer) } : {}),
    fidelity: fidelityOf(job, fixed, precise, context),
    because: becauseOf(job.sentences),
  };
}

/** Times to run cannot follow a signal. */
function fidelityOf(job: DutyJob, fixed: boolean, precise: boolean, context: CeilingContext): Fidelity {
  const { from, sentences, runNs, periodNs } = job;
  const plain = dutyFidelity(runNs, periodNs, { fixed, precise });
  if (from === 'reserved') return elevatedFidelity(plain, context.servers.length > 0);
  if (from !== 'derived' || !sentences.some((one) => one.kind === 'limit' && one.elastic)) return plain;
  const own = 'an elastic limit is kept at its lower end';
  return { ...plain, note: plain.note === undefined ? own : `${own}; ${plain.note}` };
}

function timetableOf(result: Built, { ceilings }: DutyWork): Timetable {
  const windows = result.windows.map(({ class: name, member, startNs, endNs }) => ({
    class: name,
    member,
    startNs: Number(startNs),
    endNs: Number(endNs),
  }));
  const hyperperiodNs = Number(result.hyperperiodNs);
  if (ceilings.length === 0) return { hyperperiodNs, windows };
  return {
    hyperperiodNs,
    windows,
    ceilings: ceilings.map(({ classes, vcpus }) => ({ classes: [...classes], vcpus })),
  };
}

function report(
  result: Extract<TimetableResult, { ok: false }>,
  { jobs, ceilings }: DutyWork,
  context: CeilingContext,
): void {
  if (result.reason === 'too-long') {
    reportTooLong(jobs, context);
    return;
  }
  const [ceiling] = ceilings;
  if (ceiling) reportBeyond(ceiling, 'more vCPUs at a time than it allows', context);
}

function reportTooLong(jobs: readonly DutyJob[], context: CeilingContext): void {
  const running = jobs.filter(({ runNs }) => runNs > 0n);
  const periods = [...new Set(running.map(({ periodNs }) => periodNs))];
  const sentences = running.flatMap((job): readonly Sentence[] => job.sentences);
  const { place, related } = pointAt(sentences, ({ text }) => `takes part: ${text}`);
  const listed = (values: readonly bigint[]) => values.map(formatDuration).join(', ');
  context.findings.add(
    feasibility.hyperperiodTooLong.at(
      place,
      {
        periods: listed(periods),
        most: MOST_WINDOWS,
        harmonic: listed(harmonicPeriods(periods)),
        ...shownIn(context.situation),
      },
      { related },
    ),
  );
}

/** Nothing is left to take turns on, or not as many vCPUs at a time as a guest has. */
function reportNoTurns(one: WeightedClass | undefined, vcpus: number, context: CeilingContext): void {
  if (!one) return;
  const kept = context.demands.keep?.sentences ?? [];
  const sentences = [...new Set([...one.sentences, ...kept])];
  const limit = `${vcpus} ${vcpus === 1 ? 'vCPU' : 'vCPUs'} at a time`;
  const wanted = `${one.width} at a time`;
  reportBeyond({ subject: one.key, limit, sentences, classes: [one.key] }, wanted, context);
}

function reportTooManyTurns(classes: readonly WeightedClass[], context: CeilingContext): void {
  const sentences = [...new Set(classes.flatMap((one) => one.sentences))];
  const { place, related } = pointAt(sentences, ({ text }) => `takes part: ${text}`);
  const guests = classes.reduce((all, one) => all + one.guests, 0);
  context.findings.add(
    feasibility.tooManyTurns.at(place, { guests, ...shownIn(context.situation) }, { related }),
  );
}
