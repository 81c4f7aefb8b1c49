import type { Model } from '../lang/model.js';
import type { CombineContext } from './demands/combine-context.js';
import { isStopping } from './mechanism-choice.js';
import type { ModelContext } from './model-context.js';
import type { Situation } from './modes/situation.js';
import type { Nest } from './nest.js';
import { gatheredSubjects } from './plan-tree.js';

/** What planning a situation takes besides the situation. */
export interface PlanningContext extends CombineContext {
  readonly nest: Nest;
  /** Subjects that have a cgroup below the slice of all guests; none where guests stay where they are. */
  readonly gathered: ReadonlySet<string>;
  /** Where guests are stopped and continued, the thread that does it is to have a server, if there is room for one. */
  readonly timing: boolean;
  /** With the classes and sentences that offers come to. */
  readonly model: Model;
  /** Whether a changed model is accepted; absent: nobody asks for hints. */
  readonly accepts?: (model: Model) => boolean;
}

/** The same in all situations of a policy. */
export function planningContext(context: ModelContext): PlanningContext {
  const { mechanisms, population, nest, host } = context;
  return {
    ...context,
    gathered: host.gathers ? gatheredSubjects(mechanisms, population, nest) : new Set(),
    timing: host.mechanisms.has('reservation'),
  };
}

/** Whether a situation is one in which guests are stopped and continued all the time, by a thread that has a server. */
export const hasTiming = ({ active }: Situation, { timing, mechanisms }: PlanningContext): boolean =>
  timing &&
  active.some(({ sentence }) => {
    const mechanism = mechanisms.get(sentence);
    return mechanism !== undefined && isStopping(mechanism) && sentence.kind !== 'pause';
  });
