import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/support/package-root.js';
import { FACTS } from '../cli/facts.js';
import { scratchDirectory } from '../cli/scratch.js';
import { vmc } from '../cli/vmc.js';
import { expectGolden } from './golden.js';

/** Compared byte for byte as plans, too: of the others, which are long, the page for people. */
const IN_FULL = new Set(['demo', 'demo-unprivileged', 'real-time', 'workstation']);
const EXAMPLES = join('examples', 'policies');

describe('the plan of an example', () => {
  const { write } = scratchDirectory();

  for (const file of readdirSync(join(packageRoot(), EXAMPLES)).filter((name) => name.endsWith('.vmc'))) {
    const name = file.replace(/\.vmc$/, '');

    it(`is what it was, and so is what is said of it: ${name}`, async () => {
      const facts = write('facts.json', JSON.stringify(FACTS));
      // From the project's root, so that no path of this machine gets into the plan.
      const compile = (...options: string[]) =>
        vmc(['compile', join(EXAMPLES, file), '--host', facts, ...options], { cwd: packageRoot() });
      const { stdout, stderr } = await compile();
      expectGolden(`${name}.txt`, `${stdout}---\n${stderr}`);
      if (IN_FULL.has(name)) expectGolden(`${name}.json`, (await compile('--format', 'json')).stdout);
    });
  }
});
