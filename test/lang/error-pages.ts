import { readdirSync, readFileSync } from 'node:fs';

/** A page of docs/errors/, taken apart. */
export interface ErrorPage {
  readonly code: string;
  readonly title: string;
  /** The policy under "Example"; null where an example would not fit on a page. */
  readonly example: string | null;
  /** The policy under "What to do". */
  readonly remedy: string | null;
}

const DIRECTORY = new URL('../../docs/errors/', import.meta.url);
export function errorPages(): readonly ErrorPage[] {
  return readdirSync(DIRECTORY)
    .filter((file) => /^VMC\d{4}\.md$/.test(file))
    .sort()
    .map(readPage);
}

function readPage(file: string): ErrorPage {
  const text = readFileSync(new URL(file, DIRECTORY), 'utf8');
  const [, code = '', title = ''] = /^# (VMC\d{4}): (.+)\n/.exec(text) ?? [];
  const [, example, remedy] = /\n## Example\n([\s\S]*)\n## What to do\n([\s\S]*)$/.exec(text) ?? [];
  if (`${code}.md` !== file || !example?.trim() || !remedy?.trim()) {
    throw new Error(`${file} needs its code and title, an example, and what to do`);
  }
  return { code, title, example: policyIn(example), remedy: policyIn(remedy) };
}

const policyIn = (section: string): string | null => /```vmc\n([\s\S]*?)\n```/.exec(section)?.[1] ?? null;
