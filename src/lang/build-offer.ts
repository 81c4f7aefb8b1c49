import type { CstNode } from 'chevrotain';
import { buildAmounts, buildReservation } from './build-amount.js';
import { buildNeed, isDamagedBody } from './build-declaration.js';
import { nameIn, readQuantity } from './build-quantity.js';
import { childNode, childNodes, hasKeyword, optionalNode, spanOfNode } from './cst.js';
import type { Reporter } from './reporter.js';
import type { Offer, OfferTerm } from './tree.js';

/** `offer` of the grammar. */
export function buildOffer(node: CstNode, reporter: Reporter): Offer {
  const body = childNode(node, 'offerBody');
  const all = childNodes(body, 'offerTerm');
  const settings = all.flatMap((term) => childNodes(term, 'offerSetting'));
  return {
    kind: 'offer',
    count: readQuantity(childNode(node, 'quantity'), 'number', reporter),
    name: nameIn(node),
    terms: settings.map((setting) => buildTerm(setting, reporter)),
    damaged: settings.length < all.length || isDamagedBody(body),
  };
}

function buildTerm(node: CstNode, reporter: Reporter): OfferTerm {
  const need = optionalNode(node, 'need');
  if (need !== null) return buildNeed(need, reporter);
  const span = spanOfNode(node);
  if (hasKeyword(node, 'reserve')) return { kind: 'reserve', form: buildReservation(node, reporter), span };
  const kind = hasKeyword(node, 'guarantee') ? 'guarantee' : 'limit';
  return { kind, amounts: buildAmounts(node, reporter), span };
}
