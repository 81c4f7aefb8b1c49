import type { Sentence } from '../../lang/model.js';
import {
  add,
  compare,
  divide,
  max,
  min,
  multiply,
  ONE,
  type Rational,
  rational,
  ZERO,
} from '../../support/rational.js';
import type { CombineContext } from '../demands/combine-context.js';
import type { Demands } from '../demands/demands.js';
import { vcpusIn } from '../demands/promise-conflicts.js';
import type { WeightScale } from '../effective-host.js';
import type { Nest } from '../nest.js';

/** What guarantees ask of each node of the nest while its guests run: of those that are stopped at times as much more. */
export interface FloorTable {
  /** What is promised to a subject itself, as far as its vCPUs can use it; null: nothing. */
  ownFloor(key: string): Rational | null;
  /** What that comes to in the times in which its guests may run; 0: nothing. */
  whileRunning(key: string): Rational;
  /** Exactly what is promised in a subject, while all in it run. */
  promised(key: string): Rational;
  /** That, and a little for siblings that are promised nothing, as no weight can be 0. */
  required(key: string): Rational;
  sentencesIn(key: string): readonly Sentence[];
}

/** The part of the time in which guests of a class may run, above 0, where a timetable stops them. */
export type RunningRates = ReadonlyMap<string, Rational>;

export interface FloorTerms {
  readonly running?: RunningRates | undefined;
  /** By how much more than what is promised to so many siblings all of them need, those counted to whom nothing is. */
  readonly spare?: (siblings: number) => Rational;
}

/** A hundredth of what is promised inside a subject goes to those in it that are promised nothing. */
export const FOR_THE_OTHERS = rational(100n, 99n);

/** As little as whole weights of a scale can leave them: the least weight each. */
export function leastSpare({ least, most }: WeightScale): (siblings: number) => Rational {
  return (siblings) => {
    const taken = BigInt(siblings) * BigInt(least);
    return taken < BigInt(most) ? rational(BigInt(most), BigInt(most) - taken) : FOR_THE_OTHERS;
  };
}

export function floorTable(
  demands: Demands,
  nest: Nest,
  gathered: ReadonlySet<string>,
  context: CombineContext,
  { running = new Map(), spare = () => FOR_THE_OTHERS }: FloorTerms = {},
): FloorTable {
  const asked = (key: string): Rational => {
    const floor = demands.floors.get(key);
    const usable = vcpusIn(key, context);
    if (!floor) return ZERO;
    return usable === null ? floor.cores : min(floor.cores, usable);
  };
  // Whichever of its classes wants it: that which runs least has to have it in its times.
  const own = (key: string): Rational => {
    // A timetable that is there for the promise has seen to that.
    if (demands.floors.get(key)?.mechanism !== 'share') return asked(key);
    const rates = context.population.membersOf(key).flatMap((member) => running.get(member) ?? []);
    const wanted = divide(asked(key), rates.reduce(min, ONE));
    const usable = vcpusIn(key, context);
    return usable === null ? wanted : min(wanted, usable);
  };
  const children = remembered((key) =>
    (nest.childrenOf.get(key) ?? []).filter((child) => gathered.has(child)),
  );
  const promised = remembered(
    (key): Rational => max(own(key), children(key).map(promised).reduce(add, ZERO)),
  );
  const required = remembered((key): Rational => {
    const inner = children(key).map(required);
    const total = inner.reduce(add, ZERO);
    const some = inner.some((one) => compare(one, ZERO) === 0) && compare(total, ZERO) > 0;
    return max(own(key), some ? multiply(total, spare(inner.length)) : total);
  });
  const sentencesIn = remembered((key): readonly Sentence[] => [
    ...(demands.floors.get(key)?.sentences ?? []),
    ...children(key).flatMap(sentencesIn),
  ]);
  const ownFloor = (key: string) => (demands.floors.has(key) ? asked(key) : null);
  return { ownFloor, whileRunning: own, promised, required, sentencesIn };
}

/** Whether or not they have a cgroup. */
export const everySubject = ({ population }: Pick<CombineContext, 'population'>): ReadonlySet<string> =>
  new Set([...population.unions.keys(), ...population.classes.keys(), 'others']);

/** Every subject asks for what is in the one above it. */
function remembered<T>(work: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const value = known.get(key) ?? work(key);
    known.set(key, value);
    return value;
  };
}
