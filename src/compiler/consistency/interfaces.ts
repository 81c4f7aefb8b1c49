import { groupBy } from '../group-by.js';
import type { InterfaceProof, Plan, Setting } from '../plan.js';
import { meetsDeadlines, supply } from '../verify/interfaces.js';
import { isOnce } from './is-once.js';

type Task = NonNullable<Plan['classes'][number]['tasks']>[number];
type Window = InterfaceProof['windows'][number];

/** A vCPU of which something is asked, and what of it. */
interface Use extends Pick<InterfaceProof, 'class' | 'budgetNs' | 'periodNs' | 'tasks'> {
  readonly asked: readonly { readonly budgetNs: number; readonly windowNs: number }[];
  readonly tickNs: number;
}

/** There is a proof for each server of which something is asked, it holds number by number, and there is no other. */
export function interfaceRowProblems(plan: Plan): readonly string[] {
  const rows = plan.certificate.interfaces ?? [];
  const uses = usesIn(plan);
  const tasksOf = new Map(plan.classes.map(({ name, tasks = [] }) => [name, tasks]));
  const usesOf = groupBy(uses, (one) => one.class);
  const rowsOf = groupBy(rows, (one) => one.class);
  const fits = (row: InterfaceProof, use: Use) => proves(row, use, tasksOf.get(use.class) ?? []);
  return [
    ...uses
      .filter((use) => !(rowsOf.get(use.class) ?? []).some((row) => fits(row, use)))
      .map((use) => `nothing proves what is asked of a server of ${use.class}`),
    ...rows
      .filter((row) => !(usesOf.get(row.class) ?? []).some((use) => fits(row, use)))
      .map((row) => `a proof about a server of ${row.class} that is not so`),
    ...(isOnce(rows.map((row) => JSON.stringify(row))) ? [] : ['a server is proved twice']),
  ];
}

/** Of equal ones one, in however many schedules they are. */
function usesIn({ schedules, host }: Plan): readonly Use[] {
  const uses = new Map<string, Use>();
  for (const setting of schedules.flatMap(({ settings }) => settings)) {
    for (const use of usesOfSetting(setting, host.hrtickDeadline ? 0 : host.tickNs)) {
      uses.set(JSON.stringify(use), use);
    }
  }
  return [...uses.values()];
}

function usesOfSetting(setting: Setting, tickNs: number): readonly Use[] {
  if (!('keeps' in setting) || !setting.keeps) return [];
  const { class: name, keeps, periodNs, vcpus } = setting;
  const isServer = setting.mechanism === 'reservation';
  const whole = { budgetNs: isServer ? setting.budgetNs : setting.runNs, periodNs, tasks: [] };
  return (vcpus ?? [whole])
    .filter(({ tasks }) => tasks.length + keeps.windows.length > 0)
    .map((server) => ({
      class: name,
      budgetNs: server.budgetNs,
      periodNs: server.periodNs,
      tasks: server.tasks,
      asked: keeps.windows,
      tickNs: isServer ? tickNs : 0,
    }));
}

function proves(row: InterfaceProof, use: Use, declared: readonly Task[]): boolean {
  const { budgetNs, periodNs, tasks, tickNs } = use;
  const isOf = row.budgetNs === budgetNs && row.periodNs === periodNs && `${row.tasks}` === `${tasks}`;
  if (!isOf) return false;
  const own = declared.filter(({ name }) => tasks.includes(name));
  const isMet = own.length === 0 ? row.points.length === 0 : meetsDeadlines(own, use, row.points, tickNs);
  const asked = use.asked.map((one) => `${one.windowNs} ${one.budgetNs}`);
  const shown = row.windows.map(({ windowNs, demandNs }) => `${windowNs} ${demandNs}`);
  const isSupplied = ({ windowNs, demandNs, supplyNs }: Window) =>
    supplyNs === supply(use, windowNs, tickNs) && demandNs <= supplyNs;
  return isMet && `${asked.sort()}` === `${shown.sort()}` && row.windows.every(isSupplied);
}
