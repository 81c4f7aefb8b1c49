import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import { matchesGlob } from '../../src/support/glob.js';
import { skipBecause } from './skip-because.js';

describe('matchesGlob', () => {
  const cases: readonly [pattern: string, text: string, matches: boolean][] = [
    ['video', 'video', true],
    ['video', 'video2', false],
    ['build-*', 'build-7', true],
    ['build-*', 'build', false],
    ['*', '', true],
    ['?', '', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['/machine.slice/*', '/machine.slice/a/b.scope', true],
    ['vm[0-9]', 'vm7', true],
    ['vm[!0-9]', 'vm7', false],
    ['vm[^0-9]', 'vmx', true],
    ['[]x]', ']', true],
    ['[a-]', '-', true],
    ['[', '[', true],
    ['[a', '[a', true],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['?', '🙂', true],
    ['[🙂-🙃]', '🙂', true],
  ];
  for (const [pattern, text, matches] of cases) {
    it(`${matches ? 'matches' : 'does not match'} ${JSON.stringify(text)} with ${pattern}`, () => {
      expect(matchesGlob(pattern, text)).to.equal(matches);
    });
  }

  it('agrees with the shell', function () {
    if (spawnSync('bash', ['-c', 'exit 0']).error) skipBecause(this, 'needs bash to compare with');
    const pattern = fc
      .array(fc.constantFrom(...'abc*?[]!^-\\'), { maxLength: 7 })
      .map((parts) => parts.join(''));
    const text = fc.array(fc.constantFrom(...'abc-*[]!'), { maxLength: 6 }).map((parts) => parts.join(''));
    const pairs = fc.sample(fc.tuple(pattern, text), { numRuns: 4000, seed: 20 });
    // `case` with a pattern from a variable: no expansion but that of the pattern, in code point order.
    const script =
      'while IFS= read -r p && IFS= read -r t; do case $t in $p) echo 1;; *) echo 0;; esac; done';
    const shell = spawnSync('bash', ['-c', script], {
      env: { ...process.env, LC_ALL: 'C' },
      input: pairs.map(([p, t]) => `${p}\n${t}\n`).join(''),
      encoding: 'utf8',
    });
    const answers = shell.stdout.trim().split('\n');
    expect(answers).to.have.length(pairs.length);
    const different = pairs.filter(([p, t], index) => matchesGlob(p, t) !== (answers[index] === '1'));
    expect(different).to.deep.equal([]);
    expect(answers.filter((answer) => answer === '1').length).to.be.above(100);
  });

  it('matches every text with itself once its special characters are escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(matchesGlob(text.replace(/[\\*?[]/g, '\\$&'), text)).to.equal(true);
      }),
    );
  });

  it('matches what it should whatever each star stands for', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b') });
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { maxLength: 6 }), word, (parts, end) => {
        const pattern = parts.map(([literal]) => `${literal}*`).join('') + end;
        const text = parts.map(([literal, anything]) => literal + anything).join('') + end;
        expect(matchesGlob(pattern, text)).to.equal(true);
      }),
    );
  });

  it('takes steps in proportion to pattern times text for patterns that ruin regular expressions', () => {
    const pattern = `${'*a'.repeat(200)}b`;
    // Exponential matching would not come back in the age of the universe; this is some millions of steps.
    expect(matchesGlob(pattern, 'a'.repeat(20_000))).to.equal(false);
  });
});
