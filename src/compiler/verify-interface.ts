import type { InterfaceProof, Plan, Schedule } from './plan.js';

/*
 * Re-checks what reservations keep besides their budgets: that tasks meet their deadlines, and windows get what they ask for.
 * Like verify.ts, and as a part of it, it shares nothing with the compiler.
 */

type Task = NonNullable<Plan['classes'][number]['tasks']>[number];
type Server = Pick<InterfaceProof, 'budgetNs' | 'periodNs'>;

export function interfaceProblems({ settings }: Schedule, { classes, host, certificate }: Plan): string[] {
  const tickNs = host.hrtickDeadline ? 0 : host.tickNs;
  return settings.flatMap((setting) => {
    if (setting.mechanism !== 'reservation' || !setting.keeps) return [];
    const { class: name, keeps, vcpus = [{ ...setting, tasks: [] }] } = setting;
    const declared = classes.find((one) => one.name === name)?.tasks ?? [];
    const placed = vcpus.flatMap(({ tasks }) => tasks).sort();
    const wanted = keeps.tasks ? declared.map((task) => task.name).sort() : [];
    return [
      ...(`${placed}` === `${wanted}` ? [] : [`not each task of ${name} is on one vCPU`]),
      ...vcpus.flatMap((server) => {
        const own = declared.filter((task) => server.tasks.includes(task.name));
        const fails = keeps.windows.filter((one) => supply(server, one.windowNs, tickNs) < one.budgetNs);
        return [
          ...fails.map(({ windowNs }) => `${name} gets too little in a window of ${windowNs} ns`),
          ...(own.length === 0 || meetsDeadlines(own, server, pointsOf(name, server), tickNs)
            ? []
            : [`nothing proves that tasks ${server.tasks.join(', ')} of ${name} meet their deadlines`]),
        ];
      }),
    ];
  });

  function pointsOf(name: string, server: Server & { tasks: string[] }): InterfaceProof['points'] {
    const isProof = (one: InterfaceProof) =>
      one.class === name &&
      one.budgetNs === server.budgetNs &&
      one.periodNs === server.periodNs &&
      `${one.tasks}` === `${server.tasks}`;
    return certificate.interfaces?.find(isProof)?.points ?? [];
  }
}

/** dbf(t) ≤ sbf(t) at every deadline t until the server's long-run rate covers all, whichever t are points of the proof. */
function meetsDeadlines(
  tasks: readonly Task[],
  server: Server,
  points: InterfaceProof['points'],
  tickNs: number,
): boolean {
  const [budget, period] = [BigInt(server.budgetNs), BigInt(server.periodNs)];
  // In units of 1 / scale: U, Σ C (T − D) / T, Θ/Π, and what the server may be behind that rate.
  const scale = tasks.reduce((product, task) => product * BigInt(task.periodNs), period);
  let [used, lead] = [0n, 0n];
  for (const { costNs, periodNs, deadlineNs } of tasks) {
    used += (scale / BigInt(periodNs)) * BigInt(costNs);
    lead += (scale / BigInt(periodNs)) * BigInt(costNs) * BigInt(periodNs - deadlineNs);
  }
  const rate = (scale / period) * budget;
  if (rate <= used) return false;
  const behind = rate * 2n * (period - budget) + scale * BigInt(ahead(server, tickNs));
  const covered = (windowNs: number) => BigInt(windowNs) * (rate - used) >= lead + behind;
  const next = (after: number) =>
    Math.min(
      ...tasks.map(({ periodNs, deadlineNs }) =>
        after < deadlineNs ? deadlineNs : after + periodNs - ((after - deadlineNs) % periodNs),
      ),
    );
  // Between two points the first deadline's supply covers the demand of the second, and so of all deadlines between.
  let last = 0;
  for (const { windowNs, demandNs, supplyNs } of points) {
    const isRight = demandNs === demand(tasks, windowNs) && supplyNs === supply(server, windowNs, tickNs);
    const isNext = next(last) >= windowNs || supply(server, next(last), tickNs) >= demandNs;
    if (windowNs <= last || !isRight || demandNs > supplyNs || !isNext) return false;
    last = windowNs;
  }
  return covered(next(last));
}

const demand = (tasks: readonly Task[], windowNs: number): number =>
  tasks
    .filter(({ deadlineNs }) => windowNs >= deadlineNs)
    .reduce(
      (sum, { costNs, periodNs, deadlineNs }) =>
        sum + (Math.floor((windowNs - deadlineNs) / periodNs) + 1) * costNs,
      0,
    );

/** Whole periods after a first gap give a budget each, late; less what may have been given before the window. */
function supply(server: Server, windowNs: number, tickNs: number): number {
  const gap = server.periodNs - server.budgetNs;
  const periods = Math.max(0, Math.floor((windowNs - gap) / server.periodNs));
  const begun = Math.max(0, windowNs - gap - periods * server.periodNs - gap);
  return Math.max(0, periods * server.budgetNs + begun - ahead(server, tickNs));
}

/** Budgets that are looked at only at ticks are overrun by up to one, and made good by as many budgets as that took. */
const ahead = ({ budgetNs }: Server, tickNs: number): number =>
  tickNs === 0 ? 0 : tickNs + Math.floor(tickNs / budgetNs) * budgetNs;
