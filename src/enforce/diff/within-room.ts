import type { Action, Observation, ObservedServer } from '../host.js';
import { coreSums, utilisationOf } from './core-sums.js';

type Reserve = Extract<Action, { kind: 'reserve' }>;

/**
 * Keeps back reservations for which there is no room on their core, counting what really is there: the kernel only
 * looks at all cores together, and a server that could not be taken away must not be piled upon.
 * `coreLimit`: utilisation that one core may carry. Deferred actions come up again with the next step.
 */
export function withinRoom(
  observation: Observation,
  actions: readonly Action[],
  coreLimit: number,
): { readonly actions: readonly Action[]; readonly deferred: readonly Reserve[] } {
  const room = new Room(observation, coreLimit);
  const allowed: Action[] = [];
  let deferred: Reserve[] = [];
  for (const action of actions) {
    if (room.take(action)) allowed.push(action);
    else if (action.kind === 'reserve') deferred.push(action);
  }
  // One that moved away later in the list may have made room for one that came earlier.
  for (let progress = true; progress; ) {
    const again = deferred.filter((action) => !room.take(action));
    progress = again.length < deferred.length;
    allowed.push(...deferred.filter((action) => !again.includes(action)));
    deferred = again;
  }
  return { actions: allowed, deferred };
}

class Room {
  readonly #servers = new Map<string, Map<number, ObservedServer>>();
  readonly #coreLimit: number;

  constructor(observation: Observation, coreLimit: number) {
    this.#coreLimit = coreLimit;
    for (const { guest, servers } of observation.guests) this.#servers.set(guest.key, new Map(servers));
  }

  /** False: no room. True: what the action does is counted. */
  take(action: Action): boolean {
    if (action.kind === 'release') this.#servers.delete(action.guest);
    if (action.kind === 'unreserve') this.#servers.get(action.guest)?.delete(action.tid);
    if (action.kind !== 'reserve') return true;
    const own = this.#servers.get(action.guest) ?? new Map<number, ObservedServer>();
    const before = own.get(action.tid);
    own.delete(action.tid);
    this.#servers.set(action.guest, own);
    const fits = action.core === null || shrinks(before, action) || this.#fits(action, action.core);
    if (fits) own.set(action.tid, action);
    else if (before) own.set(action.tid, before);
    return fits;
  }

  #fits(action: Reserve, core: number): boolean {
    const sums = coreSums([...this.#servers.values()].flatMap((servers) => [...servers.values()]));
    return (sums.get(core) ?? 0) + utilisationOf(action) <= this.#coreLimit + 1e-9;
  }
}

const shrinks = (before: ObservedServer | undefined, after: ObservedServer): boolean =>
  before !== undefined && before.core === after.core && utilisationOf(after) <= utilisationOf(before);
