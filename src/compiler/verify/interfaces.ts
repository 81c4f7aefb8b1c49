import type { InterfaceProof, Plan, Schedule } from '../plan.js';
import { above, minus, ratio, sum, times } from './fractions.js';
import { type Cycle, type Host, unless } from './host.js';

/* What reservations keep besides budgets: tasks meet their deadlines under EDF in the guest, windows get what they ask for. */

type Task = NonNullable<Plan['classes'][number]['tasks']>[number];

export function interfaceProblems(
  { settings }: Schedule,
  { classes, certificate }: Plan,
  host: Host,
): string[] {
  return settings.flatMap((setting) => {
    if (!('keeps' in setting) || !setting.keeps) return [];
    const { class: name, keeps, periodNs } = setting;
    const isServer = setting.mechanism === 'reservation';
    // Stopping and continuing guests waits for no ticks.
    const tickNs = isServer ? host.tickNs : 0;
    const whole = { budgetNs: isServer ? setting.budgetNs : setting.runNs, periodNs, tasks: [] };
    const vcpus = setting.vcpus ?? [whole];
    const declared = classes.find((one) => one.name === name)?.tasks ?? [];
    const wanted = keeps.tasks ? declared.map((task) => task.name) : [];
    const placed = vcpus.flatMap(({ tasks }) => tasks);
    return [
      ...unless(`${placed.sort()}` === `${wanted.sort()}`, `not each task of ${name} is on one vCPU`),
      ...vcpus.flatMap((server) => {
        const { tasks } = server;
        const own = declared.filter((task) => tasks.includes(task.name));
        const gets = keeps.windows.every((one) => supply(server, one.windowNs, tickNs) >= one.budgetNs);
        const proofs = certificate.interfaces?.filter((one) => one.class === name) ?? [];
        const meets = proofs.some(({ points }) => meetsDeadlines(own, server, points, tickNs));
        return [
          ...unless(gets, `${name} gets too little in a window that it asks for`),
          ...unless(
            own.length === 0 || meets,
            `nothing proves that ${tasks} of ${name} meet their deadlines`,
          ),
        ];
      }),
    ];
  });
}

/** dbf(t) ≤ sbf(t) at every deadline t until the server's long-run rate covers all, whichever t are points of the proof. */
export function meetsDeadlines(
  tasks: readonly Task[],
  server: Cycle,
  points: InterfaceProof['points'],
  tickNs: number,
): boolean {
  if (tasks.length === 0) return false;
  const rate = ratio(server.budgetNs, server.periodNs);
  const left = minus(rate, sum(tasks.map((one) => ratio(one.costNs, one.periodNs))));
  // sbf(t) ≥ (Θ/Π)(t − 2(Π − Θ)) − ahead, and dbf(t) ≤ Ut + Σ C(T − D)/T.
  const gap = times(rate, ratio(2 * (server.periodNs - server.budgetNs)));
  const lead = tasks.map((one) =>
    times(ratio(one.costNs, one.periodNs), ratio(one.periodNs - one.deadlineNs)),
  );
  const behind = sum([gap, ratio(ahead(server, tickNs)), ...lead]);
  const next = (after: number) =>
    Math.min(
      ...tasks.map((one) => after + one.periodNs - ((after - one.deadlineNs + one.periodNs) % one.periodNs)),
    );
  // Between two points the first deadline's supply covers the demand of the second, and so of all deadlines between.
  let last = 0;
  for (const { windowNs, demandNs, supplyNs } of points) {
    const isRight = demandNs === demand(tasks, windowNs) && supplyNs === supply(server, windowNs, tickNs);
    const isNext = next(last) >= windowNs || supply(server, next(last), tickNs) >= demandNs;
    if (windowNs <= last || !isRight || demandNs > supplyNs || !isNext) return false;
    last = windowNs;
  }
  return left[0] > 0n && !above(behind, times(left, ratio(next(last))));
}

const demand = (tasks: readonly Task[], windowNs: number): number =>
  tasks
    .filter(({ deadlineNs }) => windowNs >= deadlineNs)
    .map((one) => (Math.floor((windowNs - one.deadlineNs) / one.periodNs) + 1) * one.costNs)
    .reduce((all, ns) => all + ns, 0);

/** Whole periods after a first gap give a budget each, late; less what may have been given before the window. */
export function supply(server: Cycle, windowNs: number, tickNs: number): number {
  const gap = server.periodNs - server.budgetNs;
  const periods = Math.max(0, Math.floor((windowNs - gap) / server.periodNs));
  const begun = Math.max(0, windowNs - gap - periods * server.periodNs - gap);
  return Math.max(0, periods * server.budgetNs + begun - ahead(server, tickNs));
}

/** Budgets that are looked at only at ticks are overrun by up to one, and made good by as many budgets as that took. */
const ahead = ({ budgetNs }: Cycle, tickNs: number): number =>
  tickNs === 0 ? 0 : tickNs + Math.floor(tickNs / budgetNs) * budgetNs;
