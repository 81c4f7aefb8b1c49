import { expect } from 'chai';
import { analyse, type Diagnostic, renderText, type Source } from '../../src/lang/index.js';
import { LineIndex } from '../../src/lang/line-index.js';
import { sourceOf } from './support.js';

function rendered(text: string, color = false): string {
  const source = sourceOf(text);
  return renderText(analyse(source).diagnostics, [source], { color });
}

/** A diagnostic on parts of texts, each found by its words. */
function diagnosticOn(
  sources: readonly Source[],
  words: string,
  related: readonly (readonly [words: string, role: string])[] = [],
  extras: Partial<Diagnostic> = {},
): Diagnostic {
  const placeOf = (part: string) => {
    const source = sources.find(({ text }) => text.includes(part)) ?? sourceOf('');
    const start = source.text.indexOf(part);
    return {
      file: source.file,
      range: new LineIndex(source.text).range({ start, end: start + part.length }),
    };
  };
  return {
    code: 'VMC9001',
    severity: 'error',
    message: 'Something.',
    ...placeOf(words),
    related: related.map(([part, message]) => ({ message, ...placeOf(part) })),
    ...extras,
  };
}

const shown = (sources: readonly Source[], diagnostic: Diagnostic): string =>
  renderText([diagnostic], sources, { color: false });

