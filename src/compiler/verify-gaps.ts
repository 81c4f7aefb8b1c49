import type { Plan, Schedule, Server } from './plan.js';

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
