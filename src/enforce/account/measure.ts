import type { Schedule, Setting, SettingOf } from '../../compiler/plan.js';
import type { ClassifiedGuest } from '../classify.js';
import { decideServers, holdsServers } from '../decide/decide-servers.js';
import type { RunningTimetable } from '../host.js';
import type { PlanIndex } from '../plan-index.js';
import type { Amounts } from './amounts.js';
import { measureAmount } from './measure-amounts.js';
import { measureShares } from './measure-shares.js';
import type { ControlSample } from './sample.js';
import type { Interval, Usage } from './usage.js';

/**
 * Promised against delivered of every control over one interval in which `schedule` and its timetable were in force. A promise that was
 * refused counts as missed. A quota is measured on those it acts on: the guests in it that hold no reservation. Intervals in which a guest's user had stopped it count for its ceilings only.
 */
export function measureInterval(
  index: PlanIndex,
  schedule: Schedule,
  classified: readonly ClassifiedGuest[],
  interval: Interval,
  timetable: RunningTimetable | null,
): readonly ControlSample[] {
  if (interval.elapsedNs <= 0) return [];
  const context: Context = { classified, interval, sums: new Map(), members: new Map() };
  const single = classified.flatMap((one) => {
    const usage = interval.usage.get(one.guest.key);
    if (usage === undefined) return [];
    return schedule.settings
      .filter((setting) => index.appliesTo(setting, one.class))
      .flatMap((setting) => {
        const sample = measureOne(index, schedule, setting, one, usage, context);
        return sample ? [{ guest: one.guest.key, setting, ...sample }] : [];
      });
  });
  return [...single, ...measureShares(index, schedule, classified, interval, timetable)];
}

interface Context {
  readonly classified: readonly ClassifiedGuest[];
  readonly interval: Interval;
  /** What is the same for all members of a sum is measured once, and not for each of them. */
  readonly sums: Map<Setting, SumOfQuota>;
  readonly members: Map<Setting, readonly Amounts[]>;
}
interface SumOfQuota {
  readonly members: ReadonlySet<ClassifiedGuest>;
  readonly numbers: Numbers;
}
type Numbers = Omit<ControlSample, 'guest' | 'setting'>;

function measureOne(
  index: PlanIndex,
  schedule: Schedule,
  setting: Setting,
  one: ClassifiedGuest,
  usage: Usage,
  context: Context,
): Numbers | null {
  const { interval } = context;
  switch (setting.mechanism) {
    case 'reservation':
      return usage.stoppedByUser ? null : reservation(schedule, one, usage, interval.elapsedNs);
    case 'duty':
    case 'freezer':
      return usage.stoppedByUser ? null : duty(setting, usage, interval.elapsedNs);
    case 'quota': {
      if (setting.scope === 'each')
        return holdsServers(schedule, one) ? null : quota(setting, [one], interval);
      const { members, numbers } = sumOfQuota(index, schedule, setting, context);
      return members.has(one) ? numbers : null;
    }
    case 'memory':
    case 'disk':
    case 'network': {
      return measureAmount(setting, usage.amounts, amountsOf(index, setting, context), interval);
    }
    case 'share':
    case 'placement':
    case 'stop':
      return null;
  }
}

function sumOfQuota(
  index: PlanIndex,
  schedule: Schedule,
  setting: SettingOf<'quota'>,
  { classified, interval, sums }: Context,
): SumOfQuota {
  const known = sums.get(setting);
  if (known) return known;
  const members = classified.filter(
    (one) => index.appliesTo(setting, one.class) && !holdsServers(schedule, one),
  );
  const sum = { members: new Set(members), numbers: quota(setting, members, interval) };
  sums.set(setting, sum);
  return sum;
}

function amountsOf(
  index: PlanIndex,
  setting: Setting,
  { classified, interval, members }: Context,
): readonly Amounts[] {
  const known = members.get(setting);
  if (known) return known;
  const inside = classified.filter((one) => index.appliesTo(setting, one.class));
  const amounts = inside.flatMap(({ guest }) => interval.usage.get(guest.key)?.amounts ?? []);
  members.set(setting, amounts);
  return amounts;
}

/** Per guest: the sum over its vCPUs. The main loop's server is QEMU's overhead, promised to nobody. */
function reservation(
  schedule: Schedule,
  one: ClassifiedGuest,
  usage: Usage,
  elapsedNs: number,
): Numbers | null {
  const vcpus = decideServers(schedule, one).servers.filter((server) => server.thread !== 'main');
  if (vcpus.length === 0) return null;
  const cores = vcpus.reduce((sum, { budgetNs, periodNs }) => sum + Number(budgetNs) / Number(periodNs), 0);
  return {
    unit: 'cores',
    bound: 'exactly',
    promisedNs: cores * elapsedNs,
    deliveredNs: usage.vcpuCpuNs,
    baseNs: elapsedNs,
  };
}

/** Allowed time, as the timing thread measured it; CPU use is the guest's own affair. One that it does not hold runs. */
function duty(setting: SettingOf<'duty' | 'freezer'>, usage: Usage, elapsedNs: number): Numbers {
  const measuredNs = usage.allowedNs + usage.stoppedNs;
  const baseNs = measuredNs || elapsedNs;
  return {
    unit: 'fraction',
    bound: 'exactly',
    promisedNs: (setting.runNs / setting.periodNs) * baseNs,
    deliveredNs: measuredNs === 0 ? elapsedNs : usage.allowedNs,
    baseNs,
  };
}

function quota(
  setting: SettingOf<'quota'>,
  members: readonly ClassifiedGuest[],
  { usage, elapsedNs }: Interval,
): Numbers {
  return {
    unit: 'cores',
    bound: 'at-most',
    promisedNs: setting.ceilingCores * elapsedNs,
    deliveredNs: members.reduce((sum, { guest }) => sum + (usage.get(guest.key)?.cpuNs ?? 0), 0),
    baseNs: elapsedNs,
  };
}
