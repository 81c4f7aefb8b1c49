import { dirname, join } from 'node:path';

const BLANK = String.raw`(?:\s|#[^\n]*(?:\n|$))*`;
const IMPORT = new RegExp(String.raw`${BLANK}import${BLANK}"((?:[^"\\\n\r]|\\["\\])*)"`, 'y');

/** The files that a policy imports, which stand first in it. Its own name, `file`, is a path. */
export function importsOf(file: string, text: string): readonly string[] {
  const pattern = new RegExp(IMPORT);
  const imports: string[] = [];
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (pattern.lastIndex = start; ; ) {
    const match = pattern.exec(text);
    if (match === null) return imports;
    imports.push(join(dirname(file), (match[1] ?? '').replace(/\\(["\\])/g, '$1')));
  }
}
