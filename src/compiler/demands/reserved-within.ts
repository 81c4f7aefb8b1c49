import { add, multiply, type Rational, rational, ZERO } from '../../support/rational.js';
import { rateOf } from '../reservations/reservation-form.js';
import type { CombineContext } from './combine-context.js';
import type { Demands } from './demands.js';

/** Cores of the servers of all guests that these classes may have, context switches aside. */
export interface ReservedRate {
  readonly vcpus: Rational;
  /** With the main loops. */
  readonly all: Rational;
}

export function reservedWithin(
  classes: readonly string[],
  { demands, population }: Pick<CombineContext, 'population'> & { readonly demands: Demands },
): ReservedRate {
  let [vcpus, all] = [ZERO, ZERO];
  for (const key of classes) {
    const reservation = demands.reservations.get(key);
    const declared = population.classes.get(key);
    if (reservation?.mechanism !== 'reservation' || !declared) continue;
    const guests = rational(BigInt(declared.maxGuests));
    const { budgetNs, periodNs } = declared.overhead;
    const rate = rateOf(reservation);
    vcpus = add(vcpus, multiply(guests, rate));
    all = add(all, multiply(guests, add(rate, rational(budgetNs, periodNs))));
  }
  return { vcpus, all };
}
