import type { CombineContext } from './combine-context.js';
import { isStopping } from './mechanism-choice.js';
import type { ModelContext } from './model-context.js';
import type { Nest } from './nest.js';
import { gatheredSubjects } from './plan-tree.js';

/** What planning a situation takes besides the situation. */
export interface PlanningContext extends CombineContext {
  readonly nest: Nest;
  /** Subjects that have a cgroup below the slice of all guests; none where guests stay where they are. */
  readonly gathered: ReadonlySet<string>;
  /** The timing thread is to have a server wherever there is room for one. */
  readonly timing: boolean;
}

/** The same in all situations of a policy. */
export function planningContext(context: ModelContext): PlanningContext {
  const { mechanisms, population, nest, host } = context;
  return {
    ...context,
    gathered: host.gathers ? gatheredSubjects(mechanisms, population, nest) : new Set(),
    timing: host.mechanisms.has('reservation') && [...mechanisms.values()].some(isStopping),
  };
}
