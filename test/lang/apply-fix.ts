import type { Fix, Source } from '../../src/lang/index.js';

/** The text of one file with a fix applied. */
export function applyFix({ file, text }: Source, fix: Fix): string {
  return fix.edits
    .filter((edit) => edit.file === file)
    .sort((a, b) => b.range.start.offset - a.range.start.offset)
    .reduce(
      (changed, { range, text: replacement }) =>
        changed.slice(0, range.start.offset) + replacement + changed.slice(range.end.offset),
      text,
    );
}
