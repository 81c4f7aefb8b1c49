import type { Plan, Schedule, ScheduleProof, Server } from './plan.js';
import { above, type Fraction, minus, over, plus, zero } from './verify-fractions.js';
import { slowestLimit, switchesNs, type Times, utilisationOn, withTiming } from './verify-servers.js';

/*
 * Re-checks the longest gaps that reservations are said to have. Like verify.ts, and as a part of it, it shares nothing
 * with the compiler.
 */

/**
 * No server's gap is longer than its setting says: 2(P − Q), or with ticks 2⌈tick/Q⌉(P − Q) + tick, and what is late.
 * `hard` is nothing late, and budgets of two ticks.
 */
export function gapProblems(
  { settings, servers }: Schedule,
  lateNs: (server: Server) => number,
  { host }: Plan,
): string[] {
  const tickNs = host.hrtickDeadline ? 0 : host.tickNs;
  return settings.flatMap((one) => {
    if (one.mechanism !== 'reservation') return [];
    const { class: name, fidelity, keeps, vcpus = [] } = one;
    const isAsked = (thread: string) =>
      !keeps?.tasks ||
      keeps.windows.length > 0 ||
      vcpus.some(({ tasks }, vcpu) => tasks.length > 0 && thread === `vcpu ${vcpu}`);
    const asked = servers.filter(
      ({ class: of, thread }) => of === name && thread !== 'main' && isAsked(thread),
    );
    const holds = asked.every((server) => {
      const { budgetNs, periodNs } = server;
      const late = Math.max(0, lateNs(server));
      const periods = tickNs === 0 ? 1 : Math.ceil(tickNs / budgetNs);
      const gap = 2 * periods * (periodNs - budgetNs) + tickNs + late;
      const soft = late > 0 || budgetNs < 2 * tickNs;
      return (fidelity.worstGapNs ?? 0) >= gap && !(soft && fidelity.kind === 'hard');
    });
    return holds ? [] : [`${name} is promised shorter gaps than it can have`];
  });
}

/** The bound of Devi and Anderson; with ticks each cost, and the demand of each server, is up to one larger. */
export function tardiness(
  servers: readonly Times[],
  cores: number,
  host: Plan['host'],
  tickNs: number,
): Fraction {
  const perCore = slowestLimit(host);
  const down = (values: readonly Fraction[]) => [...values].sort((a, b) => (above(a, b) ? -1 : 1));
  const cost = (ns: number) => over([BigInt(ns), 1n], perCore);
  const costs = down(servers.map(({ budgetNs }) => cost(budgetNs + tickNs + switchesNs(host))));
  const [longest, shortest] = [costs[0] ?? zero, costs.at(-1) ?? zero];
  const sum = plus(costs.slice(0, cores - 1).reduce(plus, zero), cost(tickNs * servers.length));
  const numerator = minus(sum, shortest);
  const heavy = down(servers.map((one) => over(utilisationOn(host)(one), perCore))).slice(
    0,
    Math.max(cores - 2, 0),
  );
  const denominator = minus([BigInt(cores), 1n], heavy.reduce(plus, zero));
  return plus(above(numerator, zero) ? over(numerator, denominator) : zero, longest);
}

/**
 * How late a server's budget may be: the bound of global EDF; on a core with others, where budgets are looked at at ticks,
 * a tick for each of them less what the core has to spare in a period.
 */
export function latenessIn(schedule: Schedule, { reservations: proof }: ScheduleProof, { host }: Plan) {
  const all = withTiming(schedule);
  const tickNs = host.hrtickDeadline ? 0 : host.tickNs;
  if (proof.test === 'gfb' || proof.test === 'devi-anderson') {
    const exact = tickNs === 0 && proof.test === 'gfb';
    const [late, unit] = exact || all.length < 2 ? zero : tardiness(all, proof.cores, host, tickNs);
    return () => Number((late + unit - 1n) / unit);
  }
  if (tickNs === 0) return () => 0;
  return ({ core, periodNs }: Server): number => {
    const own = all.filter((one) => one.core === core);
    const [spare, unit] = own.map(utilisationOn(host)).reduce(minus, [1n, 1n]);
    return (own.length - 1) * tickNs - Number((spare * BigInt(periodNs)) / unit);
  };
}
