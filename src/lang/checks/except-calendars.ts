import { calendarOf } from '../calendar-model.js';
import { catalogue } from '../catalogue.js';
import { eachConditionPart } from '../traversal.js';
import type { Condition } from '../tree.js';
import type { CheckInput } from './check.js';

/** `except` takes times away from times: on both its sides stand calendars. */
export function checkExceptCalendars({ policy, scope, definitions, reporter }: CheckInput): void {
  eachConditionPart(policy, (part) => {
    if (part.kind !== 'except') return;
    for (const operand of [part.base, ...part.removed]) {
      // First what goes in circles: nothing below would come to its end.
      if (!definitions.isSound(operand) || isTold(operand) || calendarOf(operand, scope) !== null) continue;
      const text = reporter.textOf(operand.span);
      reporter.add(catalogue.notACalendar.at(reporter.place(operand.span), { text }));
    }
  });

  /** An operand that could not be read, or a name that does not exist, has its error already. */
  function isTold(operand: Condition): boolean {
    if (operand.kind === 'damaged') return true;
    if (operand.kind !== 'reference' || operand.signal.head.kind !== 'named') return false;
    const declared = scope.find(operand.signal.head.name.text);
    return declared === null || (declared.kind === 'let' && isTold(declared.condition));
  }
}
