import {
  compare,
  multiply,
  type Rational,
  rational,
  subtract,
  toNumber,
  ZERO,
} from '../../support/rational.js';
import { wholeHost } from '../effective-host.js';
import { HOST } from '../nest.js';
import { divideFluid } from './fluid-division.js';
import { fluidTree, proportionsIn } from './fluid-tree.js';
import { niceOfWeight, STANDARD_NICE_WEIGHT, weightOfNice } from './nice-weights.js';
import { everySubject, floorTable } from './share-floors.js';
import { proportionsByParent } from './share-proportions.js';
import type { ShareContext } from './shares.js';

/** A class (or `others`, of whom one is counted) whose guests' sessions get a nice value. */
export interface Session {
  readonly key: string;
  readonly guests: number;
  /** Of all its guests, in any unit; null: they yield. */
  readonly part: Rational | null;
}

/** Nice values by class, and how far parts are from what is asked for. */
interface Candidate {
  readonly nices: ReadonlyMap<string, number>;
  readonly error: number;
}

export interface NiceChoice extends Candidate {
  readonly sessions: readonly Session[];
  /** Cores that are divided: what reservations leave. */
  readonly fair: Rational;
  /** Whether the owner has what is kept for it, while one of its sessions wants that. */
  readonly keepsOwner: boolean;
}

/** The owner who is to be stood against by guarantees: two busy sessions. One that wants just its floor is one. */
export const BUSY_SESSIONS = 2;
/**
 * The nice values that are nearest to what `share` and `yield` say while the owner has what is kept for it and guarantees
 * hold; where nothing leaves the owner that, all at their highest. Null: no values keep the guarantees.
 */
export function chooseNiceValues(context: ShareContext): NiceChoice | null {
  const sessions = sessionsOf(context);
  const fair = subtract(wholeHost(context.host), context.reserved);
  const floors = runningFloors(context);
  const candidates = choices(sessions, fair, floors, context);
  const holding = candidates.filter(
    ({ nices }) => shortOf(nices, sessions, fair, floors, context).size === 0,
  );
  const [best] = holding.filter(({ nices }) => keepsOwner(nices, sessions, fair, context));
  if (best) return { ...best, sessions, fair, keepsOwner: true };
  if (context.demands.floors.size > 0) return null;
  const { most } = rangeOf(context);
  const highest = new Map(sessions.map(({ key }) => [key, most]));
  return { nices: highest, error: errorOf(highest, sessions, null), sessions, fair, keepsOwner: false };
}

/** By subject what is promised to it, in the times in which its guests run. */
export function runningFloors(context: ShareContext): Floors {
  const { demands, nest, running } = context;
  const floors = floorTable(demands, nest, everySubject(context), context, running ? { running } : {});
  return new Map([...demands.floors.keys()].map((key) => [key, floors.whileRunning(key)]));
}

type Floors = ReadonlyMap<string, Rational>;

function sessionsOf(context: ShareContext): readonly Session[] {
  const { demands, nest, population, situation } = context;
  const shares = demands.shares.filter(({ mechanism }) => mechanism === 'share');
  const takesPart = (key: string) => !demands.reservations.has(key);
  const terms = {
    takesPart,
    proportionOf: proportionsIn(proportionsByParent(shares, nest, situation, context)),
    floorOf: () => ZERO,
    mostOf: () => rational(1n),
  };
  const parts = divideFluid(rational(1n), fluidTree(terms, nest));
  return [...parts].map(([key, part]) => ({
    key,
    guests: population.classes.get(key)?.maxGuests ?? 1,
    part: demands.yields.has(key) ? null : part,
  }));
}

const rangeOf = ({ host }: ShareContext) => host.facts.nice ?? { least: 0, most: 0 };

/** All shifts of the nearest values to the proportions, floors made up for; the nearest first, then the least changed. */
function choices(
  sessions: readonly Session[],
  fair: Rational,
  floors: Floors,
  context: ShareContext,
): readonly Candidate[] {
  const range = rangeOf(context);
  const largest = Math.max(...sessions.map((one) => perGuest(one) ?? 0));
  const found: Candidate[] = [];
  const toOwner = guestsToOwner(context);
  for (let base = range.least; base <= range.most; base++) {
    const nices = new Map(
      sessions.map((one) => {
        const part = perGuest(one);
        const wanted = part === null ? 0 : (part / largest) * weightOfNice(base);
        return [one.key, part === null ? range.most : niceOfWeight(wanted, range)] as const;
      }),
    );
    const raised = raiseForFloors(nices, sessions, fair, floors, context);
    found.push({ nices: raised, error: errorOf(raised, sessions, toOwner) });
  }
  const change = ({ nices }: Candidate) => [...nices.values()].reduce((all, nice) => all + Math.abs(nice), 0);
  return found.sort((a, b) => a.error - b.error || change(a) - change(b));
}

