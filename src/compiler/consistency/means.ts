import type { Plan, Schedule, Setting } from '../plan.js';
import { unless } from '../verify/host.js';
import { isOnce } from './is-once.js';

/** Of the kernel. */
const WEIGHTS = { 0: [1, 10_000], 1: [2, 262_144], 2: [1, 10_000] } as const;
const [SHORTEST_PERIOD_NS, LONGEST_PERIOD_NS, LEAST_BUDGET_NS] = [100_000, 4_000_000_000, 1024];
/** Quotas are of at least a millisecond, every tenth of a second or, where that is too little, up to every second. */
const [USUAL_QUOTA_NS, LONGEST_QUOTA_NS, LEAST_QUOTA_NS] = [100_000_000, 1_000_000_000, 1_000_000];

/** The host has what settings need, in amounts that it takes; of a kind each subject has one. */
export function meansProblems({ settings }: Schedule, plan: Plan): readonly string[] {
  const cores = coresOf(plan);
  return [
    ...unless(isOnce(settings.map(keyOf)), 'two settings are of the same kind, for the same subject'),
    ...settings.flatMap((one) => [
      ...unless(isMeant(one, plan), `the host has no means for the ${one.mechanism} of ${one.class}`),
      ...unless(isPossible(one, cores), `the ${one.mechanism} of ${one.class} is of no possible amount`),
    ]),
  ];
}

const coresOf = ({ host: { cores } }: Plan): ReadonlySet<number> =>
  new Set(typeof cores === 'number' ? new Array(cores).keys() : cores.map(({ id }) => id));

/** A ceiling may follow several signals, each by a setting of its own. */
const keyOf = (one: Setting): string =>
  JSON.stringify([one.class, one.mechanism, one.scope, ...('elastic' in one ? [one.elastic] : [])]);

function isMeant(one: Setting, { host }: Plan): boolean {
  const { mechanisms, cgroup, nice, realtimePriority = 0 } = host;
  switch (one.mechanism) {
    case 'share': {
      if (!mechanisms.includes('share')) return false;
      const isNice = !(cgroup.version > 0 && cgroup.gather);
      const isOurs = one.nice === undefined || (nice && nice.least <= one.nice && one.nice <= nice.most);
      const [least, most] = WEIGHTS[cgroup.version];
      if (isNice) return (one.nice !== undefined || one.class === 'owner') && isOurs === true;
      return one.nice === undefined && (one.class === 'owner' || (least <= one.weight && one.weight <= most));
    }
    case 'reservation':
    case 'quota':
    case 'freezer':
      return mechanisms.includes(one.mechanism);
    case 'duty':
      return one.elevated === undefined || realtimePriority > 0;
    default:
      return true;
  }
}

function isPossible(one: Setting, cores: ReadonlySet<number>): boolean {
  switch (one.mechanism) {
    case 'reservation':
      return [one, one.overhead, ...(one.vcpus ?? [])].every(isServer);
    case 'quota':
      return isQuota(one);
    case 'duty':
    case 'freezer':
      return 0 <= one.runNs && one.runNs <= one.periodNs && 0 < one.periodNs;
    case 'placement':
      return (
        one.cores.length > 0 && isOnce(one.cores.map(String)) && one.cores.every((core) => cores.has(core))
      );
    case 'stop':
      return one.withinNs >= 0;
    case 'memory':
      return isBound(one.ceilingBytes, one.floorBytes);
    case 'disk':
      return isBound(one.bytesPerSecond, one.iops);
    case 'network':
      return one.bytesPerSecond >= 0;
    default:
      return true;
  }
}

const isServer = ({ budgetNs, periodNs }: { budgetNs: number; periodNs: number }): boolean =>
  LEAST_BUDGET_NS <= budgetNs &&
  budgetNs <= periodNs &&
  SHORTEST_PERIOD_NS <= periodNs &&
  periodNs <= LONGEST_PERIOD_NS;

/** The period is no longer than it has to be; an elastic ceiling is between its ends. */
function isQuota({ ceilingCores, periodNs, elastic }: Extract<Setting, { mechanism: 'quota' }>): boolean {
  const needed = LEAST_QUOTA_NS / ceilingCores;
  const isFollowing =
    !elastic ||
    [0 <= elastic.fromCores, elastic.fromCores <= elastic.toCores, elastic.toCores <= ceilingCores].every(
      Boolean,
    );
  const follows = elastic?.minus;
  const isForecast =
    follows?.kind !== 'forecast' || (0 < follows.level && follows.level < 1 && 0 < follows.overNs);
  // A nanosecond for what the number of cores is rounded by.
  const isShortest =
    periodNs === USUAL_QUOTA_NS ? needed <= USUAL_QUOTA_NS + 1 : Math.abs(periodNs - needed) <= 1;
  return (
    ceilingCores > 0 &&
    isShortest &&
    USUAL_QUOTA_NS <= periodNs &&
    periodNs <= LONGEST_QUOTA_NS &&
    isForecast &&
    isFollowing
  );
}

/** One of two amounts, or both. */
const isBound = (one: number | null, other: number | null): boolean =>
  (one !== null || other !== null) && (one ?? 0) >= 0 && (other ?? 0) >= 0;
