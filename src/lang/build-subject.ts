import type { CstNode } from 'chevrotain';
import { readName } from './build-quantity.js';
import { catalogue } from './catalogue.js';
import { childNode, hasKeyword, spanOfNode } from './cst.js';
import type { Reporter } from './reporter.js';
import type { Subject } from './tree.js';

/** A class, a union, `guests` or `others`, below a node of the sentence that `keyword` begins. */
export function buildSubject(node: CstNode, keyword: string, reporter: Reporter): Subject {
  const subject = buildAnySubject(childNode(node, 'subject'));
  if (subject.kind === 'owner') {
    reporter.add(catalogue.ownerAsSubject.at(reporter.place(subject.span), { keyword }));
  }
  return subject;
}

/** `subject` of the grammar, the owner included. */
export function buildAnySubject(node: CstNode): Subject {
  const span = spanOfNode(node);
  const kind = (['guests', 'others', 'owner'] as const).find((word) => hasKeyword(node, word));
  return kind === undefined ? { kind: 'named', name: readName(node), span } : { kind, span };
}
