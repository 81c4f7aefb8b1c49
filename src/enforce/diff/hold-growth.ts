import type { Desired, DesiredGuest, DesiredServer } from '../decide/desired.js';
import type { Observation, ObservedServer } from '../host.js';
import { grows } from './diff-servers.js';

/**
 * The first step of a two-step change of mode: what is desired, except that no reservation grows or is added yet.
 * Those in force that would grow stay as they are; the rest shrinks or goes, and frees its bandwidth.
 */
export function holdGrowth(observation: Observation, desired: Desired): Desired {
  const inForce = new Map(observation.guests.map((one) => [one.guest.key, one.servers]));
  const hold = (guest: DesiredGuest): DesiredGuest => {
    const servers = inForce.get(guest.key) ?? new Map<number, ObservedServer>();
    return { ...guest, servers: guest.servers.flatMap((server) => held(server, servers.get(server.tid))) };
  };
  return { ...desired, guests: new Map([...desired.guests].map(([key, guest]) => [key, hold(guest)])) };
}

function held(server: DesiredServer, before: ObservedServer | undefined): readonly DesiredServer[] {
  if (before === undefined) return [];
  return [grows(before, server) || before.core !== server.core ? { ...server, ...before } : server];
}
