import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import vm from 'node:vm';
import { inflateRawSync } from 'node:zlib';
import { expect } from 'chai';
import { packageRoot } from '../../src/support/package-root.js';

const PACKAGE = join(packageRoot(), 'dist', 'vmc-vscode.vsix');

interface Manifest {
  readonly main: string;
  readonly version: string;
  readonly contributes: {
    readonly languages: readonly { readonly configuration: string }[];
    readonly grammars: readonly { readonly path: string; readonly scopeName: string }[];
    readonly commands: readonly { readonly command: string }[];
  };
}

describe('the package of the extension', () => {
  let files: ReadonlyMap<string, Buffer>;
  const read = (file: string): string => files.get(file)?.toString('utf8') ?? '';
  before(() => {
    files = unzip(PACKAGE);
  });

  const manifest = (): Manifest => JSON.parse(read('extension/package.json')) as Manifest;

  it('has the manifests that the format asks for', () => {
    expect(read('[Content_Types].xml')).to.contain(
      'http://schemas.openxmlformats.org/package/2006/content-types',
    );
    const identity = /<Identity [^>]*Id="vmc-vscode" Version="([^"]+)"/.exec(read('extension.vsixmanifest'));
    expect(identity?.[1]).to.equal(manifest().version);
    for (const [, path] of read('extension.vsixmanifest').matchAll(/ Path="([^"]+)"/g)) {
      expect(files.has(path ?? ''), path).to.equal(true);
    }
  });

  it('holds every file that its package.json names', () => {
    const { main, contributes } = manifest();
    const named = [
      main,
      ...contributes.languages.map(({ configuration }) => configuration),
      ...contributes.grammars.map(({ path }) => path),
    ];
    for (const file of named) expect(files.has(join('extension', file)), file).to.equal(true);
    const grammar = JSON.parse(read('extension/syntaxes/vmc.tmLanguage.json')) as { scopeName: string };
    expect(grammar.scopeName).to.equal(contributes.grammars[0]?.scopeName);
  });

  it('holds a client that registers its commands and starts `vmc lsp` when it is activated', async () => {
    const shown: unknown[] = [];
    const commands: string[] = [];
    const module = { exports: {} as { activate(context: object): Promise<void> } };
    const editor = stubEditor(commands, shown);
    const require = createRequire(import.meta.url);
    const load = (name: string): unknown => (name === 'vscode' ? editor : require(name));
    const code = `(function (exports, require, module) {${read('extension/dist/extension.cjs')}\n})`;
    const run = new vm.Script(code, { filename: 'extension.cjs' }).runInThisContext() as (
      exports: object,
      require: (name: string) => unknown,
      module: object,
    ) => void;
    run(module.exports, load, module);
    await module.exports.activate({ subscriptions: [] });
    expect(commands).to.deep.equal(manifest().contributes.commands.map(({ command }) => command));
    // This editor is none, and has no vmc: the user is told what to set.
    expect(shown.join('\n')).to.contain('vmc.path');
  });
});

/** As much of an editor as the client touches before its server runs: every call answers something callable. */
function stubEditor(commands: string[], shown: unknown[]): object {
  // biome-ignore lint/complexity/useArrowFunction: classes are made of it.
  const anything: object = new Proxy(function () {}, {
    get: (_, name) => (name === 'then' || name === Symbol.toPrimitive ? undefined : anything),
    apply: () => anything,
    construct: () => anything,
  });
  const over = (known: Record<string, unknown>): object =>
    new Proxy(known, { get: (target, name) => target[String(name)] ?? anything });
  return over({
    version: '1.91.0',
    commands: over({ registerCommand: (name: string) => commands.push(name) && anything }),
    window: over({ showErrorMessage: (message: string) => shown.push(message) }),
    workspace: over({
      getConfiguration: () => ({ get: (name: string) => (name === 'path' ? '/nonexistent/vmc' : '') }),
    }),
  });
}

/** The files of a zip, by its central directory (APPNOTE.TXT 4.3). */
function unzip(file: string): ReadonlyMap<string, Buffer> {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const header = bytes.readUInt32LE(at + 42);
    const name = bytes.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    const content = bytes.subarray(start, start + size);
    files.set(name, method === 0 ? content : inflateRawSync(content));
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return files;
}
