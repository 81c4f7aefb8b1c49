import type { OfferSentence } from './scope.js';
import { eachConstraint, eachTestLine } from './traversal.js';
import type { Policy, ReservationForm, Subject } from './tree.js';

export interface ReservationUse {
  readonly form: ReservationForm;
  /** It comes and goes with a condition. */
  readonly isGuarded: boolean;
  /** Whose vCPUs: those of a subject, or of the guests that an offer is about. */
  readonly of: Subject | OfferSentence;
}

/** Visits what every reservation asks for: of sentences, of offers, of expectations in tests. */
export function eachReservation(policy: Policy, visit: (use: ReservationUse) => void): void {
  eachConstraint(policy, (constraint, isGuarded) => {
    if (constraint.kind === 'reserve') visit({ form: constraint.form, isGuarded, of: constraint.subject });
    if (constraint.kind !== 'offer') return;
    for (const term of constraint.terms) {
      if (term.kind === 'reserve') visit({ form: term.form, isGuarded, of: constraint });
    }
  });
  eachTestLine(policy, (line) => {
    if (line.kind !== 'expect' || line.outcome.kind !== 'reserved') return;
    visit({ form: line.outcome.form, isGuarded: false, of: line.subject });
  });
}
