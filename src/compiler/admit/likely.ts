import type { CpuAmount, Model } from '../../lang/model.js';
import {
  add,
  max,
  min,
  multiply,
  type Rational,
  rational,
  subtract,
  toNumber,
  ZERO,
} from '../../support/rational.js';
import { coresOf } from '../cpu-amount.js';
import { combine } from '../demands/combine.js';
import { withOffers } from '../demands/offers.js';
import { type EffectiveHost, wholeHost } from '../effective-host.js';
import { sum } from '../exact.js';
import { Findings } from '../findings.js';
import { firstWith } from '../first-with.js';
import { populationOf } from '../population.js';
import { coreRooms, keepingOrder } from '../reservations/placement.js';
import type { ServerDemand } from '../reservations/server-demand.js';
import { everySubject, floorTable } from '../shares/share-floors.js';
import type { Outcome } from '../situation-plan.js';

/*
 * What is likely to fit, for a small part of what it costs to plan it: where the search for a counter-offer begins. It is in
 * floats, as whatever it says is tried by planning before it is offered.
 */

/** A server by what it takes, in cores, and where it may be; null: anywhere. */
interface Item {
  readonly size: number;
  readonly cores: ReadonlySet<number> | null;
}

/** Servers of the plan, and what servers may have of each core, in one situation. */
interface Beside {
  readonly items: readonly Item[];
  readonly cores: readonly number[];
  readonly room: readonly number[];
  /** What the servers leave of it. */
  readonly left: number;
}

/** Far below the smallest difference that a microsecond makes. */
const ROUNDING = 1e-12;

/** Whether the servers of a request are likely to find room; `key` is the class that it is about. */
export function likelyPlaced(
  outcomes: readonly Outcome[],
  key: string,
  host: EffectiveHost,
): (variant: Model) => boolean {
  const situations = distinct(outcomes.map((one) => besideIn(one, key, host)));
  return (variant) => {
    const asked = itemsAsked(variant, host);
    return asked !== null && situations.every((one) => packs(asked, one));
  };
}

/** The guarantee in place of one of `now` that is likely to be the largest. */
export function likelyCores(outcomes: readonly Outcome[], now: CpuAmount, host: EffectiveHost): Rational {
  const left = outcomes.map(({ demands, context, servers }) => {
    const reserved = sum(servers.map(({ utilisation }) => utilisation));
    const rest = subtract(subtract(wholeHost(host), reserved), demands.keep?.cores ?? ZERO);
    const promised = floorTable(demands, context.nest, everySubject(context), context).promised('guests');
    // No weight is 0: all others have the least together, beside the largest.
    const { most } = host.weights;
    const usable = multiply(rest, rational(BigInt(most), BigInt(most + context.population.classes.size)));
    return subtract(usable, promised);
  });
  return left.length === 0 ? ZERO : max(add(coresOf(now, host), left.reduce(min)), ZERO);
}

function besideIn({ servers, demands }: Outcome, key: string, host: EffectiveHost): Beside {
  const rooms = coreRooms(host, demands.keep?.cores ?? ZERO, keepingOrder(host, servers));
  const room = rooms.map(({ limit }) => toNumber(limit));
  const items = servers.filter((one) => one.class !== key).map(itemOf);
  const left = total(room) - total(items.map(({ size }) => size));
  // Threads that cannot be placed share what there is.
  if (!host.facts.cgroup.cpuset) return { items, cores: [0], room: [total(room)], left };
  return { items: items.sort(byDifficulty), cores: rooms.map(({ core }) => core), room, left };
}

const total = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);

const itemOf = ({ utilisation, cores }: ServerDemand): Item => ({
  size: Number(utilisation.num) / Number(utilisation.den),
  cores: cores && new Set(cores),
});

/** Those with the fewest cores to choose from first, then the larger. */
const byDifficulty = (a: Item, b: Item): number => choices(a) - choices(b) || b.size - a.size;

const choices = ({ cores }: Item): number => cores?.size ?? Number.MAX_SAFE_INTEGER;

function distinct(all: readonly Beside[]): readonly Beside[] {
  const plain = (_: string, value: unknown) => (value instanceof Set ? [...value] : value);
  return all.length < 2 ? all : [...new Map(all.map((one) => [JSON.stringify(one, plain), one])).values()];
}

/** Null where no servers can be derived. */
function itemsAsked(variant: Model, host: EffectiveHost): readonly Item[] | null {
  const model = withOffers(variant);
  const mechanisms = new Map(
    model.sentences.flatMap((sentence) => {
      if (sentence.kind !== 'reserve' && sentence.kind !== 'place') return [];
      return [[sentence, sentence.kind === 'reserve' ? 'reservation' : 'placement'] as const];
    }),
  );
  const active = [...mechanisms.keys()].map((sentence) => ({ sentence, certain: true }));
  const population = populationOf(model);
  const findings = new Findings();
  const context = { host, population, mechanisms, findings, isTrial: true };
  const { reservations, placements } = combine({ modeId: 'always', example: null, active }, context);
  if (findings.hasErrors) return null;
  return [...population.classes].flatMap(([key, { maxGuests, overhead }]) => {
    const threads = [...(reservations.get(key)?.vcpus ?? []), overhead];
    const cores = placements.get(key)?.cores ?? null;
    const own = threads.map(({ budgetNs, periodNs }) => ({
      size: Number(budgetNs + host.contextSwitchesNs) / Number(periodNs),
      cores: cores && new Set(cores),
    }));
    return Array.from({ length: maxGuests }, () => own).flat();
  });
}

/** Best fit, the difficult ones first. */
function packs(asked: readonly Item[], { items, cores, room, left }: Beside): boolean {
  if (left - total(asked.map(({ size }) => size)) < -ROUNDING) return false;
  const order = merged(items, [...asked].sort(byDifficulty));
  const isAnywhere = ({ cores: own }: Item) => own === null || cores.length === 1;
  return order.every(isAnywhere) ? packsAnywhere(order, room) : packsWhereTheyMay(order, cores, room);
}

/** Of two lists in order one. */
function merged(first: readonly Item[], second: readonly Item[]): readonly Item[] {
  const all: Item[] = [];
  let next = 0;
  for (const one of first) {
    while (next < second.length && byDifficulty(second[next]!, one) < 0) all.push(second[next++]!);
    all.push(one);
  }
  return [...all, ...second.slice(next)];
}

function packsAnywhere(order: readonly Item[], room: readonly number[]): boolean {
  const free = Float64Array.from(room).sort();
  return order.every(({ size }) => {
    const best = firstWith(free, (one) => one >= size - ROUNDING);
    if (best === free.length) return false;
    const left = free[best]! - size;
    const place = firstWith(free, (one) => one >= left);
    free.copyWithin(place + 1, place, best);
    free[place] = left;
    return true;
  });
}

function packsWhereTheyMay(
  order: readonly Item[],
  cores: readonly number[],
  room: readonly number[],
): boolean {
  const free = [...room];
  return order.every(({ size, cores: own }) => {
    let best = -1;
    for (let index = 0; index < free.length; index++) {
      const one = free[index]!;
      if (one + ROUNDING < size || (best >= 0 && one >= free[best]!)) continue;
      if (own === null || own.has(cores[index]!)) best = index;
    }
    if (best >= 0) free[best]! -= size;
    return best >= 0;
  });
}
