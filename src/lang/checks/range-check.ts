import { compare, type Rational } from '../../support/rational.js';
import { catalogue } from '../catalogue.js';
import type { Reporter } from '../reporter.js';
import type { Quantity } from '../tree.js';

/** What a quantity may be; `text` says it in the message. */
export interface QuantityRange {
  readonly what: string;
  readonly from: Rational;
  readonly to: Rational;
  /** The lower end itself is excluded. */
  readonly isOpenBelow?: boolean;
  readonly isOpenAbove?: boolean;
  readonly isWhole?: boolean;
  readonly text: string;
}

/** Reports a value outside its range; null values have another error. True when the value can be used. */
export function checkRange(
  quantity: Quantity,
  value: Rational | null,
  range: QuantityRange,
  reporter: Reporter,
): boolean {
  if (value === null) return false;
  const isInRange = isWithin(value, range);
  if (isInRange && !(range.isWhole && value.den !== 1n)) return true;
  const { what, text } = range;
  const place = reporter.place(quantity.span);
  const found = `\`${reporter.textOf(quantity.span)}\``;
  if (isInRange) reporter.add(catalogue.notWhole.at(place, { what, found }));
  else reporter.add(catalogue.outOfRange.at(place, { what, found, range: text }));
  return false;
}

function isWithin(value: Rational, { from, to, isOpenBelow, isOpenAbove }: QuantityRange): boolean {
  const below = compare(value, from);
  const above = compare(value, to);
  return (isOpenBelow ? below > 0 : below >= 0) && (isOpenAbove ? above < 0 : above <= 0);
}
