import type { Plan, Schedule } from '../../compiler/plan.js';
import type { SimulatedClass } from '../model/population.js';
import { longestPeriodOf } from './durations.js';
import { type Gap, worstGap } from './measured-control.js';
import { Stage } from './stage.js';
import { statedGapNs } from './stated-gap.js';
import type { Change } from './stretch.js';

const SECOND_NS = 1e9;
const LEAST_WARM_UP_NS = 0.5 * SECOND_NS;
/** Of the longest period: a change comes in the middle of things, not where periods begin. */
const INTO_PERIOD = 0.38;

/** A change of schedule as it was on the simulated kernel. */
export interface RunChange {
  readonly stage: Stage;
  readonly simulatedNs: number;
  /** Until the last action of the enforcer. */
  readonly settledNs: number;
  readonly refused: number;
  /** Of the threads whose server is the same throughout: the gap that comes nearest to what is stated. */
  readonly gap: (Gap & { readonly class: string }) | null;
  readonly wallMsOf: (stageNs: number) => number;
}

/** Goes through a change, and through what came right after it, until all is in force or the events are used up. */
export async function runChange(
  plan: Plan,
  classes: readonly SimulatedClass[],
  { before, after }: Change,
  mostEvents: number,
): Promise<RunChange> {
  const schedules = [before, ...after.map(({ moment }) => moment)].map(({ mode }) => mode.schedule);
  const longestNs = longestPeriodOf(schedules);
  const warmUpNs = Math.max(LEAST_WARM_UP_NS, 2 * longestNs) + INTO_PERIOD * longestNs;
  const startMs = (after[0]?.moment.atMs ?? before.atMs) - warmUpNs / 1e6;
  const stage = new Stage(plan, classes, startMs);
  const { host } = stage;
  const left = () => mostEvents - host.kernel.eventCount;
  await stage.start(before);
  await stage.run(warmUpNs, left());
  const fromNs = host.kernel.nowNs;
  const actionsBefore = host.log.length;
  const guests = classes.flatMap((_, at) => stage.guestsOf(at));
  for (const { starved } of guests.flatMap(({ tasks }) => tasks)) starved.restart(fromNs);
  host.kernel.coreLoad.restart(fromNs);
  for (const { moment, ms } of after) {
    await stage.show(moment);
    await stage.run(ms * 1e6, left());
  }
  // A change in two steps waits the longest period, and others may wait for it.
  const atMostNs = 2 * longestNs + 2 * SECOND_NS;
  for (let waited = 0; stage.isSettling && waited < atMostNs; waited += SECOND_NS) {
    if ((await stage.run(SECOND_NS, left())) === 0) break;
  }
  const actions = host.log.slice(actionsBefore);
  return {
    stage,
    simulatedNs: host.kernel.nowNs,
    settledNs: (actions.at(-1)?.atNs ?? fromNs) - fromNs,
    refused: actions.filter(({ outcome }) => !outcome.ok).length,
    gap: unchangedGap(stage, classes, schedules),
    wallMsOf: (stageNs) => startMs + stageNs / 1e6,
  };
}

/** Across a change promises hold for those whose servers are the same in all schedules. */
function unchangedGap(
  stage: Stage,
  classes: readonly SimulatedClass[],
  schedules: readonly Schedule[],
): RunChange['gap'] {
  const gaps = classes.flatMap(({ plan: name }, at) =>
    stage.guestsOf(at).flatMap(({ vcpus }, member) =>
      vcpus.flatMap((task, vcpu) => {
        const thread = `vcpu ${vcpu}`;
        const stated = schedules.map((schedule) => statedGapNs(schedule, name ?? '', thread));
        if (stated.some((one) => one === null) || !isSameServer(schedules, name, member, thread)) return [];
        const gap = task.starved.at(stage.host.kernel.nowNs);
        return gap
          ? [{ ...gap, statedNs: Math.max(...stated.map((one) => one ?? 0)), class: name ?? '' }]
          : [];
      }),
    ),
  );
  const worst = worstGap(gaps);
  return gaps.find((one) => one.lengthNs === worst?.lengthNs && one.statedNs === worst.statedNs) ?? null;
}

function isSameServer(
  schedules: readonly Schedule[],
  className: string | null,
  member: number,
  thread: string,
): boolean {
  const servers = schedules.map((schedule) =>
    schedule.servers.find((one) => one.class === className && one.member === member && one.thread === thread),
  );
  const texts = servers.map((one) => (one ? `${one.budgetNs}/${one.periodNs}` : ''));
  return texts[0] !== '' && texts.every((text) => text === texts[0]);
}
