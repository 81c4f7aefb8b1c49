import type { Plan, Schedule, SettingOf } from '../../compiler/plan.js';
import { SimulatedKernel } from '../../enforce/simulated/kernel.js';
import type { Task } from '../../enforce/simulated/task.js';
import type { ServerUse } from '../report/simulation-report.js';

const PERIODS = 60;
const LEAST_NS = 2_000_000_000;
const MOST_NS = 20_000_000_000;
/** Service is looked for so many times in the shortest period. */
const LOOKS_PER_PERIOD = 40;
const SHORTEST_LOOK_NS = 25_000;

/**
 * The servers of some schedules, each set of them once, as the kernel runs them: EDF with constant bandwidth servers, every
 * thread always busy, budgets enforced at ticks where the host has no precise timers for them. What is delivered, and the
 * longest time without service, to a fortieth of the shortest period.
 */
export function simulateServers(plan: Plan, schedules: ReadonlySet<string>): readonly ServerUse[] {
  const alike = new Map<string, Schedule[]>();
  for (const schedule of plan.schedules) {
    if (!schedules.has(schedule.id) || schedule.servers.length === 0) continue;
    const key = JSON.stringify(schedule.servers);
    alike.set(key, [...(alike.get(key) ?? []), schedule]);
  }
  return [...alike.values()].flatMap((same) => simulateAlike(plan, same));
}

interface Watched {
  readonly task: Task;
  /** When it was last seen to have run. */
  servedNs: number;
  cpuNs: number;
  worstNs: number;
}

function simulateAlike(plan: Plan, same: readonly Schedule[]): readonly ServerUse[] {
  const { servers, settings } = same[0]!;
  const { host } = plan;
  const kernel = new SimulatedKernel({
    cores: typeof host.cores === 'number' ? host.cores : host.cores.length,
    tickNs: host.hrtickDeadline ? 0 : host.tickNs,
    deadlineLimit: 1,
    taskWeight: 1024,
  });
  const position = new Map((typeof host.cores === 'number' ? [] : host.cores).map(({ id }, at) => [id, at]));
  const watched = servers.map(({ core, budgetNs, periodNs }, at): Watched => {
    const task = kernel.spawn(at + 1, 'busy', kernel.root);
    kernel.setDeadline(task, { budgetNs, periodNs }, core === null ? null : (position.get(core) ?? core));
    return { task, servedNs: 0, cpuNs: 0, worstNs: 0 };
  });
  const periods = servers.map(({ periodNs }) => periodNs);
  const lookNs = Math.max(SHORTEST_LOOK_NS, Math.min(...periods) / LOOKS_PER_PERIOD);
  const endNs = Math.min(MOST_NS, Math.max(LEAST_NS, PERIODS * Math.max(...periods)));
  for (let nowNs = lookNs; nowNs <= endNs; nowNs += lookNs) {
    kernel.advanceTo(nowNs);
    for (const one of watched) look(one, nowNs);
  }
  return servers.map(({ class: name, member, thread, core, budgetNs, periodNs }, at) => {
    const one = watched[at];
    return {
      schedules: same.map(({ id }) => id),
      class: name,
      member,
      thread,
      core,
      promisedCores: budgetNs / periodNs,
      deliveredCores: (one?.task.cpuNs ?? 0) / endNs,
      worstGapMs: (one?.worstNs ?? 0) / 1e6,
      statedGapMs: statedGapMs(settings, name, thread),
    };
  });
}

/** Of a vCPU that something is promised to; null: the plan says none of it. */
function statedGapMs(settings: Schedule['settings'], name: string, thread: string): number | null {
  const setting = settings.find(
    (one): one is SettingOf<'reservation'> => one.mechanism === 'reservation' && one.class === name,
  );
  const vcpu = setting?.vcpus?.find((_, at) => thread === `vcpu ${at}`);
  const idle = vcpu !== undefined && setting?.keeps?.tasks === true && vcpu.tasks.length === 0;
  const gapNs = setting?.fidelity.worstGapNs ?? null;
  return gapNs === null || thread === 'main' || idle ? null : gapNs / 1e6;
}

function look(one: Watched, nowNs: number): void {
  const ran = one.task.cpuNs - one.cpuNs;
  one.cpuNs = one.task.cpuNs;
  // It ran somewhere in the interval: the gap before it is at least up to where it can have begun.
  if (ran > 0) {
    one.worstNs = Math.max(one.worstNs, nowNs - ran - one.servedNs);
    one.servedNs = nowNs;
  }
}
