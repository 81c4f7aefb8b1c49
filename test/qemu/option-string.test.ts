import { expect } from 'chai';
import fc from 'fast-check';
import { isOn, parseOptionString } from '../../src/qemu/option-string.js';

const parsed = (text: string) => Object.fromEntries(parseOptionString(text, 'implied'));

describe('parseOptionString', () => {
  it('reads keys, values and the implied first key', () => {
    expect(parsed('a')).to.deep.equal({ implied: 'a' });
    expect(parsed('a,b=c')).to.deep.equal({ implied: 'a', b: 'c' });
    expect(parsed('b=c,d=')).to.deep.equal({ b: 'c', d: '' });
    expect(parsed('')).to.deep.equal({});
  });

  it('takes a double comma for a comma within a value', () => {
    expect(parsed('a,,b,c=d,,e,f=g')).to.deep.equal({ implied: 'a,b', c: 'd,e', f: 'g' });
    expect(parsed('a=,,,b=1')).to.deep.equal({ a: ',', b: '1' });
  });

  it('takes flags for on and off, and the last of several values', () => {
    expect(parsed('path,server,nowait')).to.deep.equal({ implied: 'path', server: 'on', wait: 'off' });
    expect(parsed('x=1,x=2')).to.deep.equal({ x: '2' });
    expect(isOn(parseOptionString('p,server', 'path'), 'server')).to.equal(true);
    expect(isOn(parseOptionString('p,server=off', 'path'), 'server')).to.equal(false);
    expect(isOn(new Map(), 'tight', true)).to.equal(true);
  });

  it('gives back every set of values that is written in the syntax', () => {
    const key = fc.stringMatching(/^[a-z][a-z0-9.-]{0,6}$/);
    fc.assert(
      fc.property(fc.dictionary(key, fc.string()), (values) => {
        const text = Object.entries(values).map(([name, value]) => `${name}=${value.replaceAll(',', ',,')}`);
        expect(parsed(text.join(','))).to.deep.equal({ ...values });
      }),
    );
  });

  it('comes to an end for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(',', '=', 'a', 'no') }), (text) => {
        expect(parseOptionString(text, 'implied').size).to.be.at.most(text.length);
      }),
    );
  });
});
