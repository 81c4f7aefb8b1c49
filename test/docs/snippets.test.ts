import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { compile } from '../../src/compiler/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import { HOST } from '../compiler/support.js';
import { EXAMPLE_HOSTS } from './example-hosts.js';

const DOCS = join(packageRoot(), 'docs');
const SNIPPET = /^```vmc *(\w*)\n([\s\S]*?)^```$/gm;

interface Snippet {
  readonly line: number;
  readonly kind: string;
  readonly text: string;
}

/** Beside those that name a host: excerpts, what they stand on, and what is to be refused. */
const KINDS: ReadonlySet<string> = new Set(['', 'prelude', 'refused', ...EXAMPLE_HOSTS.keys()]);

function snippetsOf(markdown: string): readonly Snippet[] {
  return [...markdown.matchAll(SNIPPET)].map(({ index, 1: kind = '', 2: text = '' }) => {
    const line = markdown.slice(0, index).split('\n').length;
    return { line, kind, text };
  });
}

/** What the documents import. */
const IMPORTED: ReadonlyMap<string, string> = new Map([['common.vmc', 'switch common\n']]);

const readImport = (file: string) => {
  const text = IMPORTED.get(file);
  return text === undefined
    ? { kind: 'refused' as const, reason: 'the documents have no such file' }
    : { kind: 'text' as const, text };
};

/**
 * A block of a document marked `vmc` has to compile: `vmc whole` as it stands, or for another host than the usual one,
 * `vmc` together with the document's declarations (`vmc prelude`, one a document); `vmc refused` must not.
 */
describe('the policies in the documents', () => {
  const documents = readdirSync(DOCS)
    .filter((name) => name.endsWith('.md'))
    .map((name) => ({ name, snippets: snippetsOf(readFileSync(join(DOCS, name), 'utf8')) }));

  it('are many', () => {
    const all = documents.flatMap(({ snippets }) => snippets);
    expect(all.length).to.be.at.least(30);
    expect(all.filter(({ kind }) => !KINDS.has(kind))).to.deep.equal([]);
  });

  for (const { name, snippets } of documents) {
    const prelude = snippets.find(({ kind }) => kind === 'prelude')?.text ?? '';
    for (const { line, kind, text } of snippets) {
      it(`compile (${name}, line ${line})`, () => {
        const source = kind === '' ? `${text}${prelude}` : text;
        const host = EXAMPLE_HOSTS.get(kind) ?? HOST;
        const { plan, diagnostics } = compile({ file: name, text: source }, host, { readImport });
        if (kind === 'refused') {
          expect(plan).to.equal(null);
          return;
        }
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        expect(errors.map(({ code, message }) => `${code} ${message}`)).to.deep.equal([]);
        expect(plan).not.to.equal(null);
      });
    }
  }
});
