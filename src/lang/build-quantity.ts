import type { CstNode, IToken } from 'chevrotain';
import { catalogue } from './catalogue.js';
import { childNode, hasKeyword, optionalNode, optionalSign, sign, spanOfNode } from './cst.js';
import { spanOf } from './lexer.js';
import type { Reporter } from './reporter.js';
import type { Name, Quantity, Span, Word } from './tree.js';
import { unitOf } from './units.js';
import { accepts, reportDimension, type Wanted } from './wanted-quantity.js';

/** Digits beyond which a number is refused: reading it would take longer than linear time. */
export const MAX_DIGITS = 30;

/** `quantity` of the grammar, of the dimension that its place asks for. */
export function readQuantity(node: CstNode, wanted: Wanted, reporter: Reporter): Quantity {
  const quantity = quantityOf(node);
  const { number, unit, span } = quantity;
  // Nothing computes with a number that is too long: that could take long.
  if (isTooLong(number, span, reporter)) return { ...quantity, number: '1' };
  const dimension = unitOf(unit)?.dimension ?? 'number';
  if (!accepts(wanted, dimension)) reportDimension(quantity, dimension, wanted, reporter);
  return quantity;
}

/** A number that has no unit by its place in the grammar. */
export function readNumber(token: IToken, reporter: Reporter): Quantity {
  const span = spanOf(token);
  return { number: readDigits(token.image, span, reporter), unit: '', span };
}

/** The digits, unless there are too many of them. */
export const readDigits = (digits: string, span: Span, reporter: Reporter): string =>
  isTooLong(digits, span, reporter) ? '1' : digits;

function isTooLong(number: string, span: Span, reporter: Reporter): boolean {
  const digits = number.replace('.', '').length;
  if (digits <= MAX_DIGITS) return false;
  reporter.add(catalogue.longNumber.at(reporter.place(span), { digits, limit: MAX_DIGITS }));
  return true;
}

export const isOfCpu = (node: CstNode): boolean => unitOf(unitForm(node))?.dimension === 'cpu';

function quantityOf(node: CstNode): Quantity {
  return { number: sign(node, 'Number').image, unit: unitForm(node), span: spanOfNode(node) };
}

function unitForm(node: CstNode): string {
  const word = optionalSign(node, 'Unit');
  if (word !== null) return word.image;
  const percent = optionalNode(node, 'percent');
  if (percent === null) return '';
  if (hasKeyword(percent, 'cpu')) return '% of cpu';
  if (hasKeyword(percent, 'core')) return '% of a core';
  return hasKeyword(percent, 'memory') ? '% of memory' : '%';
}

export function readName(node: CstNode): Name {
  const bare = optionalSign(node, 'BareName');
  return bare === null
    ? readText(sign(node, 'Text'))
    : { text: bare.image, quoted: false, span: spanOf(bare) };
}

/** A string with its escapes undone. */
export function readText(token: IToken): Name {
  const text = token.image.slice(1, -1).replace(/\\(["\\])/g, '$1');
  return { text, quoted: true, span: spanOf(token) };
}

export const nameIn = (node: CstNode): Name => readName(childNode(node, 'name'));
export const readWord = (token: IToken): Word => ({ text: token.image, span: spanOf(token) });
