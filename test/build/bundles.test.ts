import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { analyse } from '../../src/lang/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import { DEMO_POLICY, documentOf, vmc } from '../cli/vmc.js';

const root = packageRoot();

describe('what the build leaves', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-build-'));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  /** A copy of the installed package, to spoil. */
  function installed(name: string): { readonly bin: string; readonly dist: string } {
    const copy = join(directory, name);
    mkdirSync(copy);
    for (const part of ['bin', 'dist', 'package.json'])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    return { bin: join(copy, 'bin', 'vmc.cjs'), dist: join(copy, 'dist') };
  }

  it('has a code cache that V8 accepts for every chunk of a compilation', () => {
    const script = `
      const { scripts, DIST } = require(${JSON.stringify(join(root, 'bin/vmc.cjs'))});
      const { run } = require(require('node:path').join(DIST, 'cli.cjs'));
      const sink = { write() {} };
      run(['compile', ${JSON.stringify(DEMO_POLICY)}], { stdout: sink, stderr: sink, env: {} }).then(() =>
        console.log(JSON.stringify([...scripts].map(([name, script]) => [name, script.cachedDataRejected]))));`;
    const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', env });
    const chunks = JSON.parse(stdout) as [string, boolean | undefined][];
    expect(chunks).to.have.length.greaterThan(3);
    for (const [name, rejected] of chunks) expect(rejected, name).to.equal(false);
  });

  it('works without a code cache, with one that is broken, and where nothing may be written', async () => {
    const { bin, dist } = installed('spoilt');
    const expected = (await vmc(['check', DEMO_POLICY])).stdout;
    const cache = join(dist, 'code-cache');
    const [file = ''] = readdirSync(cache);
    for (const bytes of ['', 'x', Buffer.alloc(4), readFileSync(join(cache, file)).fill(0x41, 100_000)]) {
      writeFileSync(join(cache, file), bytes);
      expect(await vmc(['check', DEMO_POLICY], { bin })).to.deep.equal({
        exitCode: 0,
        stdout: expected,
        stderr: '',
      });
    }
    rmSync(cache, { recursive: true });
    chmodSync(dist, 0o555);
    expect(await vmc(['check', DEMO_POLICY], { bin })).to.deep.equal({
      exitCode: 0,
      stdout: expected,
      stderr: '',
    });
    expect(readdirSync(dist)).to.not.include('code-cache');
    chmodSync(dist, 0o755);
  });

  it('is found through a link, as npm makes them', () => {
    const link = join(directory, 'vmc');
    symlinkSync(join(root, 'bin', 'vmc.cjs'), link);
    expect(spawnSync(link, ['--version'], { encoding: 'utf8' }).stdout).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it('says what to do when it is not built', () => {
    const { bin, dist } = installed('unbuilt');
    rmSync(dist, { recursive: true });
    const { status, stderr } = spawnSync(bin, ['--version'], { encoding: 'utf8' });
    expect(status).to.equal(4);
    expect(stderr).to.contain('npm run build');
  });

  it('gives the diagnostics that the sources give, for policies with mistakes of every kind', async () => {
    const files = mutants(readFileSync(DEMO_POLICY, 'utf8')).map((text, index) => {
      const file = join(directory, `mutant-${index}.vmc`);
      writeFileSync(file, text);
      return { file, text };
    });
    const ended = await vmc(['check', '--format', 'json', ...files.map(({ file }) => file)]);
    const expected = files.flatMap((source) => analyse(source).diagnostics);
    expect(documentOf(ended)['diagnostics']).to.deep.equal(JSON.parse(JSON.stringify(expected)));
    expect(expected).to.have.length.greaterThan(100);
  });

  it('holds the library as ES modules with their types', async () => {
    for (const name of ['lang', 'compiler', 'rps', 'client']) {
      const module = (await import(join(root, 'dist', 'lib', `${name}.js`))) as Record<string, unknown>;
      expect(Object.keys(module), name).to.not.be.empty;
    }
    for (const file of ['lang/index', 'compiler/index', 'rps/index', 'api/client']) {
      expect(readFileSync(join(root, 'dist', 'types', `${file}.d.ts`), 'utf8')).to.contain('export');
    }
  });
});

/** The text with each of its words in turn removed, doubled, or replaced by something that does not belong there. */
function mutants(text: string): string[] {
  const words = [...text.matchAll(/\S+/g)].filter((_, index) => index % 3 === 0);
  return words.flatMap(({ 0: word, index }) => {
    const around = (middle: string) => text.slice(0, index) + middle + text.slice(index + word.length);
    return [around(''), around(`${word} ${word}`), around('{'), around(`${word}x`)];
  });
}
