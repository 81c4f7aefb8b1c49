import { compare } from '../../support/rational.js';
import type { Bound, Demands } from '../demands/demands.js';

/** The demands with every elastic ceiling at its lower end: what a promise has to survive. */
export function atLowerEnds(demands: Demands): Demands {
  if (demands.elastics.length === 0) return demands;
  const lowered = (bounds: ReadonlyMap<string, Bound>, wanted: 'each' | 'sum') => {
    const result = new Map(bounds);
    for (const { key, scope, from, sentence } of demands.elastics) {
      const other = result.get(key);
      if (scope !== wanted || (other && compare(other.cores, from) < 0)) continue;
      result.set(key, { cores: from, sentences: [sentence], mechanism: 'quota' });
    }
    return result;
  };
  return {
    ...demands,
    sumCeilings: lowered(demands.sumCeilings, 'sum'),
    eachCeilings: lowered(demands.eachCeilings, 'each'),
  };
}
