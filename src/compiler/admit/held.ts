import { compare, max, type Rational, rational, subtract, ZERO } from '../../support/rational.js';
import { totalUtilisation } from '../admission.js';
import type { EffectiveHost } from '../effective-host.js';
import { exactDecimal, sum } from '../exact.js';
import { type CoreRoom, coreRooms, type Placement } from '../placement.js';
import type { Mode, Plan, Schedule, ScheduleProof, Setting } from '../plan.js';
import { type ServerDemand, server, timingServer } from '../server-demand.js';

/** What a schedule of a plan holds already, as an admission needs it. */
export interface Held {
  readonly schedule: Schedule;
  readonly modes: readonly Mode[];
  /** The timing thread's among them, where it has one. */
  readonly servers: readonly ServerDemand[];
  /** What they take, context switches included. */
  readonly usedCores: Rational;
  readonly placement: Placement;
  readonly keep: Rational;
  /** What servers may have of each core, and what those of the plan leave of it. */
  readonly rooms: readonly CoreRoom[];
  readonly free: readonly CoreRoom[];
  /** Its promises are hard because GFB passes: it has to pass with the request as well. */
  readonly needsGfb: boolean;
  /** Cores reserved for vCPUs, context switches and main loops aside. */
  readonly reservedCores: Rational;
  readonly floors: HeldFloors;
  /** On the sum of all guests; null: none. */
  readonly ceilingCores: Rational | null;
  readonly memoryBytes: Rational;
}

export interface HeldFloors {
  /** To all guests, of every depth. */
  readonly promised: Rational;
  /** To all guests as such. */
  readonly ofGuests: Rational;
  /** What each sibling directly below all guests needs. */
  readonly siblings: readonly { readonly floor: Rational }[];
}

/** What a plan holds in each of the schedules that its modes use. */
export function heldIn(plan: Plan, host: EffectiveHost): readonly Held[] {
  return plan.schedules.flatMap((schedule) => {
    const modes = plan.modes.filter((mode) => mode.schedule === schedule.id);
    // INVARIANT: a plan that verifies has a proof for each of its schedules.
    const proof = plan.certificate.schedules.find((one) => one.schedule === schedule.id)!;
    return modes.length === 0 ? [] : [held(schedule, proof, modes, plan, host)];
  });
}

function held(
  schedule: Schedule,
  proof: ScheduleProof,
  modes: readonly Mode[],
  plan: Plan,
  host: EffectiveHost,
): Held {
  const servers = serversIn(schedule, host);
  const placement = new Map(
    servers.flatMap(({ demand, core }) => (core === null ? [] : [[demand.key, core] as const])),
  );
  const demands = servers.map(({ demand }) => demand);
  const keep = keptIn(schedule, proof);
  const rooms = roomsOf(proof, keep, host);
  const used = new Map<number, ServerDemand[]>();
  for (const { demand, core } of servers) {
    if (core === null) continue;
    const own = used.get(core);
    if (own) own.push(demand);
    else used.set(core, [demand]);
  }
  return {
    schedule,
    modes,
    servers: demands,
    usedCores: totalUtilisation(demands),
    placement,
    keep,
    rooms,
    free: rooms.map(({ core, speed, limit }) => ({
      core,
      speed,
      limit: subtract(limit, sum((used.get(core) ?? []).map(({ utilisation }) => utilisation))),
    })),
    needsGfb: proof.reservations.test === 'gfb',
    reservedCores: sum(
      schedule.servers
        .filter(({ thread }) => thread !== 'main')
        .map(({ budgetNs, periodNs }) => rational(BigInt(budgetNs), BigInt(periodNs))),
    ),
    floors: floorsIn(schedule, proof, plan),
    ceilingCores: ceilingOf(schedule.settings),
    memoryBytes: memoryIn(schedule, plan),
  };
}

