import { expect } from 'chai';
import { analyse, type Source } from '../../src/lang/index.js';
import { applyFix } from './apply-fix.js';
import { ADVISED, MISTAKES } from './mistakes.js';

const sourceOf = (text: string): Source => ({ file: 'test.vmc', text });

/** Every file that is imported exists. */
const readImport = () => ({ kind: 'text', text: 'switch elsewhere\n' }) as const;

const errorsOf = (text: string) =>
  analyse(sourceOf(text), { readImport }).diagnostics.filter(({ severity }) => severity === 'error');

/** As many lines of a text as `like` has, from line `first` (counted from 1). */
function linesLike(like: string, text: string, first: number): string {
  return text
    .split('\n')
    .slice(first - 1, first - 1 + like.split('\n').length)
    .join('\n');
}

describe('a single mistake', () => {
  for (const { what, text, code, line, more, hint, fixed } of MISTAKES) {
    it(`draws its own error: ${what}`, () => {
      const errors = errorsOf(text);
      const found = errors.map((error) => `${error.code} on line ${error.range.start.line}`);
      expect(found).to.include(`${code} on line ${line}`);
      if (more === undefined) expect(found).to.have.lengthOf(1);
      if (hint !== undefined) expect(errors[0]?.hint).to.include(hint);
      if (fixed === undefined) return;
      const fix = errors[0]?.fix;
      if (fix === undefined) throw new Error(`no fix makes \`${fixed}\` of it`);
      expect(linesLike(fixed, applyFix(sourceOf(text), fix), line)).to.equal(fixed);
    });
  }

  it('is told once in at least 97 of 100 cases, of more than 240', () => {
    const once = MISTAKES.filter(({ text }) => errorsOf(text).length === 1);
    expect(MISTAKES.length).to.be.at.least(240);
    expect(once.length / MISTAKES.length).to.be.at.least(0.97);
  });

  it('that has a fix is gone when it is applied, and nothing else has come of it', () => {
    const broken = MISTAKES.filter(({ text }) => {
      const errors = errorsOf(text);
      const left = errors.flatMap(({ fix }) =>
        fix === undefined ? [] : [errorsOf(applyFix(sourceOf(text), fix)).length],
      );
      return left.some((count) => count >= errors.length);
    });
    expect(broken.map(({ what }) => what)).to.deep.equal([]);
  });
});

describe('a policy that is legal but seldom meant', () => {
  for (const { what, text, code, line } of ADVISED) {
    it(`draws one warning and has a model: ${what}`, () => {
      const { model, diagnostics } = analyse(sourceOf(text));
      const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
      const found = warnings.map((warning) => `${warning.code} on line ${warning.range.start.line}`);
      expect(found).to.deep.equal([`${code} on line ${line}`]);
      expect(model).not.to.equal(null);
    });
  }
});
