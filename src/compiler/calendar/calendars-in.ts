import type { Calendar, Condition } from '../../lang/model.js';
import { calendarText } from '../modes/condition-text.js';

/** A calendar, and what the policy calls it. */
export interface NamedCalendar {
  readonly calendar: Calendar;
  /** The innermost `let` that it stands in, else its own text. */
  readonly name: string;
}

/** The calendars in some conditions, each once. */
export function calendarsIn(conditions: readonly Condition[]): readonly NamedCalendar[] {
  const found = new Map<string, NamedCalendar>();
  const visit = (condition: Condition, name: string | null): void => {
    switch (condition.kind) {
      case 'and':
      case 'or':
        visit(condition.left, name);
        visit(condition.right, name);
        break;
      case 'not':
      case 'assuming':
        visit(condition.operand, name);
        break;
      case 'named':
        visit(condition.condition, condition.name);
        break;
      case 'calendar': {
        const text = calendarText(condition.calendar);
        if (!found.has(text)) found.set(text, { calendar: condition.calendar, name: name ?? text });
      }
    }
  };
  for (const condition of conditions) visit(condition, null);
  return [...found.values()];
}
