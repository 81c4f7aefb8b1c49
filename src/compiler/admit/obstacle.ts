import type { Diagnostic } from '../../lang/diagnostic.js';
import { compare, subtract, ZERO } from '../../support/rational.js';
import { assertions, conflicts, feasibility, hostLimits } from '../catalogue.js';
import { wholeHost } from '../effective-host.js';
import { sum } from '../exact.js';
import type { RefusalReason } from '../relaxation/report-refused.js';
import { totalUtilisation } from '../reservations/admission.js';
import { coreRooms } from '../reservations/placement.js';
import type { Outcome } from '../situation-plan.js';

/** Why a request does not fit beside what a plan holds. */
export type Obstacle =
  | 'cores'
  | 'placement'
  | 'guarantees'
  | 'weights'
  | 'restriction'
  | 'memory'
  | 'interface'
  | 'timetable'
  | 'assertion'
  | 'host'
  | 'size'
  | 'hardness'
  | 'undecided'
  | 'conflict';

export interface Refusal {
  readonly obstacle: Obstacle;
  /** Of the diagnostic that compiling both together gives; null: it gives none. */
  readonly code: string | null;
  /** What it says, or the arithmetic; null: there is no more to say than the obstacle. */
  readonly reason: string | null;
  /** It is certain that it does not fit; else what was tried does not. */
  readonly proof: boolean;
}

const OBSTACLES: ReadonlyMap<string, Obstacle> = new Map(
  (
    [
      [conflicts.brokenReservation, 'restriction'],
      [conflicts.brokenGuarantee, 'restriction'],
      [conflicts.restNeverRuns, 'restriction'],
      [feasibility.guaranteesDoNotFit, 'memory'],
      [feasibility.noInterface, 'interface'],
      [feasibility.timetableDoesNotFit, 'timetable'],
      [feasibility.hyperperiodTooLong, 'timetable'],
      [feasibility.tooManyTurns, 'timetable'],
      [feasibility.nothingLeft, 'guarantees'],
      [feasibility.planTooLarge, 'size'],
      [feasibility.tooManyChanges, 'size'],
      [assertions.broken, 'assertion'],
      ...Object.values(hostLimits).map((entry) => [entry, 'host'] as const),
    ] as const
  ).map(([{ code }, obstacle]) => [code, obstacle]),
);

/** Found by trying, so that what does not fit in one way may fit in another. */
const TRIED: ReadonlySet<Obstacle> = new Set(['timetable', 'weights']);

/** What a diagnostic of policy and request together comes to. */
export function refusalOf({ code, message }: Diagnostic): Refusal {
  const obstacle = OBSTACLES.get(code) ?? 'conflict';
  return { obstacle, code, reason: message, proof: !TRIED.has(obstacle) };
}

/** Why a situation has no schedule; null: it has one. */
export function refusalIn(outcome: Outcome): Refusal | null {
  const { refusals, context } = outcome;
  const error = context.findings.list.find(({ severity }) => severity === 'error');
  if (error) {
    const refusal = refusalOf(error);
    const proof = refusal.obstacle === 'interface' ? interfaceProof(refusals) : refusal.proof;
    return { ...refusal, proof };
  }
  const [refused] = refusals;
  return refused ? refusedBy(refused.reason, outcome) : null;
}

function refusedBy(reason: RefusalReason, outcome: Outcome): Refusal {
  switch (reason.kind) {
    case 'found':
      return refusalOf(reason.diagnostic);
    case 'servers': {
      const obstacle = exceedsCores(reason.servers, outcome) ? 'cores' : 'placement';
      return { obstacle, code: feasibility.reservationsDoNotFit.code, reason: null, proof: reason.proof };
    }
    case 'unkept': {
      const { arithmetic } = reason.unkept;
      if (arithmetic === null)
        return { obstacle: 'weights', code: feasibility.weightsTooCoarse.code, reason: null, proof: false };
      const { placements } = outcome.demands;
      // Servers that are elsewhere may leave to guests that are placed what is promised to them.
      const proof = placements.size === 0 || outcome.servers.length === 0;
      return { obstacle: 'guarantees', code: feasibility.guaranteesDoNotFit.code, reason: arithmetic, proof };
    }
  }
}

/** More is reserved than all cores have that may carry servers. */
function exceedsCores(
  servers: Outcome['servers'],
  { demands, context: { host } }: Pick<Outcome, 'demands' | 'context'>,
): boolean {
  const keep = demands.keep?.cores ?? ZERO;
  const room = host.facts.cgroup.cpuset
    ? sum(coreRooms(host, keep).map(({ limit }) => limit))
    : subtract(wholeHost(host), keep);
  return compare(totalUtilisation(servers), room) > 0;
}

const interfaceProof = (refusals: Outcome['refusals']): boolean =>
  refusals.every(
    ({ reason }) =>
      reason.kind !== 'found' || reason.refusedReservations.every(({ refused }) => refused.proof),
  );
