import { expect } from 'chai';
import { longestGap, parseSpan, sharedNs } from './spans.js';

const span = (fromNs: bigint, untilNs: bigint) => ({ fromNs, untilNs });

describe('spans of time', () => {
  it('are read from the lines in which programs tell them', () => {
    expect(parseSpan('gap 10 25')).to.deep.equal(span(10n, 25n));
    expect(() => parseSpan('gap')).to.throw('no span');
  });

  it('share what lies in both', () => {
    const others = [span(0n, 5n), span(8n, 12n), span(19n, 30n), span(40n, 50n)];
    expect(sharedNs(span(10n, 20n), others)).to.equal(3n);
    expect(sharedNs(span(12n, 19n), others)).to.equal(0n);
  });

  it('are compared without what was stolen of them', () => {
    const gaps = [span(0n, 100n), span(200n, 280n)];
    expect(longestGap(gaps, [span(10n, 50n)])).to.deep.equal({ lengthNs: 80n, stolenNs: 0n });
    expect(longestGap(gaps, [span(50n, 60n)])).to.deep.equal({ lengthNs: 100n, stolenNs: 10n });
    expect(longestGap([], [])).to.deep.equal({ lengthNs: 0n, stolenNs: 0n });
  });
});
