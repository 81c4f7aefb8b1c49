import type { Sentence } from '../lang/model.js';
import { formatDuration } from '../support/duration.js';
import { becauseOf } from './because.js';
import { feasibility } from './catalogue.js';
import { type Ceiling, type CeilingContext, isBy } from './ceilings.js';
import { shownIn } from './demand-text.js';
import { type DutyJob, type DutyWork, dutyWork, reportDoesNotFit } from './duty-jobs.js';
import { dutyFidelity, type Fidelity } from './fidelity.js';
import { pointAt } from './findings.js';
import type { Setting, Timetable } from './plan.js';
import { buildTimetable, harmonicPeriods, MOST_WINDOWS, type TimetableResult } from './timetable.js';

export interface DutyPlan {
  readonly settings: readonly Setting[];
  readonly timetable: Timetable | null;
}

/** How often runs that follow from a limit are shortened by a tenth so that whole gangs fit under it. */
const SHORTENINGS = 24;

/** The timetable of a situation and its settings; `precise`: the timing thread has a server. */
export function planDuties(
  ceilings: readonly Ceiling[],
  precise: boolean,
  context: CeilingContext,
): DutyPlan {
  let work = dutyWork(ceilings, context);
  if (work.jobs.length === 0) return { settings: [], timetable: null };
  let result = buildTimetable(work);
  for (
    let tries = 0;
    tries < SHORTENINGS && misses(result) && work.jobs.some(({ derived }) => derived);
    tries++
  ) {
    work = { ...work, jobs: work.jobs.map(shortened) };
    result = buildTimetable(work);
  }
  if (!result.ok) {
    report(result, work, ceilings, context);
    return { settings: [], timetable: null };
  }
  const { moving } = result;
  return {
    settings: work.jobs.map((job) => settingOf(job, !moving.has(job.key), precise, context)),
    timetable: timetableOf(result, work),
  };
}

const misses = (result: TimetableResult): boolean => !result.ok && result.reason === 'does-not-fit';

const shortened = (job: DutyJob): DutyJob => (job.derived ? { ...job, runNs: (job.runNs * 9n) / 10n } : job);

function settingOf(job: DutyJob, fixed: boolean, precise: boolean, { population }: CeilingContext): Setting {
  return {
    class: job.key,
    subject: population.kindOf(job.key),
    scope: 'each',
    mechanism: job.mechanism,
    runNs: Number(job.runNs),
    periodNs: Number(job.periodNs),
    fidelity: withNote(dutyFidelity(job.runNs, job.periodNs, { fixed, precise }), job),
    because: becauseOf(job.sentences),
  };
}

/** Times to run cannot follow a signal. */
function withNote(fidelity: Fidelity, { derived, sentences }: DutyJob): Fidelity {
  if (!derived || !sentences.some((one) => one.kind === 'limit' && one.elastic)) return fidelity;
  const own = 'an elastic limit is kept at its lower end';
  return { ...fidelity, note: fidelity.note === undefined ? own : `${own}; ${fidelity.note}` };
}

function timetableOf(result: Extract<TimetableResult, { ok: true }>, { ceilings }: DutyWork): Timetable {
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
  { jobs }: DutyWork,
  ceilings: readonly Ceiling[],
  context: CeilingContext,
): void {
  if (result.reason === 'too-long') {
    reportTooLong(jobs, context);
    return;
  }
  const [ceiling] = ceilings.filter(isBy('duty', 'freezer'));
  if (ceiling) reportDoesNotFit(ceiling, 'more vCPUs at a time than it allows', context);
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
