import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import {
  type CompletionItem,
  CompletionRequest,
  DefinitionRequest,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type Location,
  ReferencesRequest,
  RenameRequest,
} from 'vscode-languageserver-protocol/node';
import { LanguageClient, positionOf, rangeOf } from './language-client.js';

const MAIN = 'import "parts/common.vmc"\nlimit batch to 1 core\npause build\n';
const COMMON =
  'group batch up to 2 vms { match user grid  vcpus 1 }\nvm build { match user alice  vcpus 1 }\nyield batch\n';

describe('vmc lsp on policies in several files', () => {
  let folder: string;
  let client: LanguageClient;
  const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
  let main: string;
  let common: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vmc-lsp-'));
    mkdirSync(join(folder, 'parts'));
    writeFileSync(join(folder, 'main.vmc'), MAIN);
    writeFileSync(join(folder, 'parts', 'common.vmc'), COMMON);
    [main, common] = [uriOf('main.vmc'), uriOf('parts/common.vmc')];
    ({ client } = await LanguageClient.start({
      folder: pathToFileURL(folder).href,
      capabilities: { workspace: { workspaceEdit: { documentChanges: true } } },
    }));
  });
  afterEach(async () => {
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('knows the names of files that are imported from disk', async () => {
    await client.open(main, MAIN);
    expect(await client.current(main)).to.deep.equal([]);
  });

  it('shows the mistakes of an imported file at that file, though it is not open, and takes them back', async () => {
    writeFileSync(join(folder, 'parts', 'common.vmc'), `${COMMON}pause nobody\n`);
    await client.open(main, MAIN);
    const [diagnostic] = await client.diagnostics(common, ({ diagnostics }) => diagnostics.length > 0);
    expect(diagnostic?.code).to.equal('VMC2001');
    expect(diagnostic?.range).to.deep.equal(rangeOf(`${COMMON}pause nobody\n`, 'nobody'));
    await client.close(main);
    await client.diagnostics(common, ({ diagnostics }) => diagnostics.length === 0);
  });

  it('sees in every open file what is typed in another', async () => {
    await client.open(main, MAIN);
    await client.open(common, COMMON);
    await client.current(common);
    await client.change(common, 'builder', rangeOf(COMMON, 'build'));
    const found = await client.diagnostics(main, ({ diagnostics }) => diagnostics.length > 0);
    expect(found.map(({ message }) => message).join()).to.contain('build');
    await client.change(common, 'build', {
      start: { line: 1, character: 3 },
      end: { line: 1, character: 10 },
    });
    await client.diagnostics(main, ({ diagnostics }) => diagnostics.length === 0);
  });

  it('sees what is changed on disk, when the client tells it', async () => {
    await client.open(main, MAIN);
    await client.current(main);
    writeFileSync(join(folder, 'parts', 'common.vmc'), COMMON.replace('vm build', 'vm other'));
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: common, type: FileChangeType.Changed }],
    });
    const [diagnostic] = await client.diagnostics(main, ({ diagnostics }) => diagnostics.length > 0);
    expect(diagnostic?.range).to.deep.equal(rangeOf(MAIN, 'build'));
  });

  it('judges an imported file as a part of what imports it, not by itself', async () => {
    const text = `${COMMON}when office { pause batch }\n`;
    writeFileSync(join(folder, 'main.vmc'), `${MAIN}let office = daily 09:00-17:00\n`);
    await client.stop();
    ({ client } = await LanguageClient.start({ folder: pathToFileURL(folder).href }));
    await client.open(common, text);
    expect(await client.current(common)).to.deep.equal([]);
  });

  it('leads to declarations in other files', async () => {
    await client.open(main, MAIN);
    const found = (await client.connection.sendRequest(DefinitionRequest.type, {
      textDocument: { uri: main },
      position: positionOf(MAIN, 'batch', 1),
    })) as Location[];
    expect(found).to.deep.equal([{ uri: common, range: rangeOf(COMMON, 'batch') }]);
  });

  it('opens what an import names', async () => {
    await client.open(main, MAIN);
    const found = (await client.connection.sendRequest(DefinitionRequest.type, {
      textDocument: { uri: main },
      position: positionOf(MAIN, 'common'),
    })) as Location[];
    expect(found.map(({ uri }) => uri)).to.deep.equal([common]);
  });

  it('finds uses in files that import the one with the declaration', async () => {
    await client.open(common, COMMON);
    const found = await client.connection.sendRequest(ReferencesRequest.type, {
      textDocument: { uri: common },
      position: positionOf(COMMON, 'batch', 1),
      context: { includeDeclaration: false },
    });
    expect(found).to.have.deep.members([
      { uri: main, range: rangeOf(MAIN, 'batch') },
      { uri: common, range: rangeOf(COMMON, 'batch', 1) },
    ]);
  });

  it('renames in all files, with the versions of those that are open', async () => {
    await client.open(main, MAIN);
    const edit = await client.connection.sendRequest(RenameRequest.type, {
      textDocument: { uri: main },
      position: positionOf(MAIN, 'build', 1),
      newName: 'compile',
    });
    const changes = edit?.documentChanges?.map(
      (change) => 'edits' in change && [change.textDocument, change.edits],
    );
    expect(changes).to.have.deep.members([
      [{ uri: main, version: 1 }, [{ range: rangeOf(MAIN, 'build'), newText: 'compile' }]],
      [{ uri: common, version: null }, [{ range: rangeOf(COMMON, 'build'), newText: 'compile' }]],
    ]);
  });

  it('offers the policies of the folder, and of those below, for an import', async () => {
    const text = 'import ""\n';
    await client.open(main, text);
    const items = (await client.connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri: main },
      position: { line: 0, character: 8 },
    })) as CompletionItem[];
    expect(items.map(({ label }) => label)).to.deep.equal(['parts/common.vmc']);
  });

  it('comes to an end with files that import each other', async () => {
    writeFileSync(join(folder, 'parts', 'common.vmc'), 'import "circle.vmc"\n');
    await client.open(uriOf('parts/circle.vmc'), 'import "common.vmc"\n');
    const found = await client.current(uriOf('parts/circle.vmc'));
    expect(found.length + (await client.diagnostics(common)).length).to.be.greaterThan(0);
  });
});
