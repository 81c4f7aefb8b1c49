import { utilisationOf } from './diff/core-sums.js';
import type { ObservedGuest } from './host.js';

/** Deadline bandwidth that guests hold, in cores, by the core that they are confined to; null: to none. */
export function reservedCores(
  guests: readonly Pick<ObservedGuest, 'servers'>[],
): ReadonlyMap<number | null, number> {
  const sums = new Map<number | null, number>();
  for (const { servers } of guests) {
    for (const server of servers.values()) {
      sums.set(server.core, (sums.get(server.core) ?? 0) + utilisationOf(server));
    }
  }
  return sums;
}
