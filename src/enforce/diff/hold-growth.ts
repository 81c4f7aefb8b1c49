import type { Desired, DesiredServer } from '../decide/desired.js';
import type { Observation } from '../host.js';
import { coreSums, utilisationOf } from './core-sums.js';
import { grows } from './diff-servers.js';

/**
 * What is desired, except that no reservation grows, moves or is added yet: those that would stay as they are, the rest
 * shrinks or goes and frees its bandwidth. What remains to be done then only takes what is free.
 */
export function holdGrowth(observation: Observation, desired: Desired): Desired {
  return mapServers(observation, desired, (server, before) =>
    grows(before, server) || before.core !== server.core ? { ...server, ...before } : server,
  );
}

/**
 * The first step of a two-step change: as {@link holdGrowth}, but reservations that leave a core on which old and new do
 * not fit side by side go now and come back when growth may begin; else two that change places would wait for ever.
 */
export function holdGrowthAndPart(observation: Observation, desired: Desired, coreLimit: number): Desired {
  const after = coreSums([...desired.guests.values()].flatMap(({ servers }) => servers));
  const leaving = coreSums(moversOf(observation, desired));
  const crowded = (core: number | null) =>
    core !== null && (after.get(core) ?? 0) + (leaving.get(core) ?? 0) > coreLimit + 1e-9;
  const held = holdGrowth(observation, desired);
  return mapServers(observation, desired, (server, before) => {
    if (before.core !== server.core && crowded(before.core)) return null;
    return held.guests.get(server.guest)?.servers.find(({ tid }) => tid === server.tid) ?? null;
  });
}

type Guests = Desired['guests'];
type Before = { readonly budgetNs: bigint; readonly periodNs: bigint; readonly core: number | null };

/** Servers that are in force, as `change` wants them; those that are not in force yet are left out. */
function mapServers(
  observation: Observation,
  desired: Desired,
  change: (server: DesiredServer & { readonly guest: string }, before: Before) => DesiredServer | null,
): Desired {
  const inForce = new Map(observation.guests.map((one) => [one.guest.key, one.servers]));
  const guests: Guests = new Map(
    [...desired.guests].map(([key, guest]) => {
      const servers = guest.servers.flatMap((server) => {
        const before = inForce.get(key)?.get(server.tid);
        return (before && change({ ...server, guest: key }, before)) ?? [];
      });
      return [key, { ...guest, servers }];
    }),
  );
  return { ...desired, guests };
}

function moversOf(observation: Observation, desired: Desired): readonly Before[] {
  return observation.guests.flatMap(({ guest, servers }) =>
    (desired.guests.get(guest.key)?.servers ?? []).flatMap((server) => {
      const before = servers.get(server.tid);
      return before && before.core !== server.core && utilisationOf(before) > 0 ? [before] : [];
    }),
  );
}
