import { groupBy } from '../group-by.js';
import type { Plan, Schedule, ScheduleProof } from '../plan.js';
import { above, decimal, type Fraction, minus, over, parse, ratio, sum } from '../verify/fractions.js';
import { type Host, hostOf } from '../verify/host.js';
import { dutiesIn, peak } from '../verify/timetables.js';
import { rounded } from './rounded.js';
import { threadProblems } from './threads.js';

/*
 * Settings set just what is proved, and what needs no proof but themselves holds.
 */

/** Weights of nice values from −20 to 19: `sched_prio_to_weight` of the kernel. */
const NICE_WEIGHTS = [
  88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904, 3906, 3121,
  2501, 1991, 1586, 1277, 1024, 820, 655, 526, 423, 335, 272, 215, 172, 137, 110, 87, 70, 56, 45, 36, 29, 23,
  18, 15,
];

/** The part of a second that threads at real-time priority are given. */
const MOST_ELEVATED: Fraction = [19n, 20n];

export const settingProblems = (schedule: Schedule, proof: ScheduleProof, plan: Plan): readonly string[] => [
  ...threadProblems(schedule, plan),
  ...weightProblems(schedule, proof, plan),
  ...placementProblems(schedule),
  ...memoryProblems(schedule, plan),
  ...cycleProblems(schedule, proof, hostOf(plan)),
];

/** The settings set the very weights of the proof, which proves their floors; nothing else has another weight than usual. */
function weightProblems({ settings }: Schedule, { shares }: ScheduleProof, plan: Plan): readonly string[] {
  const rows = groupBy(
    shares.flatMap(({ children }) => children),
    (one) => one.class,
  );
  const rowsOf = (name: string) => rows.get(name) ?? [];
  const set = new Set(settings.flatMap((one) => (one.mechanism === 'share' ? [one.class] : [])));
  const guestsOf = new Map(plan.classes.map(({ name, maxGuests }) => [name, maxGuests]));
  const guestsIn = (name: string) => guestsOf.get(name) ?? 1;
  const usual = plan.host.cgroup.version === 1 || plan.host.cgroup.version === 0 ? 1024 : 100;
  const unset = shares
    .flatMap(({ children }) => children)
    .filter(({ class: name, weight }) => {
      const guests = plan.host.cgroup.version === 0 ? guestsIn(name) : 1;
      return name !== 'owner' && weight !== usual * guests && !set.has(name);
    });
  const wrong = settings.flatMap((one) => {
    if (one.mechanism !== 'share') return [];
    const { class: name, weight, nice, floorCores } = one;
    const guests = nice === undefined ? 1 : guestsIn(name);
    const total = weight * guests;
    const isWeight = name === 'owner' || rowsOf(name).every((row) => row.weight === total);
    const isNice = nice === undefined || NICE_WEIGHTS[nice + 20] === weight;
    const isProved =
      floorCores === null ||
      rowsOf(name).some(
        (row) =>
          row.floorCores !== null &&
          !above(decimal(floorCores), rounded(over(parse(row.floorCores), ratio(guests)))),
      );
    return [
      ...(isWeight && isNice ? [] : [`the weight of ${name} is not the one proved`]),
      ...(isProved ? [] : [`nothing proves the floor of ${name}`]),
    ];
  });
  return [...unset.map((one) => `nothing sets the weight of ${one.class}`), ...wrong];
}

/** Servers of guests that are placed are on cores of their placement. */
function placementProblems({ settings, servers }: Schedule): readonly string[] {
  const serversOf = groupBy(servers, (one) => one.class);
  return settings.flatMap((one) => {
    if (one.mechanism !== 'placement') return [];
    const cores = new Set<number | null>(one.cores);
    const isAstray = (serversOf.get(one.class) ?? []).some((server) => !cores.has(server.core));
    return isAstray ? [`a server of ${one.class} is not on a core that it is placed on`] : [];
  });
}

/** Memory floors of all classes and what is kept for the owner fit; nobody is promised more than it may have. */
function memoryProblems({ settings }: Schedule, { classes, host }: Plan): readonly string[] {
  const memory = settings.flatMap((one) => (one.mechanism === 'memory' ? [one] : []));
  const problems = memory.flatMap(({ class: name, ceilingBytes, floorBytes }) =>
    ceilingBytes !== null && floorBytes !== null && floorBytes > ceilingBytes
      ? [`${name} is promised more memory than it may have`]
      : [],
  );
  const floors = new Map(memory.map((one) => [`${one.scope} ${one.class}`, one.floorBytes]));
  const floorOf = (name: string, scope: 'each' | 'sum'): number => floors.get(`${scope} ${name}`) ?? 0;
  const total = classes
    .map(({ name, maxGuests }) => Math.max(floorOf(name, 'sum'), floorOf(name, 'each') * maxGuests))
    .reduce((all, bytes) => all + bytes, floorOf('owner', 'sum') + floorOf('others', 'sum'));
  const kept = floorOf('owner', 'sum');
  const guests = memory.find((one) => one.class === 'guests' && one.scope === 'sum')?.ceilingBytes;
  if (kept > 0 && (guests ?? host.memoryBytes) > host.memoryBytes - kept)
    problems.push('guests may have memory that is kept for the owner');
  return total > host.memoryBytes ? [...problems, 'more memory is promised than the host has'] : problems;
}

/**
 * What runs at real-time priority leaves the kernel what it takes anyway, and has a core for each vCPU beside what is kept for
 * the owner and what servers take; who is promised something by turns has it.
 */
function cycleProblems(schedule: Schedule, { keptCores }: ScheduleProof, host: Host): readonly string[] {
  const { timetable, servers } = schedule;
  const duties = dutiesIn(schedule);
  const elevated = duties.filter((one) => one.elevated);
  const taken = sum([parse(keptCores), ...servers.map(host.utilisation)]);
  const [room, unit] = minus(ratio(host.cores.length), taken);
  const names = elevated.map((one) => one.class);
  // Each of its vCPUs has a core, also where a guest has more of them than the host has cores.
  const widthOf = (name: string) => host.vcpusIn(name) / host.guestsIn(name);
  const most = timetable && peak(timetable, names, { ...host, widthOf });
  const fits = elevated.length === 0 || (most !== null && BigInt(most) * unit <= room);
  return [
    ...(fits ? [] : ['more run at real-time priority at once than there are cores for']),
    ...duties.flatMap(({ class: name, elevated: isReal, runNs, periodNs, floorCores = 0 }) => {
      const had = ratio(runNs * host.guestsIn(name) * host.widthOf(name), periodNs);
      return [
        ...(isReal && above(ratio(runNs, periodNs), MOST_ELEVATED)
          ? [`${name} would be held by the kernel`]
          : []),
        ...(above(decimal(floorCores), had) ? [`${name} has less than its floor ${floorCores}`] : []),
      ];
    }),
  ];
}
