import type { Condition, Threshold } from '../../lang/model.js';
import { compare } from '../../support/rational.js';
import type { EffectiveHost } from '../effective-host.js';
import { sensorValue } from '../modes/condition-text.js';
import { and, not, or } from '../modes/truth.js';
import type { Truth } from '../plan.js';
import type { SignalValue, World } from './world.js';

/**
 * What a condition comes to in the steady state: every `for` is over, and between its two thresholds a condition with
 * `until` does not hold. Kleene's three values; exact.
 */
export function truthOf(condition: Condition, world: World, host: EffectiveHost): Truth {
  const of = (part: Condition): Truth => truthOf(part, world, host);
  switch (condition.kind) {
    case 'constant':
      return condition.value;
    case 'and':
      return and(of(condition.left), of(condition.right));
    case 'or':
      return or(of(condition.left), of(condition.right));
    case 'not':
      return not(of(condition.operand));
    case 'assuming': {
      const value = of(condition.operand);
      return value === 'unknown' ? condition.value : value;
    }
    case 'named':
      return of(condition.condition);
    case 'calendar':
      return world.calendar(condition.calendar);
    case 'switch':
      return world.switch(condition.name);
    case 'signal':
      return world.signal(condition.signal);
    case 'process':
      return world.process(condition.pattern);
    case 'spent':
      return world.spent(condition.budget);
    case 'comparison':
      return compared(world.value(condition.subject), condition.start, host);
  }
}

/** In the steady state only the threshold that starts a condition counts. */
function compared(value: SignalValue, { operator, quantity }: Threshold, host: EffectiveHost): Truth {
  if (value === 'unknown') return 'unknown';
  const order = value === 'large' ? 1 : compare(value, sensorValue(quantity, host));
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
