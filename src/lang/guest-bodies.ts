import type { OfferSentence } from './scope.js';
import { eachStatement } from './traversal.js';
import type { ClassDeclaration, Policy } from './tree.js';

/** What describes guests between its braces. */
export type GuestBody = ClassDeclaration | OfferSentence;

/** The lines between the braces. */
export const propertiesOf = (body: GuestBody): ClassDeclaration['properties'] | OfferSentence['terms'] =>
  body.kind === 'class' ? body.properties : body.terms;

/** Visits every class and every offer. */
export function eachGuestBody(policy: Policy, visit: (body: GuestBody) => void): void {
  eachStatement(policy, (statement) => {
    if (statement.kind === 'class' || statement.kind === 'offer') visit(statement);
  });
}

export const hasTasks = (body: GuestBody): boolean => propertiesOf(body).some(({ kind }) => kind === 'task');
