import { expect } from 'chai';
import { analyse, type Diagnostic } from '../../src/lang/index.js';
import { applyFix } from './apply-fix.js';
import { MEANING_ADVICE, MEANING_MISTAKES, type MeaningMistake } from './meaning-mistakes.js';
import { sourceOf } from './support.js';

const diagnosticsOf = (text: string) => analyse(sourceOf(text)).diagnostics;

function expectFix({ text, line, fixed }: MeaningMistake, diagnostic: Diagnostic | undefined): void {
  if (fixed === undefined) return;
  const { fix } = diagnostic ?? {};
  if (fix === undefined) throw new Error('it has a fix');
  const mended = applyFix(sourceOf(text), fix);
  expect(
    mended
      .split('\n')
      .slice(line - 1, line + fixed.split('\n').length - 1)
      .join('\n'),
  ).to.equal(fixed);
  expect(diagnosticsOf(mended).map(({ code }) => code)).to.deep.equal([]);
}

describe('a mistake in what sentences mean', () => {
  for (const mistake of MEANING_MISTAKES) {
    const { what, text, code, line, roles = [], fixed } = mistake;
    it(`draws its own error alone: ${what} (${code})`, () => {
      const diagnostics = diagnosticsOf(text);
      const found = diagnostics.map((one) => `${one.severity} ${one.code} on line ${one.range.start.line}`);
      expect(found).to.deep.equal([`error ${code} on line ${line}`]);
      expect(diagnostics[0]?.related.map(({ message }) => message)).to.deep.equal(roles);
      expect(diagnostics[0]?.fix !== undefined).to.equal(fixed !== undefined);
      expectFix(mistake, diagnostics[0]);
    });
  }
});

describe('a policy that is well-formed but seldom meant', () => {
  for (const mistake of MEANING_ADVICE) {
    const { what, text, code, line, severity } = mistake;
    it(`is told so, and has a model: ${what} (${code})`, () => {
      const { model, diagnostics } = analyse(sourceOf(text));
      const found = diagnostics.map((one) => `${one.severity} ${one.code} on line ${one.range.start.line}`);
      expect(found).to.deep.equal([`${severity} ${code} on line ${line}`]);
      expect(model).not.to.equal(null);
      expectFix(mistake, diagnostics[0]);
    });
  }
});
