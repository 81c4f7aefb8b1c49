import { expect } from 'chai';
import { type Analysis, analyse, type ImportReader, SourceMap } from '../../src/lang/index.js';

/** A reader of the given files, which counts how often it is asked for each. */
function readerOf(files: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const readImport: ImportReader = (file) => {
    asked.push(file);
    const text = files[file];
    return text === undefined ? { kind: 'refused', reason: 'there is no such file' } : { kind: 'text', text };
  };
  return { asked, readImport };
}

function analysed(files: Readonly<Record<string, string>>, root = 'dir/root.vmc'): Analysis {
  return analyse({ file: root, text: files[root] ?? '' }, { readImport: readerOf(files).readImport });
}

const found = ({ diagnostics }: Analysis) =>
  diagnostics.map(({ code, file, range }) => `${code} ${file}:${range.start.line}:${range.start.column}`);

const VM = (name: string) => `vm ${name} { match user ${name} vcpus 1 }\n`;

describe('imports', () => {
  it('bring in classes before those of the importing file, with their ignores, each file once', () => {
    const files = {
      'dir/root.vmc': `import "a.vmc"\nimport "sub/b.vmc"\n${VM('r')}ignore match user r0\npause a1`,
      'dir/a.vmc': `import "common.vmc"\n${VM('a1')}`,
      'dir/sub/b.vmc': `import "../common.vmc"\n${VM('b1')}`,
      'dir/common.vmc': `ignore match user c0\n${VM('c1')}let night = daily 22:00-06:00\n`,
    };
    const { asked, readImport } = readerOf(files);
    const {
      model,
      diagnostics,
      files: read,
    } = analyse({ file: 'dir/root.vmc', text: files['dir/root.vmc'] }, { readImport });
    expect(diagnostics).to.deep.equal([]);
    expect(asked).to.deep.equal(['dir/a.vmc', 'dir/common.vmc', 'dir/sub/b.vmc']);
    expect(read.map(({ file }) => file)).to.deep.equal(['dir/root.vmc', ...asked]);
    expect(model?.classes.map(({ name }) => name)).to.deep.equal(['c1', 'a1', 'b1', 'r']);
    expect(model?.ignores.map(({ beforeClass }) => beforeClass)).to.deep.equal([0, 4]);
    expect(model?.file).to.equal('dir/root.vmc');
  });

  it('leave every place in its own file', () => {
    const text = `# common\n\n${VM('c')}let night = daily 22:00-06:00\n  when night { pause c }\n`;
    const { model } = analysed({ 'root.vmc': `import "c.vmc"\npause c`, 'c.vmc': text }, 'root.vmc');
    const [inCommon, inRoot] = model?.sentences ?? [];
    expect(inCommon?.place).to.deep.equal({
      file: 'c.vmc',
      range: {
        start: { line: 5, column: 16, offset: text.indexOf('pause') },
        end: { line: 5, column: 23, offset: text.indexOf('pause') + 7 },
      },
    });
    expect(inCommon?.text).to.equal('pause c');
    expect(inRoot?.place.file).to.equal('root.vmc');
    expect(inRoot?.place.range.start).to.deep.equal({ line: 2, column: 1, offset: 15 });
    expect(model?.classes[0]?.place.file).to.equal('c.vmc');
    expect(model?.conditions[0]?.place.range.start.line).to.equal(4);
    expect(inCommon?.guards[0]?.place).to.deep.include({ file: 'c.vmc' });
  });

  it('have their errors under their own names, those of the root first, in the order of each text', () => {
    const analysis = analysed({
      'dir/root.vmc': 'import "a.vmc"\npause nobody\nlimit a to 25%\nvm b { vcpus 1 }',
      'dir/a.vmc': `${VM('a')}pause nobody\nlimt a to 2 cores\n`,
    });
    expect(found(analysis)).to.deep.equal([
      'VMC2001 dir/root.vmc:2:7',
      'VMC2101 dir/root.vmc:3:12',
      'VMC2011 dir/root.vmc:4:4',
      'VMC2001 dir/a.vmc:2:7',
      'VMC1002 dir/a.vmc:3:1',
    ]);
    expect(analysis.model).to.equal(null);
  });

  it('share one set of names and one host; the other places name their files', () => {
    const analysis = analysed({
      'dir/root.vmc': `import "a.vmc"\nhost { cores 8 }\nswitch a\npause a`,
      'dir/a.vmc': `host { memory 8 GiB }\n${VM('a')}`,
    });
    expect(found(analysis)).to.deep.equal(['VMC2013 dir/root.vmc:2:1', 'VMC2002 dir/root.vmc:3:8']);
    expect(analysis.diagnostics.map(({ related }) => related.map(({ file }) => file))).to.deep.equal([
      ['dir/a.vmc'],
      ['dir/a.vmc'],
    ]);
  });

  it('say nothing about what may stand in a file that cannot be read', () => {
    expect(
      found(analysed({ 'dir/root.vmc': 'import "gone.vmc"\npause nobody\nwhen nothing { pause guests }' })),
    ).to.deep.equal(['VMC2018 dir/root.vmc:1:8']);
    expect(
      found(analysed({ 'dir/root.vmc': 'import "a.vmc"\npause nobody', 'dir/a.vmc': '\0 no text' })),
    ).to.deep.equal(['VMC1012 dir/a.vmc:1:1']);
    const { diagnostics } = analyse({ file: 'a.vmc', text: 'import "b.vmc"\npause nobody' });
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['VMC2018']);
  });

  it('have the reason of a refusal in the message', () => {
    const [diagnostic] = analysed({ 'dir/root.vmc': 'import "gone.vmc"\n' }).diagnostics;
    expect(diagnostic?.message).to.equal('"gone.vmc" cannot be imported: there is no such file.');
  });

  for (const path of [
    '../a.vmc',
    'sub/../../a.vmc',
    '/dir/a.vmc',
    'file:///dir/a.vmc',
    'C:/a.vmc',
    '',
    '.',
  ]) {
    it(`stay in the folder of the root: not "${path}"`, () => {
      const { asked, readImport } = readerOf({});
      const analysis = analyse({ file: 'dir/root.vmc', text: `import "${path}"` }, { readImport });
      expect(found(analysis)).to.deep.equal(['VMC2019 dir/root.vmc:1:8']);
      expect(asked).to.deep.equal([]);
    });
  }

  it('are resolved against the file that they stand in, and may go back as far as the root’s folder', () => {
    const files = {
      'dir/root.vmc': 'import "./x/y/a.vmc"',
      'dir/x/y/a.vmc': 'import "../b.vmc"',
      'dir/x/b.vmc': 'import "..//c.vmc"\nimport "../../d.vmc"',
      'dir/c.vmc': VM('c'),
    };
    const analysis = analysed(files);
    expect(found(analysis)).to.deep.equal(['VMC2019 dir/x/b.vmc:2:8']);
    expect(analysis.files.map(({ file }) => file)).to.deep.equal(Object.keys(files));
  });

  it('work for a root without a folder, and for one in the current folder', () => {
    for (const root of ['root.vmc', './root.vmc', '-']) {
      const folder = root === './root.vmc' ? './' : '';
      const files = { [root]: 'import "sub/a.vmc"\npause a', [`${folder}sub/a.vmc`]: VM('a') };
      expect(found(analysed(files, root))).to.deep.equal([]);
    }
  });

  it('have no circles: the import that closes one is told, with every link', () => {
    const analysis = analysed({
      'dir/root.vmc': `import "a.vmc"\n${VM('r')}`,
      'dir/a.vmc': `import "b.vmc"\n${VM('a')}`,
      'dir/b.vmc': `import "c.vmc"\npause r\n`,
      'dir/c.vmc': '\nimport "a.vmc"\n',
    });
    expect(found(analysis)).to.deep.equal(['VMC2020 dir/c.vmc:2:8']);
    const [diagnostic] = analysis.diagnostics;
    expect(diagnostic?.message).to.include('`a.vmc` → `b.vmc` → `c.vmc` → `a.vmc`');
    expect(diagnostic?.related.map(({ file, message }) => `${file}: ${message}`)).to.deep.equal([
      'dir/a.vmc: imported by `a.vmc`',
      'dir/b.vmc: imported by `b.vmc`',
    ]);
    expect(found(analysed({ 'dir/root.vmc': `import "root.vmc"\n${VM('r')}` }))).to.deep.equal([
      'VMC2020 dir/root.vmc:1:8',
    ]);
  });

  it('are at most 64 files', () => {
    const policy = (count: number) => {
      const files: Record<string, string> = {};
      for (let i = 1; i <= count; i++) files[`dir/f${i}.vmc`] = VM(`c${i}`);
      files['dir/root.vmc'] = Array.from({ length: count }, (_, i) => `import "f${i + 1}.vmc"\n`).join('');
      return analysed(files);
    };
    expect(found(policy(64))).to.deep.equal([]);
    expect(found(policy(67))).to.deep.equal(['VMC2021 dir/root.vmc:65:8']);
  });

  it('are at most 1 MiB each', () => {
    const files = { 'dir/root.vmc': 'import "a.vmc"', 'dir/a.vmc': `# ${'x'.repeat(1_048_576)}` };
    expect(found(analysed(files))).to.deep.equal(['VMC1011 dir/a.vmc:1:1']);
  });

  it('show what is unused in the root only', () => {
    const files = { 'dir/root.vmc': `import "a.vmc"\nswitch mine`, 'dir/a.vmc': `${VM('a')}switch theirs` };
    expect(found(analysed(files))).to.deep.equal(['VMC6004 dir/root.vmc:2:8']);
  });

  it('give a merged tree whose spans a source map takes back to their files', () => {
    const { tree, files } = analysed({
      'dir/root.vmc': `import "a.vmc"\nwhen daily 09:00-17:00 { pause a }`,
      'dir/a.vmc': `# a\n${VM('a')}`,
    });
    const map = new SourceMap(files);
    expect(tree.statements.map((statement) => [statement.kind, map.textOf(statement.span)])).to.deep.equal([
      ['class', VM('a').trim()],
      ['import', 'import "a.vmc"'],
      ['when', 'when daily 09:00-17:00 { pause a }'],
    ]);
    const [first] = tree.statements;
    expect(first && map.place(first.span).file).to.equal('dir/a.vmc');
    expect(first && map.place(first.span).range.start).to.deep.equal({ line: 2, column: 1, offset: 4 });
  });
});
