import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { FormatSchema } from '../../src/api/format-schema.js';
import { scratchDirectory } from './scratch.js';
import { DEMO_POLICY, documentOf, VMC, vmc } from './vmc.js';

const UGLY = 'when a{pause b}\n\n\npause   c # why\n';
const CANONICAL = 'when a { pause b }\n\npause c  # why\n';
const BROKEN = 'limit a 2 cores\n';

describe('vmc fmt', () => {
  const { path, write } = scratchDirectory();
  const textOf = (file: string): string => readFileSync(file, 'utf8');

  describe('in place', () => {
    it('rewrites what is not laid out canonically, and says which files that are', async () => {
      const files = [write('a.vmc', UGLY), write('b.vmc', CANONICAL)] as const;
      const ended = await vmc(['fmt', ...files]);
      expect(ended).to.deep.equal({ exitCode: 0, stdout: `rewrote ${files[0]}\n`, stderr: '' });
      expect(files.map(textOf)).to.deep.equal([CANONICAL, CANONICAL]);
      expect(await vmc(['fmt', ...files])).to.deep.equal({ exitCode: 0, stdout: '', stderr: '' });
    });

    it('does not touch a file that is laid out already', async () => {
      const file = write('still.vmc', CANONICAL);
      utimesSync(file, 1000, 1000);
      const before = statSync(file);
      await vmc(['fmt', file]);
      const { ino, mtimeMs } = statSync(file);
      expect({ ino, mtimeMs }).to.deep.equal({ ino: before.ino, mtimeMs: before.mtimeMs });
    });

    it('keeps the mode, follows symbolic links, and leaves nothing behind', async () => {
      const folder = mkdtempSync(path('links-'));
      mkdirSync(`${folder}/real`);
      const file = write(`${folder.slice(path('').length)}/real/a.vmc`, UGLY);
      chmodSync(file, 0o640);
      const link = `${folder}/link.vmc`;
      symlinkSync('real/a.vmc', link);
      expect(await vmc(['fmt', link, '-q'])).to.deep.equal({ exitCode: 0, stdout: '', stderr: '' });
      expect(lstatSync(link).isSymbolicLink()).to.equal(true);
      expect(textOf(file)).to.equal(CANONICAL);
      expect(statSync(file).mode & 0o7777).to.equal(0o640);
      expect([readdirSync(folder), readdirSync(`${folder}/real`)]).to.deep.equal([
        ['link.vmc', 'real'],
        ['a.vmc'],
      ]);
    });

    it('changes nothing in a file with syntax errors and says why, but goes on with the others', async () => {
      const files = [write('broken.vmc', BROKEN), write('other.vmc', UGLY)] as const;
      const ended = await vmc(['fmt', ...files]);
      expect(ended.exitCode).to.equal(1);
      expect(ended.stderr).to.contain('error[VMC1').and.contain(`${files[0]}:1:`).and.contain('1 error');
      expect(files.map(textOf)).to.deep.equal([BROKEN, CANONICAL]);
    });

    it('writes none when one cannot be read', async () => {
      const file = write('first.vmc', UGLY);
      const ended = await vmc(['fmt', file, path('absent.vmc')]);
      expect(ended).to.include({ exitCode: 4, stdout: '' });
      expect(textOf(file)).to.equal(UGLY);
    });

    it('ends with 4 for what cannot be written', async () => {
      const pipe = spawnSync('bash', ['-c', 'printf "pause  a" | "$0" fmt /dev/stdin', VMC], {
        encoding: 'utf8',
      });
      expect(pipe).to.include({ status: 4, stdout: '' });
      expect(pipe.stderr).to.match(/^vmc: cannot write \/dev\/stdin: [a-z ]+\n$/);
    });
  });

  it('lays stdin out to stdout', async () => {
    expect(await vmc(['fmt', '-'], { input: UGLY })).to.deep.equal({
      exitCode: 0,
      stdout: CANONICAL,
      stderr: '',
    });
    expect(await vmc(['fmt', '-'], { input: '\n\n' })).to.include({ exitCode: 0, stdout: '' });
    expect(await vmc(['fmt', '-'], { input: BROKEN })).to.include({ exitCode: 1, stdout: '' });
  });

  describe('--check', () => {
    it('lists what would be rewritten, and writes nothing', async () => {
      const file = write('check.vmc', UGLY);
      const ended = await vmc(['fmt', '--check', DEMO_POLICY, file, write('good.vmc', CANONICAL)]);
      expect(ended.exitCode).to.equal(1);
      expect(ended.stdout.split('\n')).to.include(file).and.not.include(path('good.vmc'));
      expect(textOf(file)).to.equal(UGLY);
    });

    it('says nothing where all is well', async () => {
      const ended = await vmc(['fmt', '--check', write('good.vmc', CANONICAL)]);
      expect(ended).to.deep.equal({ exitCode: 0, stdout: '', stderr: '' });
    });

    it('fails for syntax errors too', async () => {
      const ended = await vmc(['fmt', '--check', write('broken.vmc', BROKEN)]);
      expect(ended).to.include({ exitCode: 1, stdout: '' });
      expect(ended.stderr).to.contain('error[VMC1');
    });
  });

  describe('--diff', () => {
    /** What git makes of a file with a diff. */
    function applied(name: string, text: string, diff: string): string {
      write(name, text);
      const git = spawnSync('git', ['apply', '-p0', '--whitespace=nowarn', '-'], {
        cwd: path(''),
        input: diff,
        encoding: 'utf8',
      });
      expect(git.status, git.stderr).to.equal(0);
      return textOf(path(name));
    }

    const texts: Readonly<Record<string, string>> = {
      'a small difference': UGLY,
      'a file without an end of line': 'pause a\npause   b',
      'a file with other ends of lines and a byte-order mark': `\uFEFF${UGLY.replaceAll('\n', '\r\n')}`,
      'a file of which nothing is left': '\n \n',
      'more lines than a shortest difference is looked for in': 'pause   a\n'.repeat(5000),
    };
    for (const [what, text] of Object.entries(texts)) {
      it(`shows what git can apply: ${what}`, async () => {
        write('diff.vmc', text);
        const cwd = path('');
        const { exitCode, stdout } = await vmc(['fmt', '--diff', 'diff.vmc'], { cwd });
        expect(exitCode).to.equal(1);
        expect(textOf(path('diff.vmc')) === text).to.equal(true);
        const result = applied('diff.vmc', text, stdout);
        const { stdout: wanted } = await vmc(['fmt', '-'], { input: text });
        expect(result === wanted).to.equal(true);
      });
    }

    it('shows nothing where all is well', async () => {
      const ended = await vmc(['fmt', '--diff', write('good.vmc', CANONICAL)]);
      expect(ended).to.deep.equal({ exitCode: 0, stdout: '', stderr: '' });
    });

    it('colours when told to, and shows what a terminal would obey', async () => {
      const file = write('sly.vmc', 'pause   a # \u001b[2J\r\n');
      const { stdout } = await vmc(['fmt', '--diff', '--color', 'always', file]);
      expect(stdout).to.contain('\u001b[31m-pause   a # \uFFFD[2J^M\u001b[39m');
      expect((await vmc(['fmt', '--diff', file])).stdout).to.contain('\n+pause a  # \u001b[2J\n');
    });
  });

  describe('--format json', () => {
    const files = () => [write('a.vmc', UGLY), write('b.vmc', CANONICAL), write('c.vmc', BROKEN)];

    for (const option of ['--check', '--diff', '--quiet']) {
      it(`answers a document as its schema has it, with ${option}`, async () => {
        const ended = await vmc(['fmt', option, '--format', 'json', ...files()]);
        expect(ended).to.include({ exitCode: 1, stderr: '' });
        const document = documentOf(ended);
        expect([...Value.Errors(FormatSchema, document)]).to.deep.equal([]);
        const reports = document['files'] as readonly { readonly status: string; readonly diff?: string }[];
        expect(reports.map(({ status }) => status)).to.deep.equal(['changed', 'unchanged', 'rejected']);
        const diffs = reports.map(({ diff }) => diff?.split('\n').length);
        expect(diffs).to.deep.equal(option === '--diff' ? [9, 1, undefined] : Array(3).fill(undefined));
      });
    }

    it('has the text of stdin in it', async () => {
      const document = documentOf(await vmc(['fmt', '-', '--format', 'json'], { input: UGLY }));
      expect([...Value.Errors(FormatSchema, document)]).to.deep.equal([]);
      expect(document['files']).to.deep.equal([{ file: '-', status: 'changed', text: CANONICAL }]);
    });
  });
});
