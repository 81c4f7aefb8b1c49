import { expect } from 'chai';
import { analyse, renderText } from '../../src/lang/index.js';
import { sourceOf } from './support.js';

function rendered(text: string, color = false): string {
  const source = sourceOf(text);
  return renderText(analyse(source).diagnostics, [source], { color });
}

describe('diagnostics as text', () => {
  it('show the place, the line, an underline and what to do', () => {
    expect(
      rendered('vm video { match user x vcpus 1 }\npause vidoe\n'),
    ).to.equal(`error[VMC2001]: There is no class or union called \`vidoe\`.
 --> test.vmc:2:7
  |
2 | pause vidoe
  |       ^^^^^
  = help: Did you mean \`video\`?
`);
  });

  it('show every other place that takes part, in its role', () => {
    expect(
      rendered('switch a\nlet b = daily\nlet a = b\n'),
    ).to.equal(`error[VMC2002]: \`a\` is declared twice; classes, unions, conditions and switches share one set of names.
 --> test.vmc:3:5
  |
3 | let a = b
  |     ^
 --> test.vmc:1:8
  |
1 | switch a
  |        - also a switch
  = help: Give each its own name.
`);
  });

  it('are separated by an empty line, in the order of the text', () => {
    const codes = [...rendered('pause a\nlimt b\n').matchAll(/^error\[(VMC\d+)\]/gm)].map(
      (match) => match[1],
    );
    expect(codes).to.deep.equal(['VMC2001', 'VMC1002']);
    expect(rendered('pause a\nlimt b\n')).to.include('\n\nerror[');
  });

  it('have colours only when asked', () => {
    expect(rendered('pause a')).not.to.include('\u001b');
    expect(rendered('pause a', true)).to.include('\u001b[1;31merror[VMC2001]\u001b[0m');
  });

  it('pass on nothing that a terminal would obey', () => {
    const shown = rendered('pause "\u001b[2J\u009b\u202e"');
    for (const character of '\u001b\u009b\u202e') expect(shown).not.to.include(character);
  });

  it('cut long lines around the place', () => {
    const text = `switch ${'a'.repeat(300)} pause nobody switch ${'b'.repeat(300)}`;
    const lines = rendered(text).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).to.be.below(160);
    const [line = '', underline = ''] = lines.slice(3, 5);
    expect(line.slice(underline.indexOf('^'), underline.lastIndexOf('^') + 1)).to.equal('nobody');
  });

  it('underline what follows a tab at its own column', () => {
    const [line = '', underline = ''] = rendered('\tpause\tnobody').split('\n').slice(3, 5);
    expect(line.slice(underline.indexOf('^'))).to.equal('nobody');
  });
});
