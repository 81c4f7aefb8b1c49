import { expect } from 'chai';
import { Lexer } from 'chevrotain';
import fc from 'fast-check';
import { PolicyParser } from '../../src/lang/parser.js';
import { tokenise } from '../../src/lang/tokenise.js';
import { LEXED_TOKENS } from '../../src/lang/tokens.js';

const PIECES = [
  ...'a core-hours mon-fri owner.demand "x" "x\\" "\\n" 09:00-17:00 9:00 2026-12-24 2026-12-24..2027-01-01'.split(
    ' ',
  ),
  ...'0-3 1.5 1. 25% MB/s MB KiB/s bit/s bits { } ( ) , = < <= > >= - . # é ; \\ \n \r\n \t'.split(' '),
  ' ',
  '# note\n',
];

describe('the tokens of a text', () => {
  it('are those that the Lexer of Chevrotain finds with the same definitions', () => {
    const lexer = new Lexer([...LEXED_TOKENS], {
      positionTracking: 'onlyOffset',
      ensureOptimizations: false,
    });
    const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(''));
    const property = fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (input) => {
      const theirs = lexer.tokenize(input).tokens;
      const shown = (tokens: typeof theirs) =>
        tokens.map(({ image, startOffset, tokenType }) => `${startOffset} ${tokenType.name} ${image}`);
      expect(shown(tokenise(input).tokens)).to.deep.equal(shown(theirs));
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('and the characters between them are all of the text but white space and comments', () => {
    const property = fc.property(fc.string({ unit: 'binary' }), (input) => {
      const { tokens, strays } = tokenise(input);
      const units = input.split('');
      for (const { startOffset, image } of tokens) units.fill('', startOffset, startOffset + image.length);
      for (const { start, end } of strays) units.fill('', start, end);
      expect(units.join('').replace(/#[^\n]*/g, '')).to.match(/^[ \t\r\n]*$/);
    });
    fc.assert(property, { numRuns: 1000 });
  });
});

describe('the grammar of the parser', () => {
  it('is valid, and needs one token of look-ahead, by the validations of Chevrotain', () => {
    expect(() => new PolicyParser({ skipValidations: false })).not.to.throw();
  });
});