function serversIn({ settings, servers, timing }: Schedule, host: EffectiveHost) {
  const placed = new Map(
    settings.flatMap((one) => (one.mechanism === 'placement' ? [[one.class, one.cores] as const] : [])),
  );
  const own = servers.map((one) => {
    const [budgetNs, periodNs] = [BigInt(one.budgetNs), BigInt(one.periodNs)];
    const { class: name, member, thread } = one;
    const demand = server(
      { class: name, member, thread, budgetNs, periodNs, cores: placed.get(name) ?? null },
      host,
    );
    return { demand, core: one.core };
  });
  return timing ? [...own, { demand: timingServer(host), core: timing.core }] : own;
}

const floorText = (text: string): Rational => {
  const [num = '0', den = '1'] = text.split('/');
  return rational(BigInt(num), BigInt(den));
};

/** Exactly, from the proof; where the weights do not prove it, as the setting says it. */
function keptIn({ settings }: Schedule, { shares }: ScheduleProof): Rational {
  const proved = shares
    .flatMap(({ parent, children }) => (parent === 'host' ? children : []))
    .find((child) => child.class === 'owner' && child.floorCores !== null);
  if (proved?.floorCores) return floorText(proved.floorCores);
  const said = settings.find((one) => one.mechanism === 'share' && one.class === 'owner');
  return said?.mechanism === 'share' && said.floorCores !== null ? exactDecimal(said.floorCores) : ZERO;
}

function roomsOf({ reservations }: ScheduleProof, keep: Rational, host: EffectiveHost): readonly CoreRoom[] {
  const rooms = coreRooms(host, keep);
  if (reservations.test !== 'partitioned-edf') return rooms;
  const limits = new Map(reservations.cores.map(({ core, limit }) => [core, floorText(limit)]));
  return rooms.map(({ core, speed, limit }) => ({ core, speed, limit: limits.get(core) ?? limit }));
}

function floorsIn({ settings }: Schedule, { shares }: ScheduleProof, { tree }: Plan): HeldFloors {
  const rows = shares.flatMap(({ parent, children }) => children.map((child) => ({ ...child, parent })));
  const childrenOf = (key: string | null) => tree.filter(({ parent }) => parent === key);
  const own = (key: string): Rational => {
    const setting = settings.find((one) => one.mechanism === 'share' && one.class === key);
    const said = setting?.mechanism === 'share' ? setting.floorCores : null;
    if (said === null) return ZERO;
    const proved = rows.find((row) => row.class === key && row.parent !== 'host')?.floorCores;
    const leaf = childrenOf(key).length === 0;
    return leaf && proved ? floorText(proved) : exactDecimal(said);
  };
  const promised = (key: string): Rational =>
    max(own(key), sum(childrenOf(key).map(({ name }) => promised(name))));
  const ofGuests = own('guests');
  return {
    promised: max(ofGuests, sum(childrenOf(null).map(({ name }) => promised(name)))),
    ofGuests,
    siblings: rows
      .filter(({ parent }) => parent === 'guests')
      .map(({ floorCores }) => ({ floor: floorCores === null ? ZERO : floorText(floorCores) })),
  };
}

function ceilingOf(settings: readonly Setting[]): Rational | null {
  const ceilings = settings.flatMap((one) =>
    one.mechanism === 'quota' && one.class === 'guests' && one.scope === 'sum'
      ? [exactDecimal(one.elastic?.fromCores ?? one.ceilingCores)]
      : [],
  );
  return ceilings.reduce<Rational | null>((a, b) => (a === null || compare(b, a) < 0 ? b : a), null);
}

/** Floors of memory: of each class as many as it may have guests, and what is kept for the owner. */
function memoryIn({ settings }: Schedule, { classes }: Plan): Rational {
  const floors = new Map<string, bigint>();
  for (const one of settings) {
    if (one.mechanism !== 'memory' || one.floorBytes === null) continue;
    const guests =
      one.scope === 'each' ? (classes.find(({ name }) => name === one.class)?.maxGuests ?? 1) : 1;
    const bytes = BigInt(one.floorBytes) * BigInt(guests);
    const known = floors.get(one.class) ?? 0n;
    floors.set(one.class, bytes > known ? bytes : known);
  }
  return rational([...floors.values()].reduce((a, b) => a + b, 0n));
}
