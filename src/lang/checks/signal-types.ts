import { catalogue } from '../catalogue.js';
import type { Fix } from '../diagnostic.js';
import { dimensionOf } from '../quantities.js';
import { type Scope, signalName } from '../scope.js';
import { eachSignalUse, type SignalUse } from '../signal-uses.js';
import { COMPARABLE, DESCRIBED, type SignalType } from '../signals.js';
import { bareNameOf } from '../traversal.js';
import type { Quantity } from '../tree.js';
import type { Dimension } from '../units.js';
import { describeDimension } from '../wanted-quantity.js';
import type { CheckInput } from './check.js';

/** A quantity is compared with a quantity of its own kind; what is true or false stands alone. */
export function checkSignalTypes(input: CheckInput): void {
  eachSignalUse(input.policy, (use) => {
    const type = typeOf(use, input.scope);
    if (type === null || use.as === 'either') return;
    const isTruth = use.as === 'truth';
    if (type === 'boolean') {
      if (!isTruth) reportCompared(use, input);
    } else if (isTruth) {
      reportAlone(use, type, input);
    } else {
      for (const quantity of use.quantities) checkQuantity(use, type, quantity, input);
    }
  });
}

/** Of a condition or a switch: boolean. */
function typeOf({ signal }: SignalUse, scope: Scope): SignalType | null {
  const name = bareNameOf(signal);
  const declared = name === null ? null : scope.find(name);
  return declared?.kind === 'let' || declared?.kind === 'switch' ? 'boolean' : scope.signalType(signal);
}

function reportCompared({ signal, isGiven }: SignalUse, { reporter }: CheckInput): void {
  const parameters = { signal: signalName(signal), isGiven };
  reporter.add(catalogue.booleanCompared.at(reporter.place(signal.span), parameters));
}

type QuantityType = Exclude<SignalType, 'boolean'>;

function reportAlone({ signal, isGiven }: SignalUse, type: QuantityType, { reporter }: CheckInput): void {
  const parameters = { signal: signalName(signal), example: DESCRIBED[type][1], isGiven };
  reporter.add(catalogue.quantityAsCondition.at(reporter.place(signal.span), parameters));
}

function checkQuantity(
  use: SignalUse,
  type: QuantityType,
  quantity: Quantity,
  { reporter }: CheckInput,
): void {
  const dimension = dimensionOf(quantity);
  if (!isForComparison(dimension) || COMPARABLE[type].includes(dimension)) return;
  const [measures, example] = DESCRIBED[type];
  const found = reporter.textOf(quantity.span);
  const parameters = {
    signal: signalName(use.signal),
    measures,
    found,
    is: describeDimension(dimension),
    example,
  };
  const fix = evidentUnit(type, dimension);
  const fixed: Fix | null =
    fix === null ? null : reporter.replacement(quantity.span, `${quantity.number}${fix}`);
  const extras = fixed === null ? {} : { fix: fixed };
  reporter.add(catalogue.signalDimension.at(reporter.place(quantity.span), parameters, extras));
}

/** Work and I/O operations have their error from the parser: no signal is measured in them. */
const isForComparison = (dimension: Dimension): boolean => dimension !== 'work' && dimension !== 'iops';

/** The unit of a number without one, where a signal has only one; `%` where it says too much. */
function evidentUnit(type: QuantityType, dimension: Dimension): string | null {
  if (dimension === 'number' && (type === 'cpu' || type === 'percent')) return '%';
  if (dimension === 'number' && type === 'temperature') return ' C';
  return dimension === 'cpu' && type === 'percent' ? '%' : null;
}
