import { compare, subtract, ZERO } from '../../support/rational.js';
import { sum } from '../exact.js';
import { groupBy } from '../group-by.js';
import type { Schedule, ScheduleProof } from '../plan.js';
import type { Admission } from '../reservations/admission.js';
import { type Placement, place } from '../reservations/placement.js';
import { type ServerDemand, serverKey, TIMING_KEY, timingServer } from '../reservations/server-demand.js';
import { draftSchedule } from '../schedule-draft.js';
import type { Outcome } from '../situation-plan.js';

/** What a request would get in some modes. */
export interface Granted {
  /** Ids of the modes. */
  readonly modes: readonly string[];
  /** The test that admits all servers of these modes together; none: no server is asked for. */
  readonly test: ScheduleProof['reservations']['test'];
  readonly servers: readonly GrantedServer[];
  /** Servers of the plan that would go to other cores. */
  readonly moved: number;
}

export interface GrantedServer {
  readonly member: number;
  readonly thread: string;
  /** Null: any. */
  readonly core: number | null;
  readonly budgetNs: number;
  readonly periodNs: number;
}

/**
 * What the class `key` of a request gets in a situation that has a schedule. Servers of the plan stay on the cores that they
 * have in `present`, where that leaves room and keeps everything; else they are where compiling both together puts them.
 */
export function grantedIn(outcome: Outcome, key: string, present: Schedule): Omit<Granted, 'modes'> {
  const asked = outcome.servers.filter((one) => one.class === key);
  if (asked.length === 0) return { test: 'none', servers: [], moved: 0 };
  const before = placementIn(present);
  const beside = placedBeside(asked, before, outcome);
  const placement = beside ?? placementOf(outcome);
  return {
    // INVARIANT: a situation that has a schedule has a proof of it.
    test: outcome.drafted!.schedule.proof.reservations.test,
    servers: asked.map(({ key: own, member, thread, budgetNs, periodNs }) => ({
      member,
      thread,
      core: placement.get(own) ?? null,
      budgetNs: Number(budgetNs),
      periodNs: Number(periodNs),
    })),
    moved: [...before].filter(([own, core]) => placement.has(own) && placement.get(own) !== core).length,
  };
}

const placementOf = ({ admission }: Outcome): Placement =>
  admission.ok && admission.test === 'partitioned-edf' ? admission.placement : new Map();

function placementIn({ servers, timing }: Schedule): Placement {
  const own = servers.flatMap(({ class: name, member, thread, core }) =>
    core === null ? [] : [[serverKey(name, member, thread), core] as const],
  );
  const core = timing?.core ?? null;
  return new Map(core === null ? own : [...own, [TIMING_KEY, core]]);
}

/** All servers where the plan has them, and those asked for in the room beside them; null: that does not keep everything. */
function placedBeside(asked: readonly ServerDemand[], before: Placement, outcome: Outcome): Placement | null {
  const { admission, context, servers } = outcome;
  if (!admission.ok || admission.test !== 'partitioned-edf') return null;
  const own = new Set(asked);
  const staying = servers.filter((one) => !own.has(one));
  if (admission.placement.has(TIMING_KEY)) staying.push(timingServer(context.host));
  if (staying.some(({ key }) => !before.has(key))) return null;
  const held = groupBy(staying, ({ key }) => before.get(key));
  const free = admission.rooms.map((room) => {
    const taken = sum((held.get(room.core) ?? []).map(({ utilisation }) => utilisation));
    return { ...room, limit: subtract(room.limit, taken) };
  });
  if (free.some(({ limit }) => compare(limit, ZERO) < 0)) return null;
  const result = place(asked, free, { tickNs: 0n, searchNodes: 0 });
  if (!result.fits) return null;
  const stayed = staying.map(({ key }) => [key, before.get(key) ?? 0] as const);
  const placement = new Map([...stayed, ...result.placement]);
  return keepsAll(outcome, { ...admission, placement }) ? placement : null;
}

/** Where servers are matters to guests that are placed, and promised something there. */
function keepsAll(outcome: Outcome, admission: Admission): boolean {
  const { demands, context } = outcome;
  if (demands.placements.size === 0 || demands.floors.size === 0) return true;
  return draftSchedule(outcome, admission, context).unkept === null;
}
