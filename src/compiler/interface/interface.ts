import type { GuestTask } from '../../lang/model.js';
import { invariant } from '../../support/invariant.js';
import { assignTasks } from './assign-tasks.js';
import { cheapestServer, type SearchTerms, someServer } from './cheapest-server.js';
import { type ClosestMiss, closestMiss } from './closest-miss.js';
import { type Need, proofHorizonNs, type TestPoint, taskSet } from './demand.js';
import { needInWindow, needOfTasks, type Requirement } from './requirement.js';
import { type PeriodicServer, supplyOf } from './supply.js';

/** The server of one vCPU and what it is for. */
export interface VcpuInterface {
  /** Those that are to run on this vCPU, in the order of declaration; empty where the server is for a window. */
  readonly tasks: readonly GuestTask[];
  readonly server: PeriodicServer;
  /** They prove that it suffices, in ascending windows: see {@link testEdf}. */
  readonly points: readonly TestPoint[];
}

export interface DerivedInterface {
  readonly ok: true;
  /** Null: a vCPU without tasks, which needs no server. */
  readonly vcpus: readonly (VcpuInterface | null)[];
}

export interface RefusedInterface {
  readonly ok: false;
  /** False where too many ways to assign the tasks to vCPUs were possible to try them all. */
  readonly proof: boolean;
  /**
   * A smallest set of tasks that no server suffices for, or all of them, where each fits a vCPU and all together do not fit
   * on those there are.
   */
  readonly tasks: readonly GuestTask[];
  /** Null where it is not one vCPU that fails, and where no server is cheap enough to begin with. */
  readonly miss: ClosestMiss | null;
}

/** The cheapest servers with which tasks meet their deadlines under EDF on the vCPUs that they are assigned to. */
export function interfaceOfTasks(
  tasks: readonly GuestTask[],
  vcpus: number,
  terms: SearchTerms,
): DerivedInterface | RefusedInterface {
  const fits = (part: readonly GuestTask[]) => someServer(needOf(part), terms);
  const assigned = assignTasks(tasks, vcpus, fits);
  if (assigned.ok) {
    return { ok: true, vcpus: assigned.vcpus.map((own) => (own.length === 0 ? null : serve(own, terms))) };
  }
  const { proof, alone } = assigned;
  if (alone.length === 0 && vcpus > 1) return { ok: false, proof, tasks, miss: null };
  const stuck = irreducible(alone.length > 0 ? alone.slice(0, 1) : tasks, fits);
  return { ok: false, proof: true, tasks: stuck, miss: closestMiss(needOf(stuck), terms) };
}

/** The cheapest server that supplies so much in any window of that length, for each vCPU. */
export function interfaceOfWindow(
  need: Need,
  vcpus: number,
  terms: SearchTerms,
): DerivedInterface | RefusedInterface {
  const requirement = needInWindow(need);
  const server = cheapestServer(requirement, terms);
  if (server === null) return { ok: false, proof: true, tasks: [], miss: closestMiss(requirement, terms) };
  const own = { tasks: [], server, points: proofOf(requirement, server, terms) };
  return { ok: true, vcpus: Array.from({ length: vcpus }, () => own) };
}

function serve(tasks: readonly GuestTask[], terms: SearchTerms): VcpuInterface {
  const requirement = needOf(tasks);
  const server = cheapestServer(requirement, terms);
  invariant(server, 'tasks are assigned to a vCPU only where a server suffices for them');
  return { tasks, server, points: proofOf(requirement, server, terms) };
}

function proofOf(requirement: Requirement, server: PeriodicServer, terms: SearchTerms): readonly TestPoint[] {
  const verdict = requirement.test(supplyOf(server, terms.tickNs));
  invariant(verdict.kind === 'met', 'a server that was found meets the requirement');
  return verdict.points;
}

function needOf(tasks: readonly GuestTask[]): Requirement {
  const set = taskSet(tasks);
  return needOfTasks(set, proofHorizonNs(set));
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