describe('diagnostics as text', () => {
  it('show the place, the line, an underline and what to do', () => {
    expect(rendered('vm video { match user x vcpus 1 }\nvm b { match user y }\n')).to.equal(
      `error[VMC2011]: \`b\` lacks \`vcpus\`.
 --> test.vmc:2:4
  |
2 | vm b { match user y }
  |    ^
  |
  = help: Add a line such as \`vcpus 2\`.
`,
    );
  });

  it('show the line as a fix would make it', () => {
    expect(rendered('vm video { match user x vcpus 1 }\npause vidoe # now\n')).to.equal(
      `error[VMC2001]: There is no class or union called \`vidoe\`.
 --> test.vmc:2:7
  |
2 | pause vidoe # now
  |       ^^^^^
  |
help: Replace \`vidoe\` by \`video\`
  |
2 | pause video # now
  |       ~~~~~
`,
    );
  });

  it('show what a fix removes, and every line that it changes', () => {
    expect(rendered('vm video { match user x vcpus 1 }\nlimit video to 1 GiB memory by quota')).to.include(
      `help: Remove \`by quota\`
  |
2 - limit video to 1 GiB memory by quota
2 + limit video to 1 GiB memory
`,
    );
    const source = sourceOf('first\nsecond\nthird\n');
    const edit = (words: string, text: string) => ({ ...diagnosticOn([source], words), text });
    const fix = { title: 'Change them', edits: [edit('third', 'fourth'), edit('rst', 'fth\nand')] };
    expect(shown([source], diagnosticOn([source], 'second', [], { fix }))).to.include(
      `help: Change them
  |
1 | fifth
  |   ~~~
2 | and
  | ~~~
4 | fourth
  | ~~~~~~
`,
    );
  });

  it('show every other place that takes part, in its role, in the order of the file', () => {
    expect(rendered('switch a\nlet b = daily\nlet a = b\n')).to.equal(
      `error[VMC2002]: \`a\` is declared twice; classes, unions, offers, conditions, switches and signals share one set of names.
 --> test.vmc:3:5
  |
1 | switch a
  |        - also a switch
2 | let b = daily
3 | let a = b
  |     ^
  |
  = help: Give each its own name.
`,
    );
  });

  it('leave out lines between places that are far from each other', () => {
    const source = sourceOf(`one\n${'x\n'.repeat(8)}ten`);
    expect(shown([source], diagnosticOn([source], 'one', [['ten', 'the other']]))).to.equal(
      `error[VMC9001]: Something.
  --> test.vmc:1:1
   |
 1 | one
   | ^^^
...
10 | ten
   | --- the other
`,
    );
  });

  it('hang the roles of several places on one line', () => {
    const source = sourceOf('share cpu among one 1, two 2, three 3');
    const roles = [
      ['one', 'the first'],
      ['three', 'the last'],
    ] as const;
    expect(shown([source], diagnosticOn([source], 'two', roles))).to.equal(
      `error[VMC9001]: Something.
 --> test.vmc:1:24
  |
1 | share cpu among one 1, two 2, three 3
  |                 ---    ^^^    ----- the last
  |                 |
  |                 the first
`,
    );
  });

  it('have a bar beside what goes over several lines', () => {
    const source = sourceOf('let x = (a\n  and b\n  or c) if z');
    expect(shown([source], diagnosticOn([source], '(a\n  and b\n  or c)', [['z', 'what follows']]))).to.equal(
      `error[VMC9001]: Something.
 --> test.vmc:1:9
  |
1 | / let x = (a
2 | |   and b
3 | |   or c) if z
  | |            - what follows
  | |_______^
`,
    );
  });

  it('show both ends of what goes over very many lines', () => {
    const source = sourceOf(`(${'line\n'.repeat(100)})`);
    const lines = shown([source], diagnosticOn([source], source.text)).split('\n');
    expect(lines.length).to.be.below(15);
    expect(lines).to.include('...');
    expect(lines).to.include('101 | | )');
  });

  it('show the places of each file together', () => {
    const a = { file: 'a.vmc', text: 'import "b.vmc"\nhost { cores 8 }' };
    const b = { file: 'b.vmc', text: '# b\nhost { cores 4 }' };
    const { diagnostics, files } = analyse(a, { readImport: () => ({ kind: 'text', text: b.text }) });
    expect(renderText(diagnostics, files, { color: false })).to.equal(
      `error[VMC2013]: There is more than one \`host { … }\`.
 --> a.vmc:2:1
  |
2 | host { cores 8 }
  | ^^^^
 ::: b.vmc:2:1
  |
2 | host { cores 4 }
  | ---- another one
  |
  = help: Put all properties of the host into one; it holds for all files.
`,
    );
    expect(renderText(diagnostics, [a], { color: false })).to.include(' ::: b.vmc:2:1 another one\n');
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

  it('say the same with colours as without', () => {
    const text =
      'vm video { match user x vcpus 1 }\npause vidoe\nlet x = y\nshare cpu among video 1, video 2';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of.
    expect(rendered(text, true).replace(/\u001b\[[\d;]*m/g, '')).to.equal(rendered(text));
  });

  it('pass on nothing that a terminal would obey', () => {
    const text = rendered('pause "\u001b[2J\u009b\u202e\u2028"');
    for (const character of '\u001b\u009b\u202e\u2028') expect(text).not.to.include(character);
  });

  it('cut long lines around the place, and say so', () => {
    const text = `switch ${'a'.repeat(300)} pause nobody switch ${'b'.repeat(300)}`;
    const lines = rendered(text).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).to.be.below(160);
    const [line = '', underline = ''] = lines.slice(3, 5);
    expect(line.slice(underline.indexOf('^'), underline.lastIndexOf('^') + 1)).to.equal('nobody');
    expect(line).to.match(/^1 \| ….*…$/);
  });

  it('cut long messages', () => {
    expect(rendered(`pause ${'a'.repeat(100_000)}`).length).to.be.below(2000);
  });

  it('underline what follows a tab at its own column', () => {
    const [line = '', underline = ''] = rendered('\tpause\tnobody').split('\n').slice(3, 5);
    expect(line.slice(underline.indexOf('^'))).to.equal('nobody');
  });

  it('underline wide characters in their full width, and what stands behind them', () => {
    const [line = '', underline = ''] = rendered('pause "日本語" # 한글').split('\n').slice(3, 5);
    expect(line).to.equal('1 | pause "日本語" # 한글');
    expect(underline).to.equal(`  |       ${'^'.repeat(8)}`);
    const [, behind = ''] = rendered('switch "e\u0301" pause "日" nobody').split('\n').slice(3, 5);
    // The accent takes no column of its own, the character two.
    expect(behind.indexOf('^')).to.equal('1 | switch "e" pause "xx" '.length);
  });

  it('underline a place at the end of a line, where there is nothing', () => {
    const source = sourceOf('pause\nx');
    const end = { line: 1, column: 6, offset: 5 };
    const diagnostic = { ...diagnosticOn([source], 'x'), range: { start: end, end } };
    expect(shown([source], diagnostic)).to.include('1 | pause\n  |      ^\n');
  });
});
