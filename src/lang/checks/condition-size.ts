import { catalogue } from '../catalogue.js';
import { MAX_LEVELS, MAX_PARTS } from '../definitions.js';
import { bareNameOf, eachPart, rootConditions } from '../traversal.js';
import type { Condition } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

/** Conditions stay small when their names are replaced; each of a few lines could double the one before. */
export function checkConditionSize({ policy, scope, definitions, reporter }: CheckInput): void {
  const usesUnsound = (condition: Condition): boolean => {
    let found = false;
    eachPart(condition, (part) => {
      const name = part.kind === 'reference' ? bareNameOf(part.signal) : null;
      const declared = name === null ? null : scope.find(name);
      if (declared?.kind === 'let' && !definitions.isSoundName(declared.name.text)) found = true;
    });
    return found;
  };
  for (const { condition, definition } of rootConditions(policy)) {
    // Only where the growth begins: what uses it, or goes in circles, is told by that.
    if (definitions.isSound(condition) || usesUnsound(condition)) continue;
    const { parts } = definitions.extentOf(condition);
    const name = definition === null ? 'this condition' : `\`${writtenName(definition.name.text)}\``;
    const place = reporter.place(definition?.name.span ?? condition.span);
    const exceeded =
      parts > MAX_PARTS
        ? ({ measure: 'parts', limit: MAX_PARTS } as const)
        : ({ measure: 'levels', limit: MAX_LEVELS } as const);
    reporter.add(catalogue.conditionTooLarge.at(place, { name, ...exceeded }));
  }
}
