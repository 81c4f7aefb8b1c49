import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../support/package-root.js';

export interface DiagnosticPage {
  readonly title: string;
  /** Address of the page that is installed with vmc. */
  readonly href: string;
}

const known = new Map<string, DiagnosticPage | null>();

/** The page of a diagnostic, as `vmc explain` shows it; null for a code that does not exist. */
export function diagnosticPage(code: string): DiagnosticPage | null {
  let page = known.get(code);
  if (page === undefined) {
    page = readPage(code);
    known.set(code, page);
  }
  return page;
}

function readPage(code: string): DiagnosticPage | null {
  const file = join(packageRoot(), 'docs', 'errors', `${code}.md`);
  if (!/^VMC\d{4}$/.test(code) || !existsSync(file)) return null;
  const [heading = ''] = readFileSync(file, 'utf8').split('\n', 1);
  return { title: heading.replace(/^#\s*(?:VMC\d{4}:?\s*)?/, ''), href: pathToFileURL(file).href };
}
