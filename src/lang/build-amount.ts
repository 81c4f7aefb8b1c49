import type { CstNode } from 'chevrotain';
import { buildComparisonSubject } from './build-condition.js';
import { isOfCpu, readQuantity } from './build-quantity.js';
import { childNode, childNodes, hasKeyword, optionalNode, spanOfNode } from './cst.js';
import { dimensionOf } from './quantities.js';
import type { Reporter } from './reporter.js';
import type { Amount, BoundClaim, Quantity, ReservationForm } from './tree.js';

/** `amounts` of the grammar. */
export function buildAmounts(node: CstNode, reporter: Reporter): readonly Amount[] {
  return childNodes(childNode(node, 'amounts'), 'amount').map((amount) => buildAmount(amount, reporter));
}

/** `ceilings`: amounts of which each may be elastic. */
export function buildCeilings(node: CstNode, reporter: Reporter): readonly Amount[] {
  return childNodes(childNode(node, 'ceilings'), 'ceiling').map((ceiling) => {
    const elastic = optionalNode(ceiling, 'elastic');
    const amount = childNode(ceiling, 'amount');
    return elastic === null ? buildAmount(amount, reporter) : buildElastic(ceiling, elastic, reporter);
  });
}

type Resource = 'memory' | 'disk' | 'network';

const resourceOf = (node: CstNode): Resource | undefined =>
  (['memory', 'disk', 'network'] as const).find((word) => hasKeyword(node, word));

function buildAmount(node: CstNode, reporter: Reporter): Amount {
  const span = spanOfNode(node);
  const resource = resourceOf(node);
  const quantity = readQuantity(childNode(node, 'quantity'), resource ?? 'amount', reporter);
  if (resource !== undefined) return { kind: resource, quantity, span };
  const dimension = dimensionOf(quantity);
  const kind = dimension === 'memory-fraction' || dimension === 'size' ? 'memory' : 'cpu';
  return { kind, quantity, span };
}

function buildElastic(node: CstNode, tail: CstNode, reporter: Reporter): Amount {
  return {
    kind: 'elastic',
    base: buildElasticBase(childNode(node, 'amount'), reporter),
    minus: buildComparisonSubject(tail, reporter),
    from: readQuantity(childNode(tail, 'from'), 'cpu-or-percent', reporter),
    to: readQuantity(childNode(tail, 'to'), 'cpu', reporter),
    span: spanOfNode(node),
  };
}

/** Only CPU follows a signal: neither `8 GiB memory` does nor `2 cores memory`. */
function buildElasticBase(amount: CstNode, reporter: Reporter): Quantity {
  const node = childNode(amount, 'quantity');
  const resource = resourceOf(amount);
  return readQuantity(node, resource !== undefined && isOfCpu(node) ? resource : 'cpu', reporter);
}

/** `Q every P` below a node. */
export function buildEvery(node: CstNode, reporter: Reporter) {
  const every = childNode(node, 'every');
  return {
    budget: readQuantity(childNode(every, 'budget'), 'time', reporter),
    period: readQuantity(childNode(every, 'period'), 'time', reporter),
  };
}

export function buildReservation(node: CstNode, reporter: Reporter): ReservationForm {
  const form = childNode(node, 'reservation');
  const span = spanOfNode(form);
  if (hasKeyword(form, 'tasks')) return { kind: 'tasks', span };
  const budget = readQuantity(childNode(form, 'budget'), 'time', reporter);
  const period = readQuantity(childNode(form, 'period'), 'time', reporter);
  return hasKeyword(form, 'any')
    ? { kind: 'in-any', budget, window: period, span }
    : { kind: 'every', budget, period, span };
}

/** `bound` of the grammar. */
export function buildBound(node: CstNode, reporter: Reporter): BoundClaim {
  const kind = hasKeyword(node, 'most') ? 'at-most' : 'at-least';
  return { kind, amount: buildAmount(childNode(node, 'amount'), reporter), span: spanOfNode(node) };
}
