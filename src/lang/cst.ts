import type { CstNode, IToken } from 'chevrotain';
import { invariant } from '../support/invariant.js';
import { word } from './tokens.js';
import type { Span } from './tree.js';
import type { ReservedWord, SoftWord } from './words.js';

/*
 * Reading Chevrotain's concrete syntax tree. A rule that was read to its end has all its mandatory children (one
 * that was not is dropped whole by the parser), so what is missing there is a defect of ours.
 */

/** The token types whose names are not the words themselves, and labels. */
type SignName =
  | 'segment'
  | 'BareName'
  | 'Text'
  | 'Number'
  | 'Unit'
  | 'Percent'
  | 'Comparator'
  | 'Dot'
  | 'Day'
  | 'DaySet'
  | 'Date'
  | 'DateRange'
  | 'ClockWindow'
  | 'Mechanism'
  | 'MatchAttribute'
  | 'BudgetPeriod'
  | 'SignalType'
  | 'CoreRange'
  | 'Clock'
  | 'LCurly';

const NONE: readonly never[] = [];

/** A key holds either nodes, the name of whose rule (or whose label) it is, or tokens. */
export function childNodes(node: CstNode, key: string): readonly CstNode[] {
  return (node.children[key] as CstNode[] | undefined) ?? NONE;
}

export function optionalNode(node: CstNode, key: string): CstNode | null {
  return childNodes(node, key)[0] ?? null;
}

export function childNode(node: CstNode, key: string): CstNode {
  const child = optionalNode(node, key);
  invariant(child !== null, `${node.name} has no ${key}`);
  return child;
}

export function signs(node: CstNode, key: SignName): readonly IToken[] {
  return (node.children[key] as IToken[] | undefined) ?? NONE;
}

export function optionalSign(node: CstNode, key: SignName): IToken | null {
  return signs(node, key)[0] ?? null;
}

export function sign(node: CstNode, key: SignName): IToken {
  const token = optionalSign(node, key);
  invariant(token !== null, `${node.name} has no ${key}`);
  return token;
}

/** All occurrences of a keyword. */
export function keywords(node: CstNode, text: ReservedWord | SoftWord): readonly IToken[] {
  return (node.children[word(text).name] as IToken[] | undefined) ?? NONE;
}

export const hasKeyword = (node: CstNode, text: ReservedWord | SoftWord): boolean =>
  node.children[word(text).name] !== undefined;

/** From the first to the last token of a node. */
export function spanOfNode(node: CstNode): Span {
  const location = node.location;
  invariant(location?.endOffset !== undefined, `${node.name} has no location`);
  return { start: location.startOffset, end: location.endOffset + 1 };
}

/** Of tokens and nodes that stand in the order of the text. */
export function spanning(first: Span, last: Span): Span {
  return { start: first.start, end: last.end };
}
