import { expect } from 'chai';
import fc from 'fast-check';
import { safeForTerminal, visible } from '../../src/support/terminal-text.js';

describe('text for a terminal', () => {
  it('keeps colours, line breaks and tabs, and nothing else that a terminal would obey', () => {
    const title = '\u001b]0;owned\u0007';
    expect(safeForTerminal(`\u001b[1mbold\u001b[22m\n\t${title}\u001b[2J\u009b2J\r`)).to.equal(
      '\u001b[1mbold\u001b[22m\n\t\uFFFD]0;owned\uFFFD\uFFFD[2J\uFFFD2J\uFFFD',
    );
  });

  it('of a name has no colours and no line breaks either, whatever the name', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (name) => !/\p{Cc}/u.test(visible(name))));
    expect(visible('a\u001b[8m\nb')).to.equal('a\uFFFD[8m\uFFFDb');
  });
});
