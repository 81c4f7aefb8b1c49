import type { Sentence } from '../../lang/model.js';
import {
  add,
  compare,
  divide,
  max,
  min,
  ONE,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../support/rational.js';
import { minimumCut } from '../claims/minimum-cut.js';
import { coresText } from '../cpu-amount.js';
import { sum } from '../exact.js';
import { type Admission, type AdmissionCase, placementTerms } from '../reservations/admission.js';
import { coreRooms, keepingOrder, place } from '../reservations/placement.js';
import type { ServerDemand } from '../reservations/server-demand.js';
import { everySubject, type FloorTable, floorTable } from './share-floors.js';
import type { ShareContext, Unkept } from './shares.js';

/** Cores that are promised, and where they can be had. */
interface Promised {
  readonly cores: Rational;
  /** Ids; null: anywhere. */
  readonly on: ReadonlySet<number> | null;
  readonly sentences: readonly Sentence[];
}

const SOURCE = -1;
const SINK = -2;

/**
 * Guarantees to placed guests that their cores cannot hold together, besides the servers on them: a flow from what is
 * promised to the cores where it may be had (Hall's condition, in fractions). Null: there are none.
 */
export function unkeptPlacedFloors(
  servers: readonly ServerDemand[],
  admission: Admission,
  context: ShareContext,
): Unkept | null {
  const { demands, host } = context;
  if (demands.placements.size === 0 || demands.floors.size === 0) return null;
  const floors = floorTable(demands, context.nest, everySubject(context), context);
  const promised = [...promisedIn('guests', floors, context), ...kept(context)];
  const rooms = roomsOf(servers, admission, context);
  const wanted = sum(promised.map(({ cores }) => cores));
  // More than there is on all cores together is reported for the guarantees as such.
  if (compare(wanted, sum(rooms)) > 0) return null;
  const node = (index: number) => host.coreCount + index;
  const cut = minimumCut<readonly Sentence[]>(
    [
      ...promised.map(({ cores, sentences }, index) => edge(SOURCE, node(index), cores, sentences)),
      ...promised.flatMap(({ on }, index) =>
        host.coreIds.flatMap((core, at) =>
          on === null || on.has(core) ? [edge(node(index), at, null, [])] : [],
        ),
      ),
      ...rooms.map((room, at) => edge(at, SINK, room, [])),
    ],
    SOURCE,
    SINK,
  );
  if (cut.value === null || compare(cut.value, wanted) >= 0) return null;
  // What is not cut off at its source does not fit on the cores that it is confined to.
  const spared = new Set(cut.labels);
  const tight = promised.filter(({ sentences }) => !spared.has(sentences));
  const cores = new Set(tight.flatMap(({ on }) => [...(on ?? host.coreIds)]));
  const left = sum(rooms.filter((_, at) => cores.has(host.coreIds[at] ?? SOURCE)));
  const arithmetic = `${coresText(sum(tight.map((one) => one.cores)))} guaranteed on cores ${[...cores]
    .sort((a, b) => a - b)
    .join(', ')}, of which ${coresText(left)} can be had`;
  return { arithmetic, parent: 'guests', sentences: tight.flatMap(({ sentences }) => sentences) };
}

/**
 * Servers on cores that leave to guests that are placed what is promised to them there: each promise divided evenly among its
 * cores. Null: nobody who is placed is promised anything, or threads cannot be placed.
 */
export function admitBesideFloors(
  { servers, keep }: AdmissionCase,
  context: Omit<ShareContext, 'reserved'>,
): Admission | null {
  const { demands, host } = context;
  if (demands.placements.size === 0 || demands.floors.size === 0 || !host.facts.cgroup.cpuset) return null;
  const floors = floorTable(demands, context.nest, everySubject(context), context);
  const taken = new Map<number, Rational>();
  for (const { cores, on } of [...promisedIn('guests', floors, context)].sort(byChoice)) {
    if (on === null) continue;
    let left = cores;
    const order = [...on].sort((a, b) => compare(taken.get(a) ?? ZERO, taken.get(b) ?? ZERO) || a - b);
    for (const [index, core] of order.entries()) {
      const even = divide(left, rational(BigInt(order.length - index)));
      const part = max(min(even, subtract(ONE, taken.get(core) ?? ZERO)), ZERO);
      taken.set(core, add(taken.get(core) ?? ZERO, part));
      left = subtract(left, part);
    }
  }
  const rooms = coreRooms(host, keep, keepingOrder(host, servers)).map((room) => ({
    ...room,
    limit: max(min(room.limit, subtract(room.speed, taken.get(room.core) ?? ZERO)), ZERO),
  }));
  const result = place(servers, rooms, placementTerms(host));
  return result.fits ? { ok: true, test: 'partitioned-edf', placement: result.placement, rooms } : null;
}

/** Those with the fewest cores to choose from first. */
const byChoice = (a: Promised, b: Promised): number => (a.on?.size ?? 0) - (b.on?.size ?? 0);

const edge = (from: number, to: number, capacity: Rational | null, label: readonly Sentence[]) => ({
  from,
  to,
  capacity,
  label,
});

/** What is promised to each subject beyond what is promised in it, and so may be had by anyone in it. */
function promisedIn(
  key: string,
  floors: FloorTable,
  context: Omit<ShareContext, 'reserved'>,
): readonly Promised[] {
  const { nest, population, demands } = context;
  const children = nest.childrenOf.get(key) ?? [];
  const inner = children.flatMap((child) => promisedIn(child, floors, context));
  const total = children.map((child) => floors.promised(child)).reduce(add, ZERO);
  const beyond = subtract(floors.promised(key), total);
  if (compare(beyond, ZERO) <= 0) return inner;
  const members = population.membersOf(key);
  const placements = members.flatMap((member) => demands.placements.get(member) ?? []);
  const anywhere = placements.length < members.length;
  const own = {
    cores: beyond,
    on: anywhere ? null : new Set(placements.flatMap(({ cores }) => cores)),
    sentences: [
      ...(demands.floors.get(key)?.sentences ?? []),
      ...(anywhere ? [] : placements.flatMap(({ sentences }) => sentences)),
    ],
  };
  return [own, ...inner];
}

const kept = ({ demands: { keep } }: ShareContext): readonly Promised[] =>
  keep ? [{ cores: keep.cores, on: null, sentences: keep.sentences }] : [];

/** What servers leave of each core; where they are on none in particular, of all alike. */
function roomsOf(
  servers: readonly ServerDemand[],
  admission: Admission,
  { host, reserved }: ShareContext,
): readonly Rational[] {
  if (!admission.ok || admission.test === 'global-edf') {
    const each = { num: reserved.num, den: reserved.den * BigInt(host.coreCount) };
    return host.coreIds.map(() => max(subtract(ONE, each), ZERO));
  }
  const { placement } = admission;
  return host.coreIds.map((core) =>
    subtract(
      ONE,
      sum(servers.filter(({ key }) => placement.get(key) === core).map((one) => one.utilisation)),
    ),
  );
}
