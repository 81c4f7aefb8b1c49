import { formatInstant } from '../compiler/calendar/zone.js';
import { coreCountOf } from '../compiler/facts.js';
import type { Plan } from '../compiler/plan.js';
import { indexPlan } from '../enforce/plan-index.js';
import { simulateInDetail } from './detail/simulate-in-detail.js';
import { StretchRecord } from './detail/stretch-record.js';
import { classesOf } from './model/population.js';
import type { BudgetUse } from './replay/budget-book.js';
import { type ReplayEnd, type ReplayOptions, replay, type Span } from './replay/replay.js';
import { ClassRecord } from './report/class-record.js';
import { ModeRecord } from './report/mode-record.js';
import { OwnerRecord } from './report/owner-record.js';
import { PromiseRecord } from './report/promise-record.js';
import type { BudgetReport, SimulationReport } from './report/simulation-report.js';
import { type Timeline, TimelineRecord } from './report/timeline.js';
import type { Trace } from './trace/trace.js';

export interface Simulation {
  readonly report: SimulationReport;
  readonly timeline: Timeline;
}

const NS_PER_CORE_HOUR = 3.6e12;
const MS_PER_DAY = 86_400_000;
const FIRST = 10;

/** Replays a trace through a plan and reports what everybody got. Deterministic; times in `options` are wall-clock. */
export const simulate = (plan: Plan, trace: Trace, options: ReplayOptions): Simulation =>
  replayInto(plan, trace, options, () => {});

/** The same, and then what is worth it again on the simulated kernel, with the enforcer in charge. */
export async function simulateWithDetail(
  plan: Plan,
  trace: Trace,
  options: ReplayOptions,
): Promise<Simulation> {
  const stretches = new StretchRecord();
  const { report, timeline } = replayInto(plan, trace, options, (span) => stretches.add(span));
  const classes = classesOf(plan, report.cores);
  const detail = await simulateInDetail(plan, classes, stretches.stretches());
  return { report: { ...report, detail }, timeline };
}

function replayInto(
  plan: Plan,
  trace: Trace,
  options: ReplayOptions,
  record: (span: Span) => void,
): Simulation {
  const { startMs } = options;
  const endMs = startMs + trace.length * trace.stepMs;
  const totalMs = endMs - startMs;
  const index = indexPlan(plan);
  const cores = coreCountOf(plan.host);
  const population = classesOf(plan, cores);
  const [modes, owner, promises] = [new ModeRecord(), new OwnerRecord(), new PromiseRecord()];
  const classes = new ClassRecord(index, population);
  const timeline = new TimelineRecord(startMs, endMs, trace.length, population);
  const end = replay(plan, trace, options, (span) => {
    modes.add(span);
    owner.add(span);
    promises.add(span);
    classes.add(span);
    timeline.add(span);
    record(span);
  });
  const instant = (ms: number) => formatInstant(plan.host.timezone, ms);
  const report: SimulationReport = {
    policy: plan.policy.name,
    from: instant(startMs),
    to: instant(endMs),
    seconds: totalMs / 1000,
    stepSeconds: trace.stepMs / 1000,
    cores,
    notes: notesOf(end),
    modes: modes.uses(plan, totalMs),
    modeChanges: modes.changes,
    modeChangesPerDay: (modes.changes * MS_PER_DAY) / totalMs,
    owner: owner.use(totalMs),
    idleCores: owner.idleCores(totalMs),
    classes: classes.uses(totalMs),
    promises: promises.uses(instant),
    budgets: end.budgets.map((budget) => budgetReport(budget, instant)),
    detail: null,
  };
  return { report, timeline: timeline.timeline() };
}

function notesOf({ quiet, tooMany }: ReplayEnd): readonly string[] {
  const assumed = quiet.length === 0 ? [] : [`not in the trace, and taken to be quiet: ${quiet.join(', ')}`];
  const left = tooMany.map((name) => `guests of ${name} beyond those that the policy declares are left out`);
  return [...assumed, ...left];
}

const budgetReport = (use: BudgetUse, instant: (ms: number) => string): BudgetReport => ({
  budget: use.id,
  allowedCoreHours: use.allowedNs / NS_PER_CORE_HOUR,
  per: use.per,
  periods: use.periods,
  periodsSpent: use.spentAtMs.length,
  spentSeconds: use.spentMs / 1000,
  mostCoreHours: use.mostNs / NS_PER_CORE_HOUR,
  spentAt: use.spentAtMs.slice(0, FIRST).map(instant),
});
