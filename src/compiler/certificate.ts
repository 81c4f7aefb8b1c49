import { fraction, sum } from './exact.js';
import { groupBy } from './group-by.js';
import type { ScheduleProof } from './plan.js';
import type { Admission } from './reservations/admission.js';
import type { ServerDemand } from './reservations/server-demand.js';

type ReservationProof = ScheduleProof['reservations'];

/** What is needed to check an admission again: sums per core, or the global test with its terms. */
export function reservationProof(
  servers: readonly ServerDemand[],
  timing: ServerDemand | null,
  admission: Admission,
  coreCount: number,
): ReservationProof {
  if (!admission.ok || (servers.length === 0 && timing === null)) return { test: 'none' };
  if (admission.test === 'global-edf') {
    const { test, sum: total, largest, limit, tardinessNs } = admission.verdict;
    return {
      test,
      cores: coreCount,
      sum: fraction(total),
      largest: fraction(largest),
      limit: fraction(limit),
      tardinessNs: Number(tardinessNs),
    };
  }
  const { placement, rooms } = admission;
  const timingCore = timing === null ? undefined : placement.get(timing.key);
  const byCore = groupBy(servers.keys(), (index) => placement.get(servers[index]?.key ?? ''));
  const cores = rooms
    .map(({ core, limit }) => {
      const indices = [...(byCore.get(core) ?? [])];
      // INVARIANT: indices come from this very list.
      const own = indices.map((index) => servers[index]!.utilisation);
      const total = sum(timing && timingCore === core ? [...own, timing.utilisation] : own);
      return { core, servers: indices, utilisation: fraction(total), limit: fraction(limit) };
    })
    .sort((a, b) => a.core - b.core);
  return { test: 'partitioned-edf', cores };
}
