import { expect } from 'chai';
import fc from 'fast-check';
import { decodeValues, encodeValues } from '../../../src/rps/history/history-block.js';

describe('samples as bytes', () => {
  const there = (values: Float32Array) => decodeValues(encodeValues(values), values.length);

  it('come back as they were, gaps too', () => {
    fc.assert(
      fc.property(fc.float32Array({ maxLength: 200 }), (values) => {
        expect(there(values)).to.deep.equal(values);
      }),
    );
  });

  it('take the room of one where all are the same, of none where there are none', () => {
    expect(encodeValues(new Float32Array(60).fill(7))).to.have.length(4);
    expect(encodeValues(new Float32Array(60).fill(Number.NaN))).to.have.length(4);
    expect(encodeValues(Float32Array.of(0, -0))).to.have.length(8);
    expect(there(new Float32Array(60).fill(7))).to.deep.equal(new Float32Array(60).fill(7));
  });

  it('are gaps where bytes are missing', () => {
    expect([...decodeValues(encodeValues(Float32Array.of(1, 2)), 3)]).to.deep.equal([1, 2, Number.NaN]);
    expect([...decodeValues(new Uint8Array(), 2)]).to.deep.equal([Number.NaN, Number.NaN]);
  });
});
