import type { TextEdit } from 'vscode-languageserver';
import { format } from '../../lang/index.js';
import type { PolicyText } from '../document/policy-text.js';

/**
 * The edits that lay a text out, over the lines between the first and the last that change; null for a text with syntax
 * errors, which is left alone.
 */
export function formattingEdits(text: PolicyText): readonly TextEdit[] | null {
  const formatted = format({ file: text.uri, text: text.text });
  if (formatted.text === null) return null;
  if (formatted.text === text.text) return [];
  return [changeBetween(text, formatted.text)];
}

/** One edit, from the first to the last line that differs. */
function changeBetween(text: PolicyText, wanted: string): TextEdit {
  const old = text.text;
  const shorter = Math.min(old.length, wanted.length);
  let same = 0;
  while (same < shorter && old[same] === wanted[same]) same++;
  const start = old.lastIndexOf('\n', same - 1) + 1;
  let tail = 0;
  while (tail < shorter - start && old[old.length - 1 - tail] === wanted[wanted.length - 1 - tail]) tail++;
  // From the begin of a line in both.
  while (tail > 0 && !startsLine(old, old.length - tail)) tail--;
  const newText = wanted.slice(start, wanted.length - tail);
  return { range: text.range({ start, end: old.length - tail }), newText };
}

const startsLine = (text: string, offset: number): boolean => offset === 0 || text[offset - 1] === '\n';
