import type { Schedule, Setting } from '../../compiler/plan.js';
import type { PlanIndex } from '../../enforce/plan-index.js';
import type { SimulatedClass } from './population.js';

/** A rate that somebody is promised whenever it is wanted. */
export interface RatePromise {
  /** `owner`, or as settings name it. */
  readonly subject: string;
  readonly kind: 'kept' | 'floor' | 'floor each' | 'reservation';
  /** Cores; of `floor each` and `reservation` for each guest. */
  readonly cores: number;
  /** Positions of the classes that it is promised to; none: the owner. */
  readonly classes: readonly number[];
}

/** The promises of a schedule: floors of shares, and the rates of reservations. */
export function promisesOf(
  index: PlanIndex,
  schedule: Schedule,
  classes: readonly SimulatedClass[],
  reservedEach: readonly number[],
): readonly RatePromise[] {
  const inside = (setting: Setting) =>
    classes.flatMap((one, at) => (index.appliesTo(setting, one.plan) ? [at] : []));
  return schedule.settings.flatMap((setting): readonly RatePromise[] => {
    if (setting.mechanism === 'reservation') {
      return inside(setting).map((at) => ({
        subject: classes[at]?.name ?? '',
        kind: 'reservation',
        cores: reservedEach[at] ?? 0,
        classes: [at],
      }));
    }
    if (setting.mechanism !== 'share' || setting.floorCores === null) return [];
    const { floorCores: cores, class: subject } = setting;
    if (setting.subject === 'owner') return [{ subject, kind: 'kept', cores, classes: [] }];
    const kind = setting.scope === 'each' ? 'floor each' : 'floor';
    return [{ subject, kind, cores, classes: inside(setting) }];
  });
}
