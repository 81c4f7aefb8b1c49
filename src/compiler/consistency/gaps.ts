import { groupBy } from '../group-by.js';
import type { Plan, Schedule, ScheduleProof, Server, Timetable } from '../plan.js';
import { above, type Fraction, minus, ONE, over, ratio, sum, times, ZERO } from '../verify/fractions.js';
import { type Host, hostOf, serversOf } from '../verify/host.js';
import { tardiness } from '../verify/servers.js';
import { dutiesIn, windowsOf } from '../verify/timetables.js';

/*
 * No subject waits for CPU longer than its setting says its mechanism can make it wait.
 */

/** For how long threads at real-time priority may be held when they take the rest of a second. */
const HOLD_NS = 50_000_000;

export function gapProblems(schedule: Schedule, proof: ScheduleProof, plan: Plan): readonly string[] {
  const host = hostOf(plan);
  return [
    ...reservationGaps(schedule, proof, host),
    ...dutyGaps(schedule, host),
    ...quotaGaps(schedule, plan),
    ...schedule.settings.flatMap(({ class: name, mechanism, fidelity }) =>
      mechanism === 'share' && fidelity.kind !== 'best-effort' ? [`weights of ${name} bound nothing`] : [],
    ),
  ];
}

/** 2(P − Q), or with ticks 2⌈tick/Q⌉(P − Q) + tick, and what others make late; `hard` is nothing late, and budgets of two ticks. */
function reservationGaps(schedule: Schedule, proof: ScheduleProof, host: Host): readonly string[] {
  const { settings, servers } = schedule;
  const lateness = latenessIn(serversOf(schedule), proof.reservations, host);
  const serversBy = groupBy(servers, (one) => one.class);
  return settings.flatMap((one) => {
    if (one.mechanism !== 'reservation') return [];
    const { class: name, fidelity, keeps, vcpus = [] } = one;
    const isAsked = (thread: string) =>
      !keeps?.tasks ||
      keeps.windows.length > 0 ||
      vcpus.some(({ tasks }, vcpu) => tasks.length > 0 && thread === `vcpu ${vcpu}`);
    const asked = (serversBy.get(name) ?? []).filter(({ thread }) => thread !== 'main' && isAsked(thread));
    const holds = asked.every((server) => {
      const { budgetNs, periodNs } = server;
      const late = lateness(server);
      const periods = host.tickNs === 0 ? 1 : Math.ceil(host.tickNs / budgetNs);
      const gap = 2 * periods * (periodNs - budgetNs) + host.tickNs + late;
      const soft = late > 0 || budgetNs < 2 * host.tickNs;
      const isHonest = fidelity.kind === 'bounded' || (fidelity.kind === 'hard' && !soft);
      return isHonest && (fidelity.worstGapNs ?? 0) >= gap;
    });
    return holds ? [] : [`${name} is promised shorter gaps than it can have`];
  });
}

/** Under global EDF the bound for all; on a core with ticks one for each other server there, less what the core has to spare. */
function latenessIn(
  all: readonly Server[],
  proof: ScheduleProof['reservations'],
  host: Host,
): (server: Server) => number {
  if (proof.test !== 'partitioned-edf') {
    const exact = (host.tickNs === 0 && proof.test === 'gfb') || all.length < 2;
    const late = exact ? 0 : roundedUp(tardiness(all, host, host.tickNs));
    return () => late;
  }
  if (host.tickNs === 0) return () => 0;
  const loads = new Map(
    [...groupBy(all, ({ core }) => core)].map(([core, own]) => [
      core,
      { count: own.length, total: sum(own.map(host.utilisation)) },
    ]),
  );
  return ({ core, periodNs }) => {
    const load = loads.get(core);
    if (core === null || !load) return 0;
    const spare = minus(ONE, over(load.total, host.speedOf(core)));
    const late = minus(ratio((load.count - 1) * host.tickNs), times(spare, ratio(periodNs)));
    return above(late, ZERO) ? roundedUp(late) : 0;
  };
}

const roundedUp = ([num, den]: Fraction): number => Number((num + den - 1n) / den);

function dutyGaps(schedule: Schedule, host: Host): readonly string[] {
  const { timetable } = schedule;
  if (timetable === null) return [];
  return dutiesIn(schedule).flatMap(({ class: name, runNs, elevated, fidelity }) => {
    const stop = Math.max(
      ...[...new Array(host.guestsIn(name)).keys()].map((member) => longestStop(name, member, timetable)),
    );
    const isTold = runNs === 0 || (fidelity.worstGapNs ?? 0) >= stop + (elevated ? HOLD_NS : 0);
    return isTold && fidelity.kind !== 'hard' ? [] : [`${name} is stopped for longer than it says`];
  });
}

/** Between two windows, around the end of the timetable as well. */
function longestStop(name: string, member: number, timetable: Timetable): number {
  const own = windowsOf(name, member, timetable);
  const before = (own.at(-1)?.endNs ?? 0) - timetable.hyperperiodNs;
  return Math.max(...own.map(({ startNs }, index) => startNs - (own[index - 1]?.endNs ?? before)));
}

/** What is left of a period when all vCPUs have used the quota up; of a sum nobody says how it is used. */
function quotaGaps({ settings }: Schedule, { classes, unions }: Plan): readonly string[] {
  const byName = new Map(classes.map((one) => [one.name, one]));
  const membersOf = new Map(unions.map((one) => [one.name, one.classes]));
  const vcpusOf = (name: string): number => {
    const declared = byName.get(name);
    return declared ? declared.vcpus * declared.maxGuests : Number.POSITIVE_INFINITY;
  };
  return settings.flatMap((one) => {
    if (one.mechanism !== 'quota') return [];
    const { class: name, scope, ceilingCores, elastic, periodNs, fidelity } = one;
    const members = membersOf.get(name) ?? [name];
    const each = byName.get(name)?.vcpus ?? Number.POSITIVE_INFINITY;
    const vcpus = scope === 'each' ? each : members.map(vcpusOf).reduce((all, count) => all + count, 0);
    const gap = periodNs - ((elastic?.fromCores ?? ceilingCores) * periodNs) / vcpus;
    // A nanosecond for what a number in the plan is rounded by.
    const isTold = fidelity.kind === 'bounded' && (fidelity.worstGapNs ?? 0) >= Math.floor(gap) - 1;
    return isTold ? [] : [`the quota of ${name} makes it wait longer than it says`];
  });
}
