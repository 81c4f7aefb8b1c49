/** A piece of a line and how it is painted. */
export interface Span {
  readonly text: string;
  readonly paint?: (text: string) => string;
}
export type Line = readonly Span[];

export const span = (text: string, paint?: Span['paint']): Span => ({ text, ...(paint && { paint }) });

/** East Asian wide and fullwidth characters, and emoji, take two columns (UAX #11). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const MARK = /\p{M}/u;

const columnsOf = (character: string): number => (MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

/** Columns that a text takes in a terminal. It has no control characters. */
export function widthOf(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII.
  if (/^[\x00-\x7f]*$/.test(text)) return text.length;
  return [...text].reduce((sum, character) => sum + columnsOf(character), 0);
}

/** The text in just so many columns: padded, or cut with an ellipsis. */
export function inColumns(text: string, columns: number, { ellipsis = '…', right = false } = {}): string {
  const width = widthOf(text);
  if (width <= columns) {
    const space = ' '.repeat(columns - width);
    return right ? space + text : text + space;
  }
  if (columns <= 0) return '';
  const cut = takeColumns(text, columns - widthOf(ellipsis));
  return cut + ellipsis + ' '.repeat(Math.max(0, columns - widthOf(cut) - widthOf(ellipsis)));
}

function takeColumns(text: string, columns: number): string {
  let taken = '';
  let left = columns;
  for (const character of text) {
    left -= columnsOf(character);
    if (left < 0) break;
    taken += character;
  }
  return taken;
}

/** A line as the terminal is sent it, in at most so many columns: what is cut off ends in an ellipsis. */
export function renderLine(line: Line, columns: number, ellipsis: string): string {
  const whole = line.reduce((sum, { text }) => sum + widthOf(text), 0);
  let left = whole > columns ? columns - widthOf(ellipsis) : columns;
  let rendered = '';
  for (const { text, paint } of line) {
    if (left <= 0) break;
    const width = widthOf(text);
    const shown = width <= left ? text : takeColumns(text, left);
    left -= width;
    rendered += paint && shown !== '' ? paint(shown) : shown;
  }
  return whole > columns ? rendered + ellipsis : rendered;
}
