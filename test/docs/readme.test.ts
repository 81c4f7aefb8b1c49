import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { compile } from '../../src/compiler/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import { HOST } from '../compiler/support.js';

const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'SPECIFICATION.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];

describe('the documents', () => {
  const read = (name: string): string => readFileSync(join(packageRoot(), name), 'utf8');

  it('show a policy in the README that compiles', () => {
    const text = /```\n(vm [\s\S]*?)```/.exec(read('README.md'))?.[1] ?? '';
    const { plan, diagnostics } = compile({ file: 'README.md', text }, HOST);
    expect(diagnostics).to.deep.equal([]);
    expect(plan?.modes.length).to.be.greaterThan(1);
  });

  for (const name of DOCUMENTS) {
    it(`name only files that exist (${name})`, () => {
      const text = read(name);
      const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target]) => target ?? '');
      const paths = [
        ...text.matchAll(
          /`((?:src|test|bench|docs|examples|grammar|schemas|scripts|bin|demo|guests)\/[\w./-]*)`/g,
        ),
      ].map(([, path]) => path ?? '');
      const missing = [...links, ...paths].filter(
        (target) => !/^[a-z]+:/.test(target) && !existsSync(join(packageRoot(), target)),
      );
      expect(missing).to.deep.equal([]);
    });
  }
});
