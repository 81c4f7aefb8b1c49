import type { Sentence } from '../../lang/model.js';
import {
  compare,
  divide,
  multiply,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../support/rational.js';
import { coresText } from '../cpu-amount.js';
import type { CombineContext } from '../demands/combine-context.js';
import type { Demands } from '../demands/demands.js';
import { idleSubjects } from '../demands/idle-subjects.js';
import { wholeHost } from '../effective-host.js';
import { fraction, sum } from '../exact.js';
import type { Situation } from '../modes/situation.js';
import { HOST, type Nest } from '../nest.js';
import type { ScheduleProof } from '../plan.js';
import { planNiceValues } from './nice-shares.js';
import {
  everySubject,
  type FloorTable,
  FOR_THE_OTHERS,
  floorTable,
  leastSpare,
  type RunningRates,
} from './share-floors.js';
import { proportionsByParent, type RatioGroup } from './share-proportions.js';
import { topLevel } from './top-level.js';
import { topWeight } from './top-weight.js';
import { type ChosenWeights, chooseWeights } from './weights.js';

export interface ShareContext extends CombineContext {
  readonly nest: Nest;
  /** Subjects that have a cgroup below the slice of all guests. */
  readonly gathered: ReadonlySet<string>;
  readonly demands: Demands;
  readonly situation: Situation;
  /** Cores that servers take, context switches included. */
  readonly reserved: Rational;
  /** Of guests that are stopped at times; absent: of none. */
  readonly running?: RunningRates;
}

export interface ShareAssignment {
  readonly key: string;
  readonly weight: number;
  /** What gives each guest's session that weight; absent: the weight of its cgroup. */
  readonly nice?: number;
  readonly floorCores: Rational | null;
  readonly relativeError: number;
  readonly sentences: readonly Sentence[];
  readonly note: string | null;
  /** It runs only when nothing beside it wants the CPU. */
  readonly idle: boolean;
}

export type ShareProof = ScheduleProof['shares'][number];

/** Why no weights keep what sentences promise. */
export interface Unkept {
  /** Of the parts that do not fit into the host; null: there is room, but the kernel's weights are too coarse. */
  readonly arithmetic: string | null;
  /** In whom no weights are fine enough. */
  readonly parent: string;
  /** Not empty. */
  readonly sentences: readonly Sentence[];
}

export interface SharePlan {
  readonly assignments: readonly ShareAssignment[];
  readonly proofs: readonly ShareProof[];
  /** Then there is nothing else. */
  readonly unkept: Unkept | null;
}

const GIVES_WAY = 'proportions give way to guarantees beside them';

/** A weight that only makes room for the guarantees of many siblings names so many of them. */
const CITED = 5;

const NOTHING: SharePlan = { assignments: [], proofs: [], unkept: null };

/**
 * Weights for everything that `keep`, `guarantee`, `share` and `yield` say of a situation, with the proof that floors
 * hold.
 */
export function planShares(given: ShareContext): SharePlan {
  const { demands, nest, gathered, host } = given;
  const beyond = beyondCapacity(given);
  if (beyond) return { ...NOTHING, unkept: beyond };
  const context = { ...given, demands: { ...demands, floors: byWeights(demands) } };
  if (host.weightsBy === 'nice') return planNiceValues(context);
  const idle = idleSubjects(demands, nest, gathered);
  const generous = planWeights(context, idle, () => FOR_THE_OTHERS);
  // Where that is more than there is, those who are promised nothing get as little as weights can give.
  const weighted = generous.unkept ? planWeights(context, idle, leastSpare(host.weights)) : generous;
  return { ...weighted, assignments: [...weighted.assignments, ...idleAssignments(idle, context)] };
}

/** Floors that weights have to keep: others are kept by a timetable. */
const byWeights = ({ floors }: Demands): Demands['floors'] =>
  new Map([...floors].filter(([, { mechanism }]) => mechanism === 'share'));

function idleAssignments(
  idle: ReadonlyMap<string, readonly Sentence[]>,
  { host }: ShareContext,
): readonly ShareAssignment[] {
  const note = idle.has('guests')
    ? null
    : 'it yields to other guests; beside the owner it runs within the part of all guests';
  const weight = host.weights.least;
  return [...idle].map(([key, sentences]) => ({
    key,
    weight,
    floorCores: null,
    relativeError: 0,
    sentences,
    note,
    idle: true,
  }));
}

function planWeights(
  context: ShareContext,
  idle: ReadonlyMap<string, readonly Sentence[]>,
  spare: (siblings: number) => Rational,
): SharePlan {
  const { demands, situation, nest, gathered } = context;
  const shares = demands.shares.filter(({ mechanism }) => mechanism === 'share');
  const keep = demands.keep?.mechanism === 'share' ? demands.keep : null;
  if (shares.length === 0 && demands.floors.size === 0 && !keep) return NOTHING;
  const floors = floorTable(demands, nest, gathered, context, { running: context.running, spare });
  const groups = proportionsByParent(shares, nest, situation, context);
  const top = topWeight(
    {
      fair: subtract(wholeHost(context.host), context.reserved),
      keep: keep?.cores ?? ZERO,
      floors: floors.required('guests'),
      asked: askedAtTop(groups.get(HOST)),
      idle: idle.has('guests'),
    },
    context.host,
  );
  if (top === null) {
    return tooCoarse('guests', floors.sentencesIn('guests'), context);
  }
  const inner =
    shares.length === 0 && demands.floors.size === 0
      ? NOTHING
      : divideAmong('guests', top.guestsPart, { groups, floors, idle, context });
  const atTop = topLevel(top, groups.get(HOST) ?? [], floors, context);
  return {
    assignments: [...atTop.assignments, ...inner.assignments].filter(({ key }) => !idle.has(key)),
    proofs: [...atTop.proofs, ...inner.proofs],
    unkept: inner.unkept,
  };
}

/** Guarantees that ask for more than reservations and the owner's floor leave. */
function beyondCapacity(context: ShareContext): Unkept | null {
  const { demands, host, reserved, nest } = context;
  if (demands.floors.size === 0) return null;
  const floors = floorTable(demands, nest, everySubject(context), context, { running: context.running });
  const wanted = floors.promised('guests');
  const keep = demands.keep?.cores ?? ZERO;
  const left = subtract(subtract(wholeHost(host), reserved), keep);
  if (compare(wanted, ZERO) === 0 || compare(wanted, left) <= 0) return null;
  const terms = [`${coresText(wanted)} guaranteed`];
  if (compare(keep, ZERO) > 0) terms.push(`${coresText(keep)} kept for the owner`);
  if (compare(reserved, ZERO) > 0) terms.push(`${coresText(reserved)} reserved`);
  return {
    arithmetic: `${terms.join(', ')}, on ${coresText(wholeHost(host))}`,
    parent: 'guests',
    sentences: [...floors.sentencesIn('guests'), ...(demands.keep?.sentences ?? [])],
  };
}

function askedAtTop(groups: readonly RatioGroup[] | undefined): { owner: Rational; guests: Rational } | null {
  const parts = groups?.[0]?.parts;
  const [owner, guests] = [parts?.get('owner'), parts?.get('guests')];
  return owner && guests ? { owner, guests } : null;
}

interface Division {
  readonly groups: ReadonlyMap<string, readonly RatioGroup[]>;
  readonly floors: FloorTable;
  /** They take nothing while another wants CPU. */
  readonly idle: ReadonlyMap<string, readonly Sentence[]>;
  readonly context: ShareContext;
}

/** Weights for what is in a subject, and in what is in that. */
function divideAmong(parent: string, available: Rational, division: Division): SharePlan {
  const { floors, idle, context } = division;
  const children = (context.nest.childrenOf.get(parent) ?? []).filter(
    (key) => context.gathered.has(key) && !idle.has(key),
  );
  if (children.length === 0) return NOTHING;
  const groups = division.groups.get(parent) ?? [];
  const required = children.map((key) => floors.required(key));
  const chosen = chooseWeights(
    children.map((key, index) => ({
      proportion: proportionOf(key, groups, context.host.weights.standard),
      floor: required[index] ?? ZERO,
    })),
    available,
    context.host.weights,
  );
  if (chosen === null) {
    return tooCoarse(parent, floors.sentencesIn(parent), context);
  }
  const total = BigInt(chosen.weights.reduce((a, b) => a + b, 0));
  const parts = chosen.weights.map((weight) => multiply(available, rational(BigInt(weight), total)));
  const proof: ShareProof = {
    parent,
    availableCores: fraction(available),
    children: children.map((key, index) => ({
      class: key,
      weight: chosen.weights[index] ?? 0,
      guaranteedCores: fraction(parts[index] ?? ZERO),
      floorCores: compare(required[index] ?? ZERO, ZERO) > 0 ? fraction(required[index] ?? ZERO) : null,
    })),
  };
  const own = children.flatMap((key, index) =>
    assign(key, chosen.weights[index] ?? 0, chosen, { parent, groups, division }),
  );
  const inner = children.map((key, index) => divideAmong(key, parts[index] ?? ZERO, division));
  return {
    assignments: [...own, ...inner.flatMap(({ assignments }) => assignments)],
    proofs: [proof, ...inner.flatMap(({ proofs }) => proofs)],
    unkept: inner.find(({ unkept }) => unkept !== null)?.unkept ?? null,
  };
}

const wholes = new WeakMap<RatioGroup, Rational>();

/** The sum of a group's parts, each of which asks for it. */
function wholeOf(group: RatioGroup): Rational {
  const whole = wholes.get(group) ?? sum(group.parts.values());
  wholes.set(group, whole);
  return whole;
}

/** Proportions of a group in the unit of weights: their mean is the weight of those of whom nothing is said. */
function proportionOf(key: string, groups: readonly RatioGroup[], standard: number): Rational {
  const group = groups.find(({ parts }) => parts.has(key));
  const part = group?.parts.get(key);
  if (!group || !part) return rational(BigInt(standard));
  return divide(multiply(part, rational(BigInt(standard * group.parts.size))), wholeOf(group));
}

function assign(
  key: string,
  weight: number,
  { relativeError, givesWay }: ChosenWeights,
  level: { parent: string; groups: readonly RatioGroup[]; division: Division },
): readonly ShareAssignment[] {
  const { floors, context } = level.division;
  const { demands, host } = context;
  const group = level.groups.find(({ parts }) => parts.has(key));
  const own = [...(group?.sentences ?? []), ...(demands.floors.get(key)?.sentences ?? [])];
  if (own.length === 0 && weight === host.weights.standard) return [];
  const around = () => [
    ...floors.sentencesIn(level.parent).slice(0, CITED),
    ...level.groups.flatMap((one) => one.sentences),
  ];
  const sentences = own.length > 0 ? own : around().slice(0, CITED);
  const note = group && givesWay ? GIVES_WAY : null;
  return [{ key, weight, floorCores: floors.ownFloor(key), relativeError, sentences, note, idle: false }];
}

function tooCoarse(parent: string, sentences: readonly Sentence[], { demands }: ShareContext): SharePlan {
  const all = sentences.length > 0 ? sentences : demands.shares.map(({ sentence }) => sentence);
  const unkept = all.length > 0 ? { arithmetic: null, parent, sentences: all } : null;
  return { ...NOTHING, unkept };
}
