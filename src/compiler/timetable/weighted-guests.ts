import type { Sentence } from '../../lang/model.js';
import {
  divide,
  max,
  min,
  multiply,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../support/rational.js';
import { wholeHost } from '../effective-host.js';
import { sum } from '../exact.js';
import type { CeilingContext } from '../limits/ceilings.js';
import { isStopping } from '../mechanism-choice.js';
import { HOST } from '../nest.js';
import { divideFluid } from '../shares/fluid-division.js';
import { fluidTree, proportionsIn } from '../shares/fluid-tree.js';
import { proportionsByParent, type RatioGroup } from '../shares/share-proportions.js';
import type { DutyWork } from './duty-jobs.js';

/** A class whose guests divide time among themselves and with others, by a timetable. */
export interface WeightedClass {
  readonly key: string;
  readonly guests: number;
  /** Of a guest, as many as can run at once. */
  readonly width: number;
  /** What all its guests are to have together while everybody wants CPU, cores. */
  readonly cores: Rational;
  /** Promised to all of them together; null: nothing. */
  readonly floorCores: Rational | null;
  readonly sentences: readonly Sentence[];
  readonly mechanism: 'duty' | 'freezer';
}

/**
 * Classes whose guests have to take turns: those that share where nothing but stopping them keeps proportions; and everybody
 * without a cycle or reservation of its own where so is kept what the owner or a class is promised.
 */
export function weightedClasses({ demands, population }: CeilingContext): ReadonlySet<string> {
  const { keep, floors, shares } = demands;
  const everyone =
    (keep && isStopping(keep.mechanism)) || [...floors.values()].some((one) => isStopping(one.mechanism));
  const sharing = shares
    .filter(({ mechanism }) => isStopping(mechanism))
    .flatMap(({ parts }) => parts.flatMap(({ key }) => population.membersOf(key)));
  const taking = everyone ? population.classes.keys() : new Set(sharing);
  return new Set(
    [...taking].filter(
      (key) => population.classes.has(key) && !demands.duties.has(key) && !demands.reservations.has(key),
    ),
  );
}

/** What each of these classes is to have of `available` cores, within what limits leave of it. */
export function weighted(
  classes: ReadonlySet<string>,
  available: Rational,
  { turnsLeft }: Pick<DutyWork, 'turnsLeft'>,
  context: CeilingContext,
): readonly WeightedClass[] {
  const { demands, nest, population, situation, host } = context;
  const shares = demands.shares.filter(({ mechanism }) => isStopping(mechanism));
  const groups = proportionsByParent(shares, nest, situation, context);
  const usable = (key: string): Rational => {
    const declared = population.classes.get(key);
    const vcpus = declared && declared.maxGuests * Math.min(declared.vcpus, host.coreCount);
    const most = vcpus === undefined ? wholeHost(host) : rational(BigInt(vcpus));
    return min(most, turnsLeft.get(key) ?? most);
  };
  const nodes = fluidTree(
    {
      takesPart: (key) => classes.has(key),
      proportionOf: proportionsIn(groups),
      floorOf: (key) => floorOf(key, context) ?? ZERO,
      mostOf: usable,
    },
    nest,
  );
  const left = min(available, turnsLeft.get('guests') ?? available);
  const parts = divideFluid(ofOwner(left, groups.get(HOST) ?? []), nodes);
  return [...parts].map(([key, cores]) => {
    // INVARIANT: leaves are classes.
    const declared = population.classes.get(key)!;
    return {
      key,
      guests: declared.maxGuests,
      width: Math.min(declared.vcpus, host.coreCount),
      cores,
      floorCores: floorOf(key, context),
      ...causes(key, context),
    };
  });
}

/** Where the owner takes part in the proportions, what they leave of the host. */
function ofOwner(available: Rational, groups: readonly RatioGroup[]): Rational {
  const parts = groups.find(({ parts: all }) => all.has('owner'))?.parts;
  const owner = parts?.get('owner');
  if (!parts || !owner) return available;
  const whole = sum(parts.values());
  return multiply(available, divide(subtract(whole, owner), whole));
}

/** What is promised to a subject by stopping others. */
function floorOf(key: string, { demands }: CeilingContext): Rational | null {
  const floor = demands.floors.get(key);
  return floor && isStopping(floor.mechanism) ? floor.cores : null;
}

/** The sentences because of which a class takes turns, its own before those that make it make room. */
function causes(
  key: string,
  { demands, population }: CeilingContext,
): Pick<WeightedClass, 'sentences' | 'mechanism'> {
  const { keep, floors, shares } = demands;
  const around = (other: string) => population.membersOf(other).includes(key);
  const bounds = [...floors].map(([subject, bound]) => ({ ...bound, own: around(subject) }));
  const stopping = [
    ...shares.map(({ sentence, parts, mechanism }) => ({
      sentences: [sentence],
      mechanism,
      own: parts.some((part) => around(part.key)),
    })),
    ...bounds,
    ...(keep ? [{ ...keep, own: false }] : []),
  ].filter(({ mechanism }) => isStopping(mechanism));
  const own = stopping.filter((one) => one.own);
  const causing = own.length > 0 ? own : stopping;
  return {
    sentences: [...new Set(causing.flatMap(({ sentences }) => sentences))].slice(0, MOST_CITED),
    mechanism: causing.some(({ mechanism }) => mechanism === 'freezer') ? 'freezer' : 'duty',
  };
}

/** A class that only makes room for many others names so many of them. */
const MOST_CITED = 5;

/** Cores that guests may use by turns, on average and at once: what the owner and servers leave. */
export function turnsCores({ demands, host, servers }: CeilingContext, servedCores: Rational): Rational {
  const kept = demands.keep && isStopping(demands.keep.mechanism) ? demands.keep.cores : ZERO;
  const left = subtract(subtract(wholeHost(host), kept), servers.length > 0 ? servedCores : ZERO);
  return max(left, ZERO);
}
