import type { Fix, TextEdit } from '../../src/lang/index.js';

/** The text after the edits of a fix to its file. Edits that overlap are refused. */
export function applyFix(text: string, { edits }: Fix): string {
  const inOrder = [...edits].sort((a, b) => startOf(a) - startOf(b) || endOf(a) - endOf(b));
  let [fixed, at] = ['', 0];
  for (const edit of inOrder) {
    if (startOf(edit) < at) throw new Error('the edits of a fix overlap');
    fixed += text.slice(at, startOf(edit)) + edit.text;
    at = endOf(edit);
  }
  return fixed + text.slice(at);
}

const startOf = ({ range }: TextEdit): number => range.start.offset;
const endOf = ({ range }: TextEdit): number => range.end.offset;
