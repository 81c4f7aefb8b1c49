import { expect } from 'chai';
import { analyse } from '../../src/lang/index.js';
import { ADVISED, MISTAKES } from './mistakes.js';

const errorsOf = (text: string) =>
  analyse({ file: 'test.vmc', text }).diagnostics.filter(({ severity }) => severity === 'error');

describe('a single mistake', () => {
  for (const { what, text, code, line, more, hint } of MISTAKES) {
    it(`draws its own error: ${what}`, () => {
      const errors = errorsOf(text);
      const found = errors.map((error) => `${error.code} on line ${error.range.start.line}`);
      expect(found).to.include(`${code} on line ${line}`);
      if (more === undefined) expect(found).to.have.lengthOf(1);
      if (hint !== undefined) expect(errors[0]?.hint).to.include(hint);
    });
  }

  it('is told once in at least 95 of 100 cases', () => {
    const once = MISTAKES.filter(({ text }) => errorsOf(text).length === 1);
    expect(once.length / MISTAKES.length).to.be.at.least(0.95);
  });
});

describe('a policy that is legal but seldom meant', () => {
  for (const { what, text, code, line } of ADVISED) {
    it(`draws one warning and has a model: ${what}`, () => {
      const { model, diagnostics } = analyse({ file: 'test.vmc', text });
      const found = diagnostics.map(
        ({ code, severity, range }) => `${severity} ${code} on line ${range.start.line}`,
      );
      expect(found).to.deep.equal([`warning ${code} on line ${line}`]);
      expect(model).not.to.equal(null);
    });
  }
});
