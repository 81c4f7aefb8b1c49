import { expect } from 'chai';
import fc from 'fast-check';
import { lex } from '../../../src/lang/lexer.js';
import { Dot } from '../../../src/lang/tokens.js';
import { CONSTRUCTS } from './constructs.js';
import { expectFaithful, inkOf, isRefused } from './formatted.js';

/**
 * The text cut in front of each token, and what separates the two sides where nothing may stand in between.
 */
function piecesOf(text: string): {
  readonly pieces: readonly string[];
  readonly isWhole: (gap: number) => boolean;
} {
  const { tokens } = lex(text);
  const cuts = [...tokens.map(({ startOffset }) => startOffset), text.length];
  const pieces = [0, ...cuts].map((from, i) => text.slice(from, cuts[i]));
  const isDot = (index: number) => tokens[index]?.tokenType === Dot;
  return { pieces, isWhole: (gap) => isDot(gap) || isDot(gap - 1) };
}

const COMMENTS = {
  'at the end of a line': ' # why "so" { not\n',
  'on its own line': '\n\t# why "so" { not  \r\n',
  'among blank lines': '\n\n\n# why\n\n\n# then\n\n',
};

describe('a comment', () => {
  for (const [where, comment] of Object.entries(COMMENTS)) {
    it(`${where} between any two words is kept in its place, and the tree with it`, () => {
      for (const text of CONSTRUCTS) {
        const { pieces, isWhole } = piecesOf(text);
        for (let gap = 0; gap < pieces.length - 1; gap++) {
          const commented = pieces.map((piece, i) => (i === gap ? piece + comment : piece)).join('');
          if (isWhole(gap)) expect(isRefused(commented), commented).to.equal(true);
          else for (const width of [100, 30]) expectFaithful(commented, width);
        }
      }
    }).timeout(60_000);
  }

  it('may stand in many places at once', () => {
    const white = fc.constantFrom(' ', ' ', ' ', '\n', '\n\n', '\t', '\r\n', ...Object.values(COMMENTS));
    const written = fc.constantFrom(...CONSTRUCTS).chain((text) => {
      const { pieces, isWhole } = piecesOf(text);
      const whites = fc.array(white, { minLength: pieces.length, maxLength: pieces.length });
      return whites.map((chosen) => pieces.map((piece, i) => piece + (isWhole(i) ? '' : chosen[i])).join(''));
    });
    fc.assert(
      fc.property(written, fc.integer({ min: 1, max: 130 }), (text, width) => {
        expectFaithful(text, width);
      }),
      { numRuns: 600 },
    );
  }).timeout(60_000);

  it('keeps its own blanks, tabs and signs', () => {
    const comment = '#\ta  b "c" # d \u00a0 \u200f漢 \r x';
    expect(inkOf(expectFaithful(`pause a ${comment} \t\r\n`))).to.include(comment);
  });
});
