import { compare, min, multiply, type Rational, rational } from '../../support/rational.js';
import { type ClassCeiling, type End, sumCeilings } from './ceilings-in-force.js';
import type { Circumstances } from './circumstances.js';
import { guestBounds } from './guest-bound.js';
import { type Edge, minimumCut } from './minimum-cut.js';
import { distinctReasons, type Reason, reasonOf } from './reason.js';
import { coresIn, hostAmount, type Resource } from './resource.js';

/** How much, and the sentences that decide it. */
export interface Amount {
  /** Null: without bound. */
  readonly value: Rational | null;
  readonly reasons: readonly Reason[];
}

/** Guests that an answer is about: how many of each class; null: nobody knows how many. */
type Guests = ReadonlyMap<string, number | null>;

const SOURCE = 0;
const SINK = 1;

/**
 * The most that a subject's guests can get together: the largest sum that no restriction in force forbids. Ceilings
 * on sums form a tree, each guest is bounded by itself, and threads run on the cores that they are placed on: the
 * answer is a maximum flow from the tree to the cores, and the sentences that decide it are those of a minimum cut.
 */
export function mostOfSum(
  key: string,
  resource: Resource,
  circumstances: Circumstances,
  end: End = 'most',
): Amount {
  const { population } = circumstances;
  return mostOfClasses(population.membersOf(key), resource, circumstances, end);
}

/** The same of any set of classes. */
export function mostOfClasses(
  classes: readonly string[],
  resource: Resource,
  circumstances: Circumstances,
  end: End = 'most',
): Amount {
  const { population } = circumstances;
  const counts = classes.map((one) => [one, population.classes.get(one)?.maxGuests ?? null] as const);
  return mostOf(new Map(counts.filter(([, count]) => count !== 0)), resource, circumstances, end);
}

/** The most that a single guest of a class can get, with everything left to it that others could have had. */
export function mostOfGuest(
  classKey: string,
  resource: Resource,
  circumstances: Circumstances,
  end: End = 'most',
): Amount {
  return mostOf(new Map([[classKey, 1]]), resource, circumstances, end);
}

function mostOf(guests: Guests, resource: Resource, circumstances: Circumstances, end: End): Amount {
  const nodes = new Map([...guests.keys()].map((key, index) => [key, index + 2]));
  const sets = nestedSets(sumCeilings(resource, end, circumstances), guests);
  const edges: Edge<readonly Reason[]>[] = [];
  const nodeOfSet = (index: number): number => 2 + guests.size + index;
  for (const [index, { parent, ceiling }] of sets.entries()) {
    const from = parent === null ? SOURCE : nodeOfSet(parent);
    edges.push({ from, to: nodeOfSet(index), capacity: ceiling.value, label: ceiling.reasons });
  }
  const bounds = guestBounds(guests.keys(), resource, end, circumstances);
  for (const [key, node] of nodes) {
    // INVARIANT: there is a bound for each class, if only `null`.
    const own = bounds.get(key)!;
    const count = guests.get(key) ?? null;
    const set = sets.findLastIndex(({ members }) => members.has(key));
    const capacity =
      own.value === null ? null : count === null ? unlessZero(own.value) : times(own.value, count);
    edges.push({ from: set < 0 ? SOURCE : nodeOfSet(set), to: node, capacity, label: own.reasons });
  }
  const onCores =
    resource === 'cpu'
      ? coreEdges(nodes, 2 + guests.size + sets.length, circumstances)
      : [...nodes.values()].map((from) => ({ from, to: SINK, capacity: null, label: [] }));
  const { value, labels } = minimumCut([...edges, ...onCores], SOURCE, SINK);
  const whole = hostAmount(resource, circumstances.host);
  if (whole !== null && (value === null || compare(value, whole) > 0)) return { value: whole, reasons: [] };
  return { value, reasons: distinctReasons(labels.flat()) };
}

const times = (value: Rational, count: number): Rational => multiply(value, rational(BigInt(count)));

/** Of guests without number each may have something, so only nothing bounds their sum. */
const unlessZero = (value: Rational): Rational | null => (value.num === 0n ? value : null);

interface NestedSet {
  readonly members: ReadonlySet<string>;
  /** Index of the smallest set around it. */
  readonly parent: number | null;
  readonly ceiling: { readonly value: Rational; readonly reasons: readonly Reason[] };
}

/**
 * Ceilings as a tree, larger sets first. Sets that overlap without one containing the other are an error elsewhere;
 * here the later is left out, which only makes the answer larger.
 */
function nestedSets(ceilings: readonly ClassCeiling[], guests: Guests): readonly NestedSet[] {
  const bySet = new Map<string, { members: ReadonlySet<string>; value: Rational; reasons: Reason[] }>();
  for (const { classes, value, reason } of ceilings) {
    const members = classes.filter((key) => guests.has(key));
    if (members.length === 0) continue;
    const id = [...members].sort().join('\n');
    const other = bySet.get(id);
    const order = other ? compare(value, other.value) : -1;
    if (order < 0) bySet.set(id, { members: new Set(members), value, reasons: [reason] });
    else if (order === 0) other?.reasons.push(reason);
  }
  const sets: NestedSet[] = [];
  for (const { members, value, reasons } of [...bySet.values()].sort(
    (a, b) => b.members.size - a.members.size,
  )) {
    const around = sets.findLastIndex((other) => isWithin(members, other.members));
    const crosses = sets.some((other) => !isWithin(members, other.members) && meet(members, other.members));
    if (crosses) continue;
    sets.push({ members, parent: around < 0 ? null : around, ceiling: { value, reasons } });
  }
  return sets;
}

const isWithin = (inner: ReadonlySet<string>, outer: ReadonlySet<string>): boolean =>
  [...inner].every((key) => outer.has(key));
const meet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((key) => b.has(key));

/** From classes to the cores that they may run on; cores that are alike to all of them are one node. */
function coreEdges(
  nodes: ReadonlyMap<string, number>,
  firstNode: number,
  { demands, host }: Circumstances,
): readonly Edge<readonly Reason[]>[] {
  const placed = new Map([...demands.placements].filter(([key]) => nodes.has(key)));
  const allowed = new Map([...placed].map(([key, { cores }]) => [key, new Set(cores)]));
  const groups = new Map<string, { readonly from: readonly number[]; count: number }>();
  for (const core of host.coreIds) {
    const id = [...allowed].map(([, cores]) => Number(cores.has(core))).join('');
    const group = groups.get(id);
    if (group) group.count++;
    else {
      const from = [...nodes].flatMap(([key, node]) => (allowed.get(key)?.has(core) === false ? [] : [node]));
      groups.set(id, { from, count: 1 });
    }
  }
  const label = [...placed].flatMap(([, { cores, sentences }]) =>
    sentences.map((sentence) =>
      reasonOf(sentence, `places it on ${coresIn(rational(BigInt(cores.length)))}`),
    ),
  );
  return [...groups.values()].flatMap(({ from, count }, index) => {
    const to = firstNode + index;
    return [
      ...from.map((node) => ({ from: node, to, capacity: null, label: [] })),
      { from: to, to: SINK, capacity: rational(BigInt(count)), label },
    ];
  });
}

/** The smaller of an amount and a bound. */
export const withinBound = (value: Rational, { value: bound }: Amount): Rational =>
  bound === null ? value : min(value, bound);
