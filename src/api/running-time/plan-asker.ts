import { coreCountOf } from '../../compiler/facts.js';
import type { Schedule, Timetable } from '../../compiler/plan.js';
import { isDuty, OTHERS, type PlanIndex } from '../../enforce/plan-index.js';
import type { Asker, RunWindows } from '../../rps/running-time/index.js';
import { classesOf, type Demand, type SimulatedClass } from '../../simulate/model/population.js';
import { ScheduleModel } from '../../simulate/model/schedule-model.js';

/** A guest that runs, as far as it matters for what others get. */
export interface PresentGuest {
  /** As in the plan; null: among others. */
  readonly class: string | null;
  readonly member: number | null;
  /** What it uses of the CPU, cores; null: not known, it is taken to want all that it can use. */
  readonly usedCores: number | null;
}

export interface HostNow {
  readonly index: PlanIndex;
  /** In force, its elastic limits where they are now. */
  readonly schedule: Schedule;
  readonly guests: readonly PresentGuest[];
  /** Threads of the owner's that want to run. */
  readonly ownerThreads: number;
}

/** The owner's threads beside which rates are worked out; more leave no less to anybody than the last of these. */
const MOST_THREADS = 32;
/** Who uses so much of what he could get has more to do. */
const ALL_OF_IT = 0.85;

/**
 * What the plan and the host leave to a thread of a guest of that class, or (null) to one of the owner's that
 * begins now. Of a class with several guests it is the first one's windows that count. A class without a guest
 * gets what its first guest would. Throws a RangeError for a class that the plan does not have.
 */
export function planAsker(host: HostNow, className: string | null): Asker {
  const asker = askerIn(host, className);
  if (host.index.plan.host.cgroup.ownerAs !== 'slices') return asker;
  // Of how many groups the owner's threads are nobody knows: half way between one, and one for each.
  const apart = askerIn({ ...host, index: withThreadsApart(host.index) }, className);
  return { ...asker, rates: asker.rates.map((rate, threads) => (rate + apart.rates[threads]!) / 2) };
}

/** The same plan on a host that treats the owner's threads one by one. */
const withThreadsApart = (index: PlanIndex): PlanIndex => {
  const { host } = index.plan;
  const cgroup = { ...host.cgroup, ownerAs: 'threads' as const };
  return { ...index, plan: { ...index.plan, host: { ...host, cgroup } } };
};

function askerIn(host: HostNow, className: string | null): Asker {
  const { index, schedule } = host;
  const cores = coreCountOf(index.plan.host);
  const classes = classesOf(index.plan, cores);
  const at = classes.findIndex(({ name }) => name === className);
  if (className !== null && at < 0) throw new RangeError(`the plan has no class ${className}`);
  const model = new ScheduleModel(index, schedule, classes, cores);
  const ceilings = model.quotas.map(({ ceilingCores }) => ceilingCores);
  const guests = classes.map(({ plan }) => host.guests.filter((one) => one.class === plan).length);
  const eachCores = wantsOf(host, model, classes, guests, ceilings);
  if (className === null) {
    const rates = ratesBy((others) => {
      const { ownerCores } = model.allocate({ ownerCores: others + 1, guests, eachCores }, ceilings);
      return ownerCores / (others + 1);
    });
    return { kind: 'fair share', rates, windows: null, unevenNs: 0 };
  }
  return guestAsker(host, { model, classes, ceilings }, at, { guests, eachCores });
}

function guestAsker(
  { index, schedule, guests: present }: HostNow,
  { model, classes, ceilings }: Planned,
  at: number,
  wanted: Pick<Demand, 'guests' | 'eachCores'>,
): Asker {
  const { name, plan } = classes[at]!;
  const isAbout = (setting: Schedule['settings'][number]): boolean => index.appliesTo(setting, plan);
  if (schedule.settings.some((one) => one.mechanism === 'stop' && isAbout(one))) return NEVER;
  const server = schedule.servers.find(
    (one) => one.class === name && one.member === 0 && one.thread === 'vcpu 0',
  );
  if (server) {
    const { budgetNs, periodNs } = server;
    return {
      kind: 'reservation',
      rates: [budgetNs / periodNs],
      windows: null,
      unevenNs: periodNs - budgetNs,
    };
  }
  const member = present.find((one) => one.class === plan)?.member ?? 0;
  const windows = schedule.settings.some((one) => isDuty(one) && isAbout(one))
    ? windowsOf(schedule.timetable, plan === null ? OTHERS : name, member)
    : null;
  if (windows?.windows.length === 0) return NEVER;
  const open = windows === null ? 1 : openShare(windows);
  const count = Math.max(1, wanted.guests[at]!);
  const othersWant = wanted.eachCores[at]!;
  const counts = wanted.guests.map((guests, one) => (one === at ? count : guests));
  const each = wanted.eachCores.map((cores, one) =>
    one === at ? (1 + (count - 1) * othersWant) / count : cores,
  );
  const rates = ratesBy((ownerCores) => {
    const all = model.allocate({ ownerCores, guests: counts, eachCores: each }, ceilings).delivered[at]!;
    return Math.max(all / count, all - (count - 1) * othersWant) / open;
  });
  const quota = schedule.settings.find((one) => one.mechanism === 'quota' && isAbout(one));
  const periodNs = quota?.mechanism === 'quota' ? quota.periodNs : 0;
  return {
    kind: windows !== null ? 'duty cycle' : quota ? 'share within a limit' : 'share',
    rates,
    windows,
    unevenNs: periodNs * (1 - rates[0]!),
  };
}

interface Planned {
  readonly model: ScheduleModel;
  readonly classes: readonly SimulatedClass[];
  readonly ceilings: readonly number[];
}

const NEVER: Asker = { kind: 'paused', rates: [0], windows: null, unevenNs: 0 };

const ratesBy = (rate: (ownerThreads: number) => number): number[] =>
  Array.from({ length: MOST_THREADS + 1 }, (_, threads) => Math.min(1, Math.max(0, rate(threads))));

/** By class, what one of its guests wants: what it uses; all that it can where that is about what it is given. */
function wantsOf(
  { guests: present, ownerThreads }: HostNow,
  model: ScheduleModel,
  classes: readonly SimulatedClass[],
  guests: readonly number[],
  ceilings: readonly number[],
): readonly number[] {
  const most = classes.map(({ vcpus }) => vcpus);
  const { delivered } = model.allocate({ ownerCores: ownerThreads, guests, eachCores: most }, ceilings);
  return classes.map(({ plan, vcpus }, at) => {
    let used = 0;
    for (const one of present) if (one.class === plan) used += one.usedCores ?? vcpus;
    return used >= ALL_OF_IT * delivered[at]! ? vcpus : used / guests[at]!;
  });
}

function windowsOf(timetable: Timetable | null, name: string, member: number): RunWindows {
  const own = (timetable?.windows ?? []).filter((one) => one.class === name);
  const column = own.some((one) => one.member === member) ? member : 0;
  return {
    hyperperiodNs: timetable?.hyperperiodNs ?? 1,
    windows: own.filter((one) => one.member === column).sort((a, b) => a.startNs - b.startNs),
  };
}

const openShare = ({ hyperperiodNs, windows }: RunWindows): number =>
  windows.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0) / hyperperiodNs;
