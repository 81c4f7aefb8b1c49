import { expect } from 'chai';
import {
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  DocumentHighlightRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  SelectionRangeRequest,
  SemanticTokensRequest,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { analyse } from '../../src/lang/index.js';
import { mutate } from '../grammar/mutate.js';
import { generatePolicy } from '../grammar/policy-generator.js';
import { Random } from '../grammar/random.js';
import { LanguageClient } from './language-client.js';

const URI = 'file:///nowhere/typed.vmc';
const POLICIES = 12;
const EDITS = 8;

describe('what is typed into vmc lsp', () => {
  let client: LanguageClient;
  before(async () => {
    ({ client } = await LanguageClient.start());
  });
  after(() => client.stop());

  it('is judged after any edit as `vmc check` judges the text, and every question about it is answered', async () => {
    for (let seed = 0; seed < POLICIES; seed++) {
      const random = new Random(seed);
      let text = generatePolicy(random);
      await client.open(URI, text);
      for (let edit = 0; edit < EDITS; edit++) {
        const next = mutate(text, random);
        await change(text, next);
        text = next;
        await compare(text, `seed ${seed}, edit ${edit}:\n${text}`);
        await askEverything(text, random);
      }
      await client.close(URI);
    }
    expect(client.messages.filter((message) => message.includes('bug'))).to.deep.equal([]);
  });

  /** As an editor tells it: the stretch that differs. */
  async function change(before: string, after: string): Promise<void> {
    const document = TextDocument.create(URI, 'vmc', 0, before);
    let [start, tail] = [0, 0];
    const shorter = Math.min(before.length, after.length);
    while (start < shorter && before[start] === after[start]) start++;
    while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
    // An edit may not begin or end between the two halves of a line end.
    while (start > 0 && before[start - 1] === '\r') start--;
    while (tail > 0 && before[before.length - tail] === '\n') tail--;
    const range = {
      start: document.positionAt(start),
      end: document.positionAt(before.length - tail),
    };
    await client.change(URI, after.slice(start, after.length - tail), range);
  }

  async function compare(text: string, note: string): Promise<void> {
    const found = await client.current(URI);
    const { diagnostics } = analyse({ file: '/nowhere/typed.vmc', text });
    const document = TextDocument.create(URI, 'vmc', 0, text);
    const expected = diagnostics.map(({ code, range: { start, end } }) => ({
      code,
      range: { start: document.positionAt(start.offset), end: document.positionAt(end.offset) },
    }));
    // The compiler may have had its say by now: it says nothing of what has errors of the language.
    const language = found.filter(({ code }) => !/^VMC[345]/.test(String(code)));
    expect(
      language.map(({ code, range }) => ({ code, range })),
      note,
    ).to.have.deep.members(expected);
  }

  async function askEverything(text: string, random: Random): Promise<void> {
    const textDocument = { uri: URI };
    const document = TextDocument.create(URI, 'vmc', 0, text);
    const position = document.positionAt(random.below(text.length + 1));
    const range = { start: position, end: position };
    const { connection } = client;
    const place = { textDocument, position };
    await connection.sendRequest(CompletionRequest.type, place);
    await connection.sendRequest(HoverRequest.type, place);
    await connection.sendRequest(DefinitionRequest.type, place);
    await connection.sendRequest(ReferencesRequest.type, { ...place, context: { includeDeclaration: true } });
    await connection.sendRequest(DocumentHighlightRequest.type, place);
    await connection
      .sendRequest(PrepareRenameRequest.type, place)
      .catch(({ code }) => expect(code).to.equal(-32803));
    await connection.sendRequest(CodeActionRequest.type, {
      textDocument,
      range,
      context: { diagnostics: [] },
    });
    await connection.sendRequest(DocumentSymbolRequest.type, { textDocument });
    await connection.sendRequest(FoldingRangeRequest.type, { textDocument });
    await connection.sendRequest(SelectionRangeRequest.type, { textDocument, positions: [position] });
    await connection.sendRequest(SemanticTokensRequest.type, { textDocument });
  }
});
