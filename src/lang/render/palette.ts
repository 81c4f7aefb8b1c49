import type { Severity } from '../diagnostic.js';

/** How a role of the output is painted. */
export type Style = Severity | 'strong' | 'frame' | 'added' | 'removed';

/** ECMA-48 SGR codes: of 16 colours, so that every terminal's own palette is used. */
const CODES: Readonly<Record<Style, string>> = {
  error: '1;31',
  warning: '1;33',
  advice: '1;36',
  strong: '1',
  frame: '1;34',
  added: '32',
  removed: '31',
};

export type Paint = (text: string, style: Style) => string;

/** Paints with colours, or leaves the text as it is. */
export const paintWith = (color: boolean): Paint =>
  color ? (text, style) => (text === '' ? '' : `\u001b[${CODES[style]}m${text}\u001b[0m`) : (text) => text;
