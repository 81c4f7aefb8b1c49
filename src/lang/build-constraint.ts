import type { CstNode } from 'chevrotain';
import { buildAmounts, buildBound, buildCeilings, buildEvery, buildReservation } from './build-amount.js';
import { buildCondition } from './build-condition.js';
import { buildOffer } from './build-offer.js';
import { readDigits, readQuantity, readWord } from './build-quantity.js';
import { buildAnySubject, buildSubject } from './build-subject.js';
import { catalogue } from './catalogue.js';
import {
  childNode,
  childNodes,
  hasKeyword,
  keywords,
  optionalNode,
  optionalSign,
  sign,
  spanOfNode,
} from './cst.js';
import { spanOf } from './lexer.js';
import type { Reporter } from './reporter.js';
import type { Assertion, Budget, Constraint, ConstraintBody, CoreRange, SharePart, Word } from './tree.js';

type Builder = (node: CstNode, reporter: Reporter) => ConstraintBody;

/** A rule of the grammar each; that of `share` is two kinds of constraints. */
const BUILDERS = {
  keep: (node, reporter) => ({ kind: 'keep', amounts: buildAmounts(node, reporter) }),
  limit: (node, reporter) => ({
    kind: 'limit',
    each: hasKeyword(node, 'each'),
    subject: buildSubject(node, 'limit', reporter),
    amounts: buildCeilings(node, reporter),
  }),
  guarantee: (node, reporter) => ({
    kind: 'guarantee',
    each: hasKeyword(node, 'each'),
    subject: buildSubject(node, 'guarantee', reporter),
    amounts: buildAmounts(node, reporter),
  }),
  reserve: (node, reporter) => ({
    kind: 'reserve',
    subject: buildSubject(node, 'reserve', reporter),
    form: buildReservation(node, reporter),
  }),
  run: (node, reporter) => ({
    kind: 'run',
    subject: buildSubject(node, 'run', reporter),
    ...buildEvery(node, reporter),
  }),
  share: buildShare,
  pause: (node, reporter) => ({ kind: 'pause', subject: buildSubject(node, 'pause', reporter) }),
  yield: (node, reporter) => ({ kind: 'yield', subject: buildSubject(node, 'yield', reporter) }),
  place: (node, reporter) => ({
    kind: 'place',
    subject: buildSubject(node, 'place', reporter),
    cores: childNodes(node, 'coreRange').map((range) => buildCoreRange(range, reporter)),
  }),
  stop: (node, reporter) => ({
    kind: 'stop',
    subject: buildSubject(node, 'stop', reporter),
    within: readQuantity(childNode(node, 'quantity'), 'time', reporter),
  }),
  budget: buildBudget,
  offer: buildOffer,
  assert: buildAssertion,
} as const satisfies Readonly<Record<string, Builder>>;

export type ConstraintRule = keyof typeof BUILDERS;
export const isConstraintRule = (rule: string): rule is ConstraintRule => Object.hasOwn(BUILDERS, rule);

export function buildConstraint(rule: ConstraintRule, node: CstNode, reporter: Reporter): Constraint {
  const body: ConstraintBody = BUILDERS[rule](node, reporter);
  return { ...body, by: buildBy(node), span: spanOfNode(node) };
}

function buildBy(node: CstNode): Word | null {
  const by = optionalNode(node, 'by');
  return by === null ? null : readWord(sign(by, 'Mechanism'));
}

function buildShare(node: CstNode, reporter: Reporter): ConstraintBody {
  if (hasKeyword(node, 'equally')) {
    return { kind: 'share-equally', subject: buildSubject(node, 'share', reporter) };
  }
  const parts = childNodes(node, 'part').map(
    (part): SharePart => ({
      subject: buildAnySubject(childNode(part, 'subject')),
      proportion: readQuantity(childNode(part, 'quantity'), 'number', reporter),
    }),
  );
  return { kind: 'share', parts };
}

function buildCoreRange(node: CstNode, reporter: Reporter): CoreRange {
  const token = optionalSign(node, 'CoreRange') ?? sign(node, 'Number');
  const span = spanOf(token);
  if (token.image.includes('.')) {
    reporter.add(catalogue.notWhole.at(reporter.place(span), { what: 'A core', found: token.image }));
  }
  const [first = token.image, last = first] = token.image
    .split('-')
    .map((digits) => readDigits(digits, span, reporter));
  return { first, last, span };
}

function buildBudget(node: CstNode, reporter: Reporter): Budget {
  const exhausted = optionalNode(node, 'exhausted');
  return {
    kind: 'budget',
    each: hasKeyword(node, 'each'),
    subject: buildSubject(node, 'budget', reporter),
    work: readQuantity(childNode(node, 'quantity'), 'work', reporter),
    per: readWord(sign(node, 'BudgetPeriod')),
    // biome-ignore lint/suspicious/noThenProperty: nothing awaits a tree, and `then` is the word of the language.
    then: exhausted === null ? null : buildExhausted(exhausted, reporter),
  };
}

function buildExhausted(node: CstNode, reporter: Reporter): Budget['then'] {
  if (hasKeyword(node, 'pause')) return { kind: 'pause' };
  return { kind: 'limit', amounts: buildAmounts(node, reporter) };
}

function buildAssertion(node: CstNode, reporter: Reporter): Assertion {
  const bound = optionalNode(node, 'bound');
  const condition = optionalNode(node, 'condition');
  const [paused] = keywords(node, 'paused');
  return {
    kind: 'assert',
    each: hasKeyword(node, 'each'),
    subject: buildSubject(node, 'assert', reporter),
    claim:
      bound === null
        ? { kind: 'paused', span: paused === undefined ? spanOfNode(node) : spanOf(paused) }
        : buildBound(bound, reporter),
    while: condition === null ? null : buildCondition(condition, reporter),
  };
}
