import { divide, min, type Rational } from '../../support/rational.js';
import { sum } from '../exact.js';
import type { Nest } from '../nest.js';
import { EVEN_PROPORTION, type FluidNode } from './fluid-division.js';
import type { RatioGroup } from './share-proportions.js';

/** Who divides, and within what. */
export interface FluidTerms {
  /** Whether a class (or `others`) takes part. */
  readonly takesPart: (key: string) => boolean;
  /** Of a subject beside its siblings, in any unit. */
  readonly proportionOf: (key: string, parent: string) => Rational;
  /** Promised to a subject; 0: nothing. */
  readonly floorOf: (key: string) => Rational;
  /** What a subject can use. */
  readonly mostOf: (key: string) => Rational;
}

/** What is in a subject, or all guests, as they nest; without subjects in which nobody takes part. */
export function fluidTree(terms: FluidTerms, { childrenOf }: Nest, subject = 'guests'): readonly FluidNode[] {
  const below = (parent: string): readonly FluidNode[] =>
    (childrenOf.get(parent) ?? []).flatMap((key) => {
      const isLeaf = !childrenOf.has(key);
      const children = isLeaf ? [] : below(key);
      if (isLeaf ? !terms.takesPart(key) : children.length === 0) return [];
      const most = terms.mostOf(key);
      const proportion = terms.proportionOf(key, parent);
      return [{ key, proportion, floor: min(terms.floorOf(key), most), most, children }];
    });
  return below(subject);
}

/** As `share` sentences say. */
export const proportionsIn =
  (groups: ReadonlyMap<string, readonly RatioGroup[]>): FluidTerms['proportionOf'] =>
  (key, parent) =>
    proportionOf(key, groups.get(parent) ?? []);

/** The mean of a group's proportions is that of those of whom nothing is said. */
export function proportionOf(key: string, groups: readonly RatioGroup[]): Rational {
  const parts = groups.find((group) => group.parts.has(key))?.parts;
  const own = parts?.get(key);
  if (!parts || !own) return EVEN_PROPORTION;
  return divide({ num: own.num * BigInt(parts.size), den: own.den }, sum(parts.values()));
}
