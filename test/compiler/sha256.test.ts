import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { sha256 } from '../../src/compiler/sha256.js';

describe('sha256', () => {
  it('agrees with OpenSSL on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(sha256(text)).to.equal(createHash('sha256').update(text).digest('hex'));
      }),
    );
  });
  it('pads texts around a block boundary as FIPS 180-4 says', () => {
    for (let length = 50; length <= 130; length++) {
      const text = 'x'.repeat(length);
      expect(sha256(text)).to.equal(createHash('sha256').update(text).digest('hex'));
    }
  });
});
