import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { run } from '../../src/cli/main.js';
import { packageRoot } from '../../src/support/package-root.js';
import { HOST } from '../compiler/support.js';

const DOCUMENT = readFileSync(join(packageRoot(), 'docs', 'explaining-policies.md'), 'utf8');

/** `$ vmc …` with what is shown of its answer: parts between lines of `…`. */
interface Shown {
  readonly argv: readonly string[];
  readonly parts: readonly string[];
}

function shownIn(document: string): readonly Shown[] {
  const blocks = document.split(/\n(?! {4}|\n)/).filter((block) => block.includes('    $ vmc '));
  return blocks.map((block) => {
    const [command = '', ...lines] = block
      .slice(block.indexOf('    $ vmc '))
      .split('\n')
      .map((line) => line.slice(4));
    const argv = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const parts = lines.join('\n').split(/\n*^…$\n*/m);
    return { argv: argv.slice(2), parts: parts.map((part) => part.trim()).filter((part) => part !== '') };
  });
}

describe('the document on explanations', () => {
  const shown = shownIn(DOCUMENT);
  let directory: string;
  before(() => {
    const text = /```vmc whole\n([\s\S]*?)```/.exec(DOCUMENT)?.[1] ?? '';
    directory = mkdtempSync(join(tmpdir(), 'vmc-explaining-'));
    writeFileSync(join(directory, 'office.vmc'), text);
    writeFileSync(join(directory, 'office-next.vmc'), text.replace('25% of cpu', '1 core'));
    writeFileSync(join(directory, 'facts.json'), JSON.stringify(HOST));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it('shows several answers', () => {
    expect(shown.map(({ argv }) => argv[0])).to.deep.equal(['explain', 'explain', 'diff']);
  });

  for (const { argv, parts } of shown) {
    it(`shows what vmc answers: vmc ${argv.join(' ')}`, async () => {
      const inDirectory = argv.map((word) => (word.endsWith('.vmc') ? join(directory, word) : word));
      let [text, complaints] = ['', ''];
      const exitCode = await run([...inDirectory, '--host', join(directory, 'facts.json')], {
        stdout: { write: (chunk) => (text += chunk) },
        stderr: { write: (chunk) => (complaints += chunk) },
        env: {},
      });
      expect({ exitCode, complaints }).to.deep.equal({ exitCode: 0, complaints: '' });
      // Where lines break depends on how long the path is.
      const folded = (one: string) => one.replaceAll(`${directory}/`, '').replace(/\s+/g, ' ');
      for (const part of parts) expect(folded(text)).to.contain(folded(part));
    });
  }
});
