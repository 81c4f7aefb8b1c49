import type { CstNode } from 'chevrotain';
import { buildEvery } from './build-declaration.js';
import { nameIn, readQuantity, readWord } from './build-quantity.js';
import { catalogue } from './catalogue.js';
import { childNode, childNodes, hasKeyword, optionalNode, sign, spanOfNode } from './cst.js';
import { dimensionOf } from './quantities.js';
import type { Reporter } from './reporter.js';
import type { Constraint, ConstraintBody, Quantity, SharePart, Span, Subject, Word } from './tree.js';

type Builder = (node: CstNode, reporter: Reporter) => ConstraintBody | null;

const BUILDERS: Readonly<Record<ConstraintBody['kind'], Builder>> = {
  keep: (node, reporter) => {
    const amount = buildAmount(node, reporter);
    return amount === null ? null : { kind: 'keep', amount };
  },
  limit: (node, reporter) => {
    if (refuse(node, 'elastic', 'A ceiling that follows a signal (`… - SIGNAL between … and …`)', reporter))
      return null;
    return buildRate('limit', node, reporter);
  },
  guarantee: (node, reporter) => buildRate('guarantee', node, reporter),
  reserve: buildReserve,
  run: (node, reporter) => ({
    kind: 'run',
    subject: buildSubject(node, 'run', reporter),
    ...buildEvery(node, reporter),
  }),
  share: buildShare,
  pause: (node, reporter) => ({ kind: 'pause', subject: buildSubject(node, 'pause', reporter) }),
};

export const CONSTRAINT_RULES = Object.keys(BUILDERS) as ConstraintBody['kind'][];

/** Null when the sentence holds something that this version does not compile: that is reported. */
export function buildConstraint(
  rule: ConstraintBody['kind'],
  node: CstNode,
  reporter: Reporter,
): Constraint | null {
  const body = BUILDERS[rule](node, reporter);
  return body === null ? null : { ...body, by: buildBy(node), span: spanOfNode(node) };
}

function buildBy(node: CstNode): Word | null {
  const by = optionalNode(node, 'by');
  return by === null ? null : readWord(sign(by, 'Mechanism'));
}

function buildRate(kind: 'limit' | 'guarantee', node: CstNode, reporter: Reporter): ConstraintBody | null {
  const subject = buildSubject(node, kind, reporter);
  const amount = buildAmount(node, reporter);
  return amount === null ? null : { kind, each: hasKeyword(node, 'each'), subject, amount };
}

function buildReserve(node: CstNode, reporter: Reporter): ConstraintBody | null {
  const rate = optionalNode(node, 'rate');
  if (rate === null)
    return refused(spanOfNode(node), 'A reservation derived from tasks (`for its tasks`)', reporter);
  if (hasKeyword(rate, 'any')) {
    return refused(spanOfNode(node), 'A reservation in any window (`in any`)', reporter);
  }
  return {
    kind: 'reserve',
    subject: buildSubject(node, 'reserve', reporter),
    budget: readQuantity(childNode(rate, 'budget'), 'time', reporter),
    period: readQuantity(childNode(rate, 'period'), 'time', reporter),
  };
}

function buildShare(node: CstNode, reporter: Reporter): ConstraintBody | null {
  if (hasKeyword(node, 'equally')) {
    return refused(spanOfNode(node), '`share cpu equally within`', reporter);
  }
  const parts = childNodes(node, 'part').map(
    (part): SharePart => ({
      subject: buildAnySubject(childNode(part, 'subject')),
      proportion: readQuantity(childNode(part, 'quantity'), 'number', reporter),
    }),
  );
  return { kind: 'share', parts };
}

function buildAmount(node: CstNode, reporter: Reporter): Quantity | null {
  const amounts = childNodes(childNode(node, 'amounts'), 'amount');
  const other = amounts.find(isOtherResource);
  if (other !== undefined) {
    return refused(spanOfNode(other), 'An amount of anything but CPU (memory, disk, network)', reporter);
  }
  const [first, second] = amounts.map((amount) =>
    readQuantity(childNode(amount, 'quantity'), 'cpu', reporter),
  );
  // An amount of something else already has its error.
  if (isOfCpu(first) && isOfCpu(second)) {
    reporter.add(catalogue.repeatedAmount.at(reporter.place(second.span), {}));
  }
  return first ?? null;
}

const isOfCpu = (amount: Quantity | undefined): amount is Quantity =>
  amount !== undefined && dimensionOf(amount) === 'cpu';

function isOtherResource(amount: CstNode): boolean {
  const percent = optionalNode(childNode(amount, 'quantity'), 'percent');
  if (percent !== null && hasKeyword(percent, 'memory')) return true;
  return (['memory', 'disk', 'network'] as const).some((word) => hasKeyword(amount, word));
}

function refuse(node: CstNode, rule: string, construct: string, reporter: Reporter): boolean {
  const part = optionalNode(node, rule);
  if (part !== null) refused(spanOfNode(part), construct, reporter);
  return part !== null;
}

function refused(span: Span, construct: string, reporter: Reporter): null {
  reporter.add(catalogue.unsupported.at(reporter.place(span), { construct }));
  return null;
}

/** A class, a union, `guests` or `others`. */
function buildSubject(node: CstNode, keyword: string, reporter: Reporter): Subject {
  const subject = buildAnySubject(childNode(node, 'subject'));
  if (subject.kind === 'owner') {
    reporter.add(catalogue.ownerAsSubject.at(reporter.place(subject.span), { keyword }));
  }
  return subject;
}

function buildAnySubject(node: CstNode): Subject {
  const span = spanOfNode(node);
  const kind = (['guests', 'others', 'owner'] as const).find((word) => hasKeyword(node, word));
  return kind === undefined ? { kind: 'named', name: nameIn(node), span } : { kind, span };
}
