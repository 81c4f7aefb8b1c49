import type { CstNode, IToken } from 'chevrotain';
import { readName, readQuantity, readText } from './build-quantity.js';
import { catalogue } from './catalogue.js';
import {
  childNode,
  childNodes,
  hasKeyword,
  keywords,
  optionalNode,
  optionalSign,
  sign,
  signs,
  spanning,
  spanOfNode,
} from './cst.js';
import { spanOf } from './lexer.js';
import type { Reporter } from './reporter.js';
import type {
  ComparisonSubject,
  Condition,
  DateItem,
  DayItem,
  Forecast,
  SignalHead,
  SignalReference,
  Span,
  Threshold,
  Window,
} from './tree.js';

/** `condition` of the grammar. */
export function buildCondition(node: CstNode, reporter: Reporter): Condition {
  const operands = childNodes(node, 'conjunction').map((child) => buildConjunction(child, reporter));
  if (!hasKeyword(node, 'assuming')) return chain('or', operands, node);
  const last = childNodes(node, 'conjunction').at(-1) ?? node;
  const span = spanning(spanOfNode(node), spanOfNode(last));
  const operand = chain('or', operands, node, span);
  return { kind: 'assuming', operand, value: hasKeyword(node, 'true'), span: spanOfNode(node) };
}

function buildConjunction(node: CstNode, reporter: Reporter): Condition {
  const operands = childNodes(node, 'negation').map((child) => buildNegation(child, reporter));
  return chain('and', operands, node);
}

/** One operand stands for itself. */
function chain(
  kind: 'or' | 'and',
  operands: readonly Condition[],
  node: CstNode,
  span: Span = spanOfNode(node),
): Condition {
  const [only] = operands;
  return only !== undefined && operands.length === 1 ? only : { kind, operands, span };
}

function buildNegation(node: CstNode, reporter: Reporter): Condition {
  const operand = buildException(node, reporter);
  return keywords(node, 'not').reduceRight<Condition>(
    (inner, not) => ({ kind: 'not', operand: inner, span: spanning(spanOf(not), operand.span) }),
    operand,
  );
}

function buildException(node: CstNode, reporter: Reporter): Condition {
  const atoms = childNodes(node, 'atom');
  const [base, ...removed] = atoms.map((child) => buildAtom(child, reporter));
  // INVARIANT: there is an atom.
  if (removed.length === 0) return base!;
  const [first, last] = [atoms[0] ?? node, atoms.at(-1) ?? node];
  return { kind: 'except', base: base!, removed, span: spanning(spanOfNode(first), spanOfNode(last)) };
}

function buildAtom(node: CstNode, reporter: Reporter): Condition {
  const span = spanOfNode(node);
  const inner = optionalNode(node, 'parenthesised');
  if (inner !== null) return buildCondition(childNode(inner, 'condition'), reporter);
  const days = optionalNode(node, 'days');
  if (days !== null)
    return { kind: 'days', days: buildDays(days), windows: buildWindows(days, reporter), span };
  const dates = optionalNode(node, 'dates');
  if (dates !== null) {
    const ranges = childNodes(dates, 'date').map((date) => buildDate(date, reporter));
    return { kind: 'dates', ranges, windows: buildWindows(dates, reporter), span };
  }
  const process = optionalNode(node, 'processRunning');
  return process === null ? buildSignalAtom(node, span, reporter) : buildProcess(process);
}

/** `process "blender*" running`. */
export function buildProcess(node: CstNode): Condition {
  return { kind: 'process', pattern: readText(sign(node, 'Text')), span: spanOfNode(node) };
}

/** The signal below a node, or the forecast of one. */
export function buildComparisonSubject(node: CstNode, reporter: Reporter): ComparisonSubject {
  const forecast = optionalNode(node, 'forecast');
  if (forecast !== null) return buildForecast(forecast, reporter);
  return { kind: 'signal', signal: buildSignal(childNode(node, 'signal'), reporter) };
}

