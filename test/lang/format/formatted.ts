import { expect } from 'chai';
import { format, parse } from '../../../src/lang/index.js';
import { firstDifference, withoutSpans } from '../../grammar/trees.js';

const FILE = 'formatted.vmc';

/** The layout of a text that has to have one. */
export function formatted(text: string, width?: number): string {
  const result = format({ file: FILE, text }, width === undefined ? {} : { width });
  expect(result.diagnostics, text.slice(0, 2000)).to.deep.equal([]);
  if (result.text === null) throw new Error('no text, and no diagnostics either');
  return result.text;
}

export const isRefused = (text: string): boolean => format({ file: FILE, text }).text === null;

export const treeOf = (text: string): unknown => withoutSpans(parse({ file: FILE, text }).tree);

/** All that may be asked of a layout without knowing it; returns it. */
export function expectFaithful(text: string, width?: number): string {
  const laidOut = formatted(text, width);
  const about = `${JSON.stringify(text)}, laid out at ${width}`;
  expect(inkOf(laidOut), about).to.deep.equal(inkOf(text));
  expect(firstDifference(treeOf(laidOut), treeOf(text)), about).to.equal(null);
  expect(formatted(laidOut, width), `again: ${about}`).to.equal(laidOut);
  expectTidy(laidOut, about);
  return laidOut;
}

function expectTidy(text: string, about: string): void {
  if (text === '') return;
  expect(text, about)
    .to.match(/^\S/)
    .and.match(/[^\n]\n$/);
  expect(text, about).to.not.match(/\n{3}/);
  expect(text, about).to.not.match(/[ \t\r]\n/);
  expect(text, about).to.not.match(/\{\n\n|\n\n *\}/);
}

const BYTE_ORDER_MARK = '\uFEFF';
const BLANK = ' \t\r\n';

/**
 * What is written, without the white space around it: strings and comments (without blanks at their ends)
 * whole, all else character by character. Knows nothing of the lexer.
 */
export function inkOf(text: string): readonly string[] {
  const ink: string[] = [];
  const piece = /"(?:[^"\\\n]|\\.)*"|#[^\n]*|[\s\S]/gy;
  for (const [found] of text.matchAll(piece)) {
    if (found.startsWith('#')) ink.push(withoutBlankEnd(found));
    else if (!BLANK.includes(found) && found !== BYTE_ORDER_MARK) ink.push(found);
  }
  return ink;
}

/** A loop: a regular expression takes quadratic time on a comment that is all blanks. */
function withoutBlankEnd(comment: string): string {
  let end = comment.length;
  while (BLANK.includes(comment.charAt(end - 1))) end--;
  return comment.slice(0, end);
}
