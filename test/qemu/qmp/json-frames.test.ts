import { expect } from 'chai';
import fc from 'fast-check';
import { JsonFrames } from '../../../src/qemu/qmp/json-frames.js';
import { QmpError } from '../../../src/qemu/qmp/qmp-error.js';

describe('JsonFrames', () => {
  it('gives back every stream of objects, however it is cut and laid out', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const objects = fc.array(fc.dictionary(fc.string(), value), { maxLength: 5 });
    fc.assert(
      fc.property(objects, fc.nat(4), fc.array(fc.integer({ min: 1, max: 20 })), (expected, indent, cuts) => {
        const bytes = Buffer.from(
          expected.map((object) => `${JSON.stringify(object, null, indent)}\r\n`).join(''),
        );
        const frames = new JsonFrames(1 << 20);
        const received = [];
        let at = 0;
        for (const size of cuts) {
          received.push(...frames.push(bytes.subarray(at, at + size)));
          at += size;
        }
        received.push(...frames.push(bytes.subarray(at)));
        expect(received).to.deep.equal(JSON.parse(JSON.stringify(expected)));
      }),
    );
  });

  it('is not misled by braces and quotes in strings', () => {
    const object = { a: '}{"\\', '{"': '\\"}' };
    expect(new JsonFrames(1000).push(Buffer.from(JSON.stringify(object)))).to.deep.equal([object]);
  });

  it('refuses what is not an object', () => {
    for (const text of ['HTTP/1.1 400 Bad Request', '[{}]', '"x"', '1', '\0', '{]}', '{"a" 1}']) {
      expect(() => new JsonFrames(1000).push(Buffer.from(text)), text).to.throw(QmpError);
    }
  });

  it('holds no more of an unfinished object than it may', () => {
    const frames = new JsonFrames(1000);
    const endless = () => {
      for (let count = 0; count < 100; count++) frames.push(Buffer.from(`{"a": "${'x'.repeat(50)}", "b":`));
    };
    expect(endless).to.throw(QmpError, 'more than 1000 bytes');
  });

  it('takes nesting of any depth that fits for bad JSON, not for a reason to crash', () => {
    const frames = new JsonFrames(4 << 20);
    expect(() => frames.push(Buffer.from('{"a":'.repeat(500_000) + '}'.repeat(500_000)))).to.throw(QmpError);
  });

  it('does not fail but by refusing, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          new JsonFrames(100).push(Buffer.from(bytes));
        } catch (error) {
          expect(error).to.be.instanceOf(QmpError);
        }
      }),
    );
  });
});
