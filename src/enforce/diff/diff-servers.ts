import type { DesiredGuest, DesiredServer } from '../decide/desired.js';
import type { Action, ObservedGuest, ObservedServer } from '../host.js';

export interface ServerActions {
  readonly remove: readonly Action[];
  readonly shrink: readonly Action[];
  readonly grow: readonly Action[];
  readonly add: readonly Action[];
}

/** Changes of reservations of the guests that exist, by what they do to the bandwidth in use. */
export function diffServers(
  observed: readonly ObservedGuest[],
  desired: ReadonlyMap<string, DesiredGuest>,
): ServerActions {
  const actions = {
    remove: [] as Action[],
    shrink: [] as Action[],
    grow: [] as Action[],
    add: [] as Action[],
  };
  for (const one of observed) {
    const { key } = one.guest;
    const wanted = desired.get(key);
    // Guests that we let go altogether are released, which takes their servers too.
    if (wanted === undefined) continue;
    const tids = new Set(wanted.servers.map((server) => server.tid));
    for (const tid of one.servers.keys()) {
      if (!tids.has(tid)) actions.remove.push({ kind: 'unreserve', guest: key, tid });
    }
    for (const server of wanted.servers) {
      const before = one.servers.get(server.tid);
      if (before && sameServer(before, server)) continue;
      actions[changeOf(before, server)].push(reserve(key, server));
    }
  }
  return actions;
}

function changeOf(before: ObservedServer | undefined, after: DesiredServer): 'shrink' | 'grow' | 'add' {
  if (before === undefined) return 'add';
  return grows(before, after) ? 'grow' : 'shrink';
}

/** Whether the utilisation budget/period grows, compared exactly. */
export const grows = (before: ObservedServer, after: DesiredServer): boolean =>
  after.budgetNs * before.periodNs > before.budgetNs * after.periodNs;

const sameServer = (before: ObservedServer, after: DesiredServer): boolean =>
  before.budgetNs === after.budgetNs && before.periodNs === after.periodNs && before.core === after.core;

const reserve = (guest: string, { tid, budgetNs, periodNs, core }: DesiredServer): Action => ({
  kind: 'reserve',
  guest,
  tid,
  budgetNs,
  periodNs,
  core,
});
