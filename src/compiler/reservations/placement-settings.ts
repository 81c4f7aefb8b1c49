import { becauseOf } from '../because.js';
import type { CombineContext } from '../demands/combine-context.js';
import type { Demands } from '../demands/demands.js';
import type { Setting, SettingOf } from '../plan.js';

interface Context extends CombineContext {
  readonly demands: Demands;
}

/** On which cores the threads of guests may run; the servers of those that have some are on these already. */
export function placementSettings({ demands, population }: Context): readonly Setting[] {
  return [...demands.placements].map(([key, { cores, sentences }]) => ({
    class: key,
    subject: population.kindOf(key),
    scope: 'each',
    mechanism: 'placement',
    cores: [...cores],
    fidelity: { kind: 'hard', worstGapNs: null, rateError: 0 },
    because: becauseOf(sentences),
  }));
}

export function stopSettings({ demands, population }: Context): readonly SettingOf<'stop'>[] {
  return [...demands.stops].map(([key, { withinNs, sentences }]) => ({
    class: key,
    subject: population.kindOf(key),
    scope: 'each',
    mechanism: 'stop',
    withinNs: Number(withinNs),
    fidelity: { kind: 'bounded', worstGapNs: null, rateError: 0 },
    because: becauseOf(sentences),
  }));
}