function buildSignalAtom(node: CstNode, span: Span, reporter: Reporter): Condition {
  const subject = buildComparisonSubject(node, reporter);
  const comparison = optionalNode(node, 'comparison');
  if (comparison !== null) {
    const until = optionalNode(comparison, 'until');
    return {
      kind: 'comparison',
      subject,
      start: buildThreshold(childNode(comparison, 'start'), reporter),
      until: until === null ? null : buildThreshold(until, reporter),
      span,
    };
  }
  return { kind: 'reference', signal: subject.signal, span };
}

function buildThreshold(node: CstNode, reporter: Reporter): Threshold {
  const duration = optionalNode(node, 'for');
  return {
    operator: sign(node, 'Comparator').image as Threshold['operator'],
    quantity: readQuantity(childNode(node, 'quantity'), 'comparable', reporter),
    for: duration === null ? null : readQuantity(duration, 'time', reporter),
  };
}

function buildForecast(node: CstNode, reporter: Reporter): Forecast {
  return {
    kind: 'forecast',
    signal: buildSignal(childNode(node, 'signal'), reporter),
    over: readQuantity(childNode(node, 'over'), 'time', reporter),
    side: hasKeyword(node, 'lower') ? 'lower' : 'upper',
    level: readQuantity(childNode(node, 'level'), 'percent', reporter),
  };
}

const HEADS = ['host', 'owner', 'user', 'guests', 'others'] as const;
const EXAMPLES: Readonly<Record<(typeof HEADS)[number], string>> = {
  host: 'host.load',
  owner: 'owner.demand',
  user: 'user.active',
  guests: 'guests.cpu',
  others: 'guests.cpu',
};

export function buildSignal(node: CstNode, reporter: Reporter): SignalReference {
  const word = HEADS.find((candidate) => hasKeyword(node, candidate));
  const head: SignalHead = word === undefined ? { kind: 'named', name: readName(node) } : { kind: word };
  const span = spanOfNode(node);
  const path = signs(node, 'segment');
  if (isSplit(span, word === undefined ? headOf(node) : word, path)) {
    const text = reporter.textOf(span).replace(/ ?\. ?/g, '.');
    const fix = reporter.replacement(span, text);
    reporter.add(catalogue.splitSignal.at(reporter.place(span), { joined: text }, { fix }));
  }
  if (word !== undefined && path.length === 0) {
    const parameters = { head: word, example: EXAMPLES[word] };
    reporter.add(catalogue.headWithoutSignal.at(reporter.place(span), parameters));
  }
  return { head, path: path.map(({ image }) => image), span };
}

const headOf = (node: CstNode): string => (optionalSign(node, 'BareName') ?? sign(node, 'Text')).image;

/** White space around a dot. */
function isSplit({ start, end }: Span, head: string, path: readonly IToken[]): boolean {
  return path.reduce((length, { image }) => length + 1 + image.length, head.length) !== end - start;
}

function buildDays(node: CstNode): readonly DayItem[] {
  const set = optionalSign(node, 'DaySet');
  const tokens = set === null ? signs(node, 'Day') : [set];
  return tokens.map((token) => {
    const [first = token.image, last = first] = token.image.split('-');
    return { first, last, span: spanOf(token) };
  });
}

function buildDate(node: CstNode, reporter: Reporter): DateItem {
  const single = optionalSign(node, 'Date');
  const token = single ?? sign(node, 'DateRange');
  requireDigits(token, reporter);
  const [first = token.image, last = first] = token.image.split('..');
  return { first, last, span: spanOf(token) };
}

function buildWindows(node: CstNode, reporter: Reporter): readonly Window[] {
  const windows = optionalNode(node, 'windows');
  if (windows === null) return [];
  return signs(windows, 'ClockWindow').map((token) => {
    requireDigits(token, reporter);
    const [start = '', end = ''] = token.image.split('-');
    return { start, end, span: spanOf(token) };
  });
}

/** The lexer takes `9:00` and `2026-1-4` too, so that they get this message rather than one about syntax. */
export function requireDigits(token: IToken, reporter: Reporter): void {
  const written = token.image.replace(/(?<!\d)\d(?!\d)/g, '0$&');
  if (written === token.image) return;
  const fix = reporter.replacement(spanOf(token), written);
  const parameters = { found: token.image, written };
  reporter.add(catalogue.digits.at(reporter.place(spanOf(token)), parameters, { fix }));
}
