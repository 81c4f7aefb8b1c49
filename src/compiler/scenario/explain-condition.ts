import type { Condition, Model } from '../../lang/model.js';
import type { Reason } from '../claims/reason.js';
import type { Truth } from '../plan.js';

/** The names and atoms that a condition is made of, outermost names first taken whole. */
export function partsOf(condition: Condition): readonly Condition[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...partsOf(condition.left), ...partsOf(condition.right)];
    case 'not':
    case 'assuming':
      return partsOf(condition.operand);
    case 'constant':
      return [];
    default:
      return [condition];
  }
}

/** Where the names in a condition are defined, each with what it comes to. */
export function definitionsIn(
  condition: Condition,
  { conditions }: Model,
  truth: (part: Condition) => Truth,
): readonly Reason[] {
  return partsOf(condition).flatMap((part) => {
    if (part.kind !== 'named') return [];
    const definition = conditions.find(({ name }) => name === part.name);
    return definition ? [{ place: definition.place, role: `is ${truth(part)}` }] : [];
  });
}