const perGuest = ({ part, guests }: Session): number | null => part && toNumber(part) / guests;

/** Of all guests of a class. */
export const weightOf = (one: Session, nices: ReadonlyMap<string, number>): bigint =>
  BigInt(one.guests * weightOfNice(nices.get(one.key) ?? 0));

export const totalOf = (sessions: readonly Session[], nices: ReadonlyMap<string, number>): bigint =>
  sessions.reduce((all, one) => all + weightOf(one, nices), 0n);

/** A step more for whoever has less than its floor, as far as the range goes; then a step less for the others. */
function raiseForFloors(
  nices: ReadonlyMap<string, number>,
  sessions: readonly Session[],
  fair: Rational,
  floors: Floors,
  context: ShareContext,
): ReadonlyMap<string, number> {
  const { least, most } = rangeOf(context);
  const current = new Map(nices);
  for (let steps = 0; steps < 2 * (most - least); steps++) {
    const short = shortOf(current, sessions, fair, floors, context);
    if (short.size === 0) break;
    const raised = [...short].filter((key) => (current.get(key) ?? 0) > least);
    const lowered = sessions.filter(({ key }) => !short.has(key) && (current.get(key) ?? 0) < most);
    if (raised.length > 0) for (const key of raised) current.set(key, (current.get(key) ?? 0) - 1);
    else for (const { key } of lowered) current.set(key, (current.get(key) ?? 0) + 1);
    if (raised.length + lowered.length === 0) break;
  }
  return current;
}

/** Classes in subjects that have less than they are promised. */
function shortOf(
  nices: ReadonlyMap<string, number>,
  sessions: readonly Session[],
  fair: Rational,
  floors: Floors,
  { population }: ShareContext,
): ReadonlySet<string> {
  const total = totalOf(sessions, nices) + BigInt(BUSY_SESSIONS * STANDARD_NICE_WEIGHT);
  const short = new Set<string>();
  for (const [key, cores] of floors) {
    const members = new Set(population.membersOf(key));
    const own = sessions.filter((one) => members.has(one.key));
    const weight = own.reduce((all, one) => all + weightOf(one, nices), 0n);
    if (compare(multiply(fair, rational(weight, total)), cores) >= 0) continue;
    for (const one of own) short.add(one.key);
  }
  return short;
}

function keepsOwner(
  nices: ReadonlyMap<string, number>,
  sessions: readonly Session[],
  fair: Rational,
  { demands }: ShareContext,
): boolean {
  const kept = demands.keep?.mechanism === 'share' ? demands.keep.cores : ZERO;
  const owner = BigInt(STANDARD_NICE_WEIGHT);
  return compare(multiply(fair, rational(owner, owner + totalOf(sessions, nices))), kept) >= 0;
}

/** What all guests together are to have for each part of the owner's; null: nothing is said of that. */
function guestsToOwner(context: ShareContext): number | null {
  const { demands, nest, situation } = context;
  const shares = demands.shares.filter(({ mechanism }) => mechanism === 'share');
  const parts = proportionsByParent(shares, nest, situation, context).get(HOST)?.[0]?.parts;
  const [owner, guests] = [parts?.get('owner'), parts?.get('guests')];
  return owner && guests ? toNumber(guests) / toNumber(owner) : null;
}

/** The part of the CPU that those who yield may have beside others: one at nice 19 beside one at nice 0 has 0.014. */
const NEXT_TO_NOTHING = 0.02;

/** The largest relative error of a part, or the part of those who are to have none beside others; for ranking only. */
function errorOf(
  nices: ReadonlyMap<string, number>,
  sessions: readonly Session[],
  toOwner: number | null,
): number {
  const dividing = sessions.flatMap((one) =>
    one.part === null ? [] : [{ weight: Number(weightOf(one, nices)), part: toNumber(one.part) }],
  );
  const parts = dividing.reduce((all, { part }) => all + part, 0);
  const weights = dividing.reduce((all, { weight }) => all + weight, 0);
  const yielding = sessions
    .filter(({ part }) => part === null)
    .reduce((all, one) => all + Number(weightOf(one, nices)), 0);
  const beside = toOwner === null ? 0 : Math.abs(weights / STANDARD_NICE_WEIGHT / toOwner - 1);
  const beneath = yielding / (weights + yielding);
  return Math.max(
    beside,
    beneath > NEXT_TO_NOTHING ? beneath : 0,
    ...dividing.map(({ weight, part }) => Math.abs(weight / weights / (part / parts) - 1)),
  );
}
