import type { Action, Observation, ObservedServer } from '../host.js';
import { coreSums, utilisationOf } from './core-sums.js';

type Reserve = Extract<Action, { kind: 'reserve' }>;

/**
 * Keeps back reservations for which there is no room on their core, counting all that was seen there and all that is to
 * come: the kernel only looks at all cores together, and a server that cannot be taken away must not be piled upon. What
 * an action would free is not counted before it is seen to be free. `coreLimit`: utilisation that one core may carry.
 */
export function withinRoom(
  observation: Observation,
  actions: readonly Action[],
  coreLimit: number,
): { readonly actions: readonly Action[]; readonly deferred: readonly Reserve[] } {
  const servers = new Map(
    observation.guests.flatMap(({ guest, servers: own }) =>
      [...own].map(([tid, server]) => [`${guest.key} ${tid}`, server] as const),
    ),
  );
  const sums = new Map(coreSums(servers.values()));
  const allowed: Action[] = [];
  const deferred: Reserve[] = [];
  for (const action of actions) {
    if (action.kind !== 'reserve' || action.core === null) {
      allowed.push(action);
      continue;
    }
    const more = growthOn(action.core, servers.get(`${action.guest} ${action.tid}`), action);
    const sum = (sums.get(action.core) ?? 0) + more;
    if (more > 0 && sum > coreLimit + 1e-9) {
      deferred.push(action);
    } else {
      sums.set(action.core, sum);
      allowed.push(action);
    }
  }
  return { actions: allowed, deferred };
}

function growthOn(core: number, before: ObservedServer | undefined, after: Reserve): number {
  const there = before?.core === core ? utilisationOf(before) : 0;
  return Math.max(0, utilisationOf(after) - there);
}
