import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/support/package-root.js';

const FOLDER = join(packageRoot(), 'src', 'compiler', 'verify');

describe('the checker of certificates', () => {
  const files = readdirSync(FOLDER).map((name) => readFileSync(join(FOLDER, name), 'utf8'));

  it('is short enough to be read by one person: under 400 lines', () => {
    const lines = files.map((text) => text.split('\n').length - 1).reduce((all, count) => all + count, 0);
    expect(lines).to.be.greaterThan(100).and.lessThan(400);
  });

  it('shares nothing with what it checks: it imports types of the plan, and itself', () => {
    const imports = files.flatMap((text) => [...text.matchAll(/^(import .*|\} )from '(.+)';$/gm)]);
    expect(imports.length).to.be.greaterThan(5);
    for (const [line, , from] of imports) {
      expect(
        from?.startsWith('./') || (from === '../plan.js' && line.startsWith('import type')),
        line,
      ).to.equal(true);
    }
  });
});
