import type { CstNode, IToken } from 'chevrotain';
import { catalogue } from './catalogue.js';
import { childNode, hasKeyword, optionalNode, optionalSign, sign, spanOfNode } from './cst.js';
import { spanOf } from './lexer.js';
import type { Reporter } from './reporter.js';
import type { Name, Quantity, Word } from './tree.js';
import { type Dimension, unitOf } from './units.js';

/** Digits beyond which a number is refused: reading it would take longer than linear time. */
export const MAX_DIGITS = 30;

/** What each place of the grammar asks for. In a comparison any of several dimensions may stand. */
export type Wanted = 'number' | 'time' | 'cpu' | 'size' | 'percent' | 'comparable';

const ACCEPTED: Readonly<Record<Wanted, readonly Dimension[]>> = {
  number: ['number'],
  time: ['time'],
  cpu: ['cpu'],
  size: ['size'],
  percent: ['percent'],
  comparable: ['number', 'percent', 'time', 'cpu', 'size', 'memory-fraction', 'rate', 'temperature'],
};

const DESCRIBED: Readonly<Record<Wanted, readonly [wanted: string, example: string]>> = {
  number: ['a number without a unit', '4'],
  time: ['a time', '30s'],
  cpu: ['an amount of CPU', '2 cores` or `25% of cpu'],
  size: ['a size', '8 GiB'],
  percent: ['a percentage', '95%'],
  comparable: ['a quantity that a signal can have', '60%'],
};

const MEASURES: Readonly<Record<Dimension, string>> = {
  number: 'a number without a unit',
  percent: 'a bare percentage',
  time: 'a time',
  cpu: 'an amount of CPU',
  size: 'a size',
  'memory-fraction': 'a part of the memory',
  rate: 'a rate',
  temperature: 'a temperature',
  iops: 'a number of I/O operations',
  work: 'an amount of work',
};

/** The dimension in the words of a message ("a time"). */
export const describeDimension = (dimension: Dimension): string => MEASURES[dimension];

export function readQuantity(node: CstNode, wanted: Wanted, reporter: Reporter): Quantity {
  const quantity = quantityOf(node);
  const digits = quantity.number.replace('.', '').length;
  if (digits > MAX_DIGITS) {
    const place = reporter.place(quantity.span);
    reporter.add(catalogue.longNumber.at(place, { digits, limit: MAX_DIGITS }));
    // Nothing computes with it: that could take long.
    return { ...quantity, number: '1' };
  }
  const dimension = unitOf(quantity.unit)?.dimension ?? 'number';
  if (!ACCEPTED[wanted].includes(dimension)) {
    const [description, example] = DESCRIBED[wanted];
    const found = reporter.textOf(quantity.span);
    const parameters = {
      found,
      is: describeDimension(dimension),
      wanted: description,
      example,
      advice: wanted === 'cpu' && dimension === 'size' ? memoryAdvice(found) : null,
    };
    reporter.add(catalogue.wrongDimension.at(reporter.place(quantity.span), parameters));
  }
  return quantity;
}

/** Sentences that take an amount of CPU take one of memory too, which then says so. */
const memoryAdvice = (size: string): string =>
  `An amount of memory reads \`${size} memory\`, which this version does not support yet; one of CPU, \`2 cores\`.`;

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
