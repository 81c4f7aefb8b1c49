import { expect } from 'chai';
import { address16, assemble, label, long, relative8, relative16, word } from '../../guests/assemble.js';

describe('assemble', () => {
  it('writes operands low byte first', () => {
    expect([
      ...assemble(0, [
        ['mov', 0xb8, word(0x1234)],
        ['mov', 0x66, long(0xfee00300)],
      ]),
    ]).to.deep.equal([0xb8, 0x34, 0x12, 0x66, 0x00, 0x03, 0xe0, 0xfe]);
  });

  it('resolves labels before and after their use', () => {
    const code = assemble(0x7c00, [
      label('back'),
      ['jmp forth', 0xeb, relative8('forth')],
      ['call back', 0xe8, relative16('back')],
      label('forth'),
      ['jmp back', 0xeb, relative8('back')],
      ['mov ax, forth', 0xb8, address16('forth')],
    ]);
    expect([...code]).to.deep.equal([0xeb, 3, 0xe8, 0xfb, 0xff, 0xeb, 0xf9, 0xb8, 0x05, 0x7c]);
  });

  it('refuses unknown and repeated labels, jumps too far, and what is not a byte', () => {
    expect(() => assemble(0, [['jmp', 0xeb, relative8('nowhere')]])).to.throw(RangeError, 'nowhere');
    expect(() => assemble(0, [label('twice'), label('twice')])).to.throw(RangeError, 'twice');
    expect(() => assemble(0, [['what', 256]])).to.throw(RangeError);
    const far = Array.from({ length: 200 }, () => ['nop', 0x90] as const);
    expect(() => assemble(0, [label('start'), ...far, ['jmp', 0xeb, relative8('start')]])).to.throw(
      RangeError,
    );
  });
});
