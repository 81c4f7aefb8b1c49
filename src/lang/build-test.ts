import type { CstNode, IToken } from 'chevrotain';
import { buildAmounts, buildBound, buildEvery, buildReservation } from './build-amount.js';
import {
  buildComparisonSubject,
  buildCondition,
  buildProcess,
  buildSignal,
  requireDigits,
} from './build-condition.js';
import { readNumber, readQuantity, readText, readWord } from './build-quantity.js';
import { buildSubject } from './build-subject.js';
import { catalogue } from './catalogue.js';
import { childNode, childNodes, hasKeyword, optionalNode, optionalSign, sign, spanOfNode } from './cst.js';
import { endOf } from './lexer.js';
import type { Reporter } from './reporter.js';
import type { Condition, GivenFact, GivenGuests, Outcome, Span, TestDeclaration, TestLine } from './tree.js';
import { unitOf } from './units.js';

/** `test` of the grammar; a line that could not be read is not in it. */
export function buildTest(node: CstNode, reporter: Reporter): TestDeclaration {
  const lines = childNodes(childNode(node, 'testBody'), 'testLine');
  return {
    kind: 'test',
    title: readText(sign(node, 'Text')),
    lines: lines.flatMap((line) => buildLine(line, reporter) ?? []),
    span: spanOfNode(node),
  };
}

function buildLine(line: CstNode, reporter: Reporter): TestLine | null {
  const at = optionalNode(line, 'at');
  if (at !== null) return buildAt(at, reporter);
  const given = optionalNode(line, 'given');
  if (given !== null) return { kind: 'given', fact: buildFact(given, reporter), span: spanOfNode(given) };
  const expect = optionalNode(line, 'expect');
  return expect === null ? null : buildExpect(expect, reporter);
}

function buildAt(node: CstNode, reporter: Reporter): TestLine {
  const [date, clock] = [sign(node, 'Date'), sign(node, 'Clock')];
  for (const token of [date, clock]) requireDigits(token, reporter);
  return { kind: 'at', date: readWord(date), clock: readWord(clock), span: spanOfNode(node) };
}

function buildFact(node: CstNode, reporter: Reporter): GivenFact {
  const vms = optionalNode(node, 'givenVms');
  if (vms !== null) {
    return {
      kind: 'vms',
      guests: childNodes(vms, 'givenGuests').map((guests) => buildGuests(guests, reporter)),
    };
  }
  const spent = optionalNode(node, 'givenSpent');
  if (spent !== null) return { kind: 'spent', subject: buildSubject(spent, 'budget', reporter) };
  const not = optionalNode(node, 'givenNot');
  if (not !== null) return { kind: 'truth', operand: buildOperand(not, reporter), value: false };
  const value = optionalNode(node, 'givenValue');
  if (value === null) return { kind: 'truth', operand: buildOperand(node, reporter), value: true };
  const subject = buildComparisonSubject(node, reporter);
  if (hasKeyword(value, 'unknown')) return { kind: 'unknown', subject };
  return {
    kind: 'value',
    subject,
    quantity: readQuantity(childNode(value, 'quantity'), 'comparable', reporter),
  };
}

/** What is true or false by itself. */
function buildOperand(node: CstNode, reporter: Reporter): Condition {
  const process = optionalNode(node, 'processRunning');
  if (process !== null) return buildProcess(process);
  const signal = buildSignal(childNode(node, 'signal'), reporter);
  return { kind: 'reference', signal, span: signal.span };
}

function buildGuests(node: CstNode, reporter: Reporter): GivenGuests {
  const count = optionalSign(node, 'Number');
  const subject = buildSubject(node, 'given vms', reporter);
  if (count === null) return { count, subject };
  // A class may be called like a unit, which may touch a number elsewhere.
  if (endOf(count) === subject.span.start) reportCrowded(count, subject.span, reporter);
  return { count: readNumber(count, reporter), subject };
}

function reportCrowded(count: IToken, subject: Span, reporter: Reporter): void {
  const right = reporter.textOf(subject);
  if (right.startsWith('"')) return;
  const fix = reporter.replacement({ start: subject.start, end: subject.start }, ' ', 'Insert a space');
  const place = reporter.place({ start: count.startOffset, end: subject.end });
  // Other words are told by the lexer.
  if (unitOf(right) !== null)
    reporter.add(catalogue.crowded.at(place, { left: count.image, right }, { fix }));
}

function buildExpect(node: CstNode, reporter: Reporter): TestLine {
  const span = spanOfNode(node);
  const condition = optionalNode(node, 'condition');
  if (condition !== null)
    return { kind: 'expect-that', condition: buildCondition(condition, reporter), span };
  return {
    kind: 'expect',
    each: hasKeyword(node, 'each'),
    subject: buildSubject(node, 'expect', reporter),
    outcome: buildOutcome(childNode(node, 'outcome'), reporter),
    span,
  };
}

function buildOutcome(node: CstNode, reporter: Reporter): Outcome {
  const span = spanOfNode(node);
  const bound = optionalNode(node, 'bound');
  if (bound !== null) return buildBound(bound, reporter);
  if (hasKeyword(node, 'paused')) return { kind: 'paused', span };
  if (hasKeyword(node, 'yields')) return { kind: 'yields', span };
  if (hasKeyword(node, 'runs')) return { kind: 'runs', ...buildEvery(node, reporter), span };
  if (hasKeyword(node, 'reserved')) return { kind: 'reserved', form: buildReservation(node, reporter), span };
  return { kind: 'guaranteed', amounts: buildAmounts(node, reporter), span };
}
