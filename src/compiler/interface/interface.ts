import type { GuestTask } from '../../lang/model.js';
import { invariant } from '../../support/invariant.js';
import { assignTasks } from './assign-tasks.js';
import { cheapestServer, type SearchTerms, someServer } from './cheapest-server.js';
import { type ClosestMiss, closestMiss } from './closest-miss.js';
import { type Need, proofHorizonNs, type TestPoint, taskSet } from './demand.js';
import { allOf, needInWindow, needOfTasks, type Requirement } from './requirement.js';
import { type PeriodicServer, supplyOf } from './supply.js';

/** What a guest needs; not nothing. */
export interface GuestNeeds {
  /** They share the vCPUs, each staying on one, under EDF. */
  readonly tasks: readonly GuestTask[];
  /** On every vCPU. */
  readonly windows: readonly Need[];
}

/** The server of one vCPU and what it is for. */
export interface VcpuInterface {
  readonly server: PeriodicServer;
  /** Those that are to run on this vCPU, in the order of declaration. */
  readonly tasks: readonly GuestTask[];
  /** They prove, in ascending windows, that the tasks meet their deadlines: see {@link testEdf}. None without tasks. */
  readonly points: readonly TestPoint[];
  /** The windows that were asked for, with what is supplied in them. */
  readonly windows: readonly TestPoint[];
}

export interface DerivedInterface {
  readonly ok: true;
  /** Null: a vCPU without tasks where only tasks need servers. */
  readonly vcpus: readonly (VcpuInterface | null)[];
}

export interface RefusedInterface {
  readonly ok: false;
  /** False where too many ways to assign the tasks to vCPUs were possible to try them all. */
  readonly proof: boolean;
  /**
   * A smallest set of tasks that no server suffices for; or all of them, where each fits a vCPU and all together do not fit
   * on those there are; none where it is a window.
   */
  readonly tasks: readonly GuestTask[];
  /** Null where it is not one vCPU that fails, and where no server is cheap enough to begin with. */
  readonly miss: ClosestMiss | null;
}

/** The cheapest servers that give a guest what it needs. */
export function deriveInterface(
  { tasks, windows }: GuestNeeds,
  vcpus: number,
  terms: SearchTerms,
): DerivedInterface | RefusedInterface {
  const needOf = (part: readonly GuestTask[]) => requirementOf({ tasks: part, windows });
  const fits = (part: readonly GuestTask[]) => someServer(needOf(part), terms);
  if (windows.length > 0 && !fits([])) {
    return { ok: false, proof: true, tasks: [], miss: closestMiss(needOf([]), terms) };
  }
  const assigned = assignTasks(tasks, vcpus, fits);
  if (assigned.ok) {
    const serve = (own: readonly GuestTask[]): VcpuInterface => {
      const server = cheapestServer(needOf(own), terms);
      invariant(server, 'tasks are assigned to a vCPU only where a server suffices for them');
      return proved({ tasks: own, windows }, server, terms);
    };
    const idle = windows.length > 0 && assigned.vcpus.some(({ length }) => length === 0) ? serve([]) : null;
    return { ok: true, vcpus: assigned.vcpus.map((own) => (own.length > 0 ? serve(own) : idle)) };
  }
  const { proof, alone } = assigned;
  if (alone.length === 0 && vcpus > 1) return { ok: false, proof, tasks, miss: null };
  const stuck = irreducible(alone.length > 0 ? alone.slice(0, 1) : tasks, fits);
  return { ok: false, proof: true, tasks: stuck, miss: closestMiss(needOf(stuck), terms) };
}

/**
 * The cheapest server that gives a guest what it needs if every vCPU has it: for guests all of whose vCPUs run and stop
 * together.
 */
export function deriveGangInterface(
  { tasks, windows }: GuestNeeds,
  vcpus: number,
  terms: SearchTerms,
): DerivedInterface | RefusedInterface {
  const alone = deriveInterface({ tasks, windows }, vcpus, terms);
  if (!alone.ok) return alone;
  const parts = alone.vcpus.flatMap((one) => (one === null ? [] : [one.tasks]));
  const server = cheapestServer(allOf(parts.map((own) => requirementOf({ tasks: own, windows }))), terms);
  if (server === null) return { ok: false, proof: false, tasks, miss: null };
  return {
    ok: true,
    vcpus: alone.vcpus.map((one) => one && proved({ tasks: one.tasks, windows }, server, terms)),
  };
}

/** Whether {@link deriveInterface} finds servers, without looking for the cheapest. */
export function hasInterface({ tasks, windows }: GuestNeeds, vcpus: number, terms: SearchTerms): boolean {
  const fits = (part: readonly GuestTask[]) => someServer(requirementOf({ tasks: part, windows }), terms);
  return (windows.length === 0 || fits([])) && assignTasks(tasks, vcpus, fits).ok;
}

/** That one server on every vCPU gives a guest what it needs; null where it does not. */
export function proveInterface(
  { tasks, windows }: GuestNeeds,
  vcpus: number,
  server: PeriodicServer,
  terms: Pick<SearchTerms, 'tickNs'>,
): readonly VcpuInterface[] | null {
  const supply = supplyOf(server, terms.tickNs);
  const fits = (part: readonly GuestTask[]) =>
    requirementOf({ tasks: part, windows }).test(supply).kind === 'met';
  if (windows.length > 0 && !fits([])) return null;
  const assigned = assignTasks(tasks, vcpus, fits);
  return assigned.ok ? assigned.vcpus.map((own) => proved({ tasks: own, windows }, server, terms)) : null;
}

function proved(
  { tasks, windows }: GuestNeeds,
  server: PeriodicServer,
  { tickNs }: Pick<SearchTerms, 'tickNs'>,
): VcpuInterface {
  const supply = supplyOf(server, tickNs);
  const pointsOf = (requirement: Requirement): readonly TestPoint[] => {
    const verdict = requirement.test(supply);
    invariant(verdict.kind === 'met', 'a server that was found meets the requirement');
    return verdict.points;
  };
  return {
    server,
    tasks,
    points: tasks.length === 0 ? [] : pointsOf(requirementOf({ tasks, windows: [] })),
    windows: windows.flatMap((window) => pointsOf(needInWindow(window))),
  };
}

function requirementOf({ tasks, windows }: GuestNeeds): Requirement {
  const all = windows.map(needInWindow);
  if (tasks.length === 0) return allOf(all);
  const set = taskSet(tasks);
  return allOf([needOfTasks(set, proofHorizonNs(set)), ...all]);
}

/** What does not fit, although it does without any one of its tasks (deletion filter). */
function irreducible(
  tasks: readonly GuestTask[],
  fits: (tasks: readonly GuestTask[]) => boolean,
): readonly GuestTask[] {
  let kept = tasks;
  for (const task of tasks) {
    const without = kept.filter((one) => one !== task);
    if (without.length > 0 && !fits(without)) kept = without;
  }
  return kept;
}
