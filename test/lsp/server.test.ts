import { expect } from 'chai';
import {
  type CodeAction,
  CodeActionRequest,
  type CompletionItem,
  CompletionRequest,
  DefinitionRequest,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  type DocumentSymbol,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  type Location,
  type MarkupContent,
  PrepareRenameRequest,
  type Range,
  ReferencesRequest,
  RenameRequest,
  SelectionRangeRequest,
  SemanticTokensRequest,
  SymbolKind,
} from 'vscode-languageserver-protocol/node';
import { FACTS } from '../cli/facts.js';
import { scratchDirectory } from '../cli/scratch.js';
import { LanguageClient, positionOf, rangeOf, withEdits } from './language-client.js';

const URI = 'file:///nowhere/policy.vmc';

const POLICY = `# The guests.
# Two kinds of them.
vm video { match user alice  vcpus 2 }
group batch up to 6 vms {
  match user "grid"
  vcpus 1
}
group lent = video, batch
switch gaming

let office = weekdays 09:00-12:00 except 2026-12-24
let busy = owner.demand > 60% for 30s until < 40%

limit guests to 1 core
when office and busy { # while somebody works
  run batch 200ms every 1s
} otherwise {
  limit each batch to 25% of cpu
}
when gaming { pause lent }
`;

describe('vmc lsp', () => {
  const { write } = scratchDirectory();
  let client: LanguageClient;
  before(async () => {
    const hostFacts = write('facts.json', JSON.stringify(FACTS));
    ({ client } = await LanguageClient.start({ initializationOptions: { hostFacts } }));
  });
  after(async () => {
    expect(await client.stop()).to.equal(0);
  });

  const textDocument = { uri: URI };
  const at = (needle: string, by = 1, nth = 0, text = POLICY) => ({
    textDocument,
    position: positionOf(text, needle, by, nth),
  });
  beforeEach(async () => {
    await client.open(URI, POLICY);
    await client.current(URI);
  });
  afterEach(() => client.close(URI));

  describe('diagnostics', () => {
    it('come at each change, with code, page and place, and go when the mistake does', async () => {
      await client.change(URI, 'ofice', rangeOf(POLICY, 'office', 1));
      const [diagnostic, ...others] = await client.current(URI);
      expect(others).to.deep.equal([]);
      expect(diagnostic?.code).to.equal('VMC2001');
      expect(diagnostic?.codeDescription?.href).to.match(/^file:.*docs\/errors\/VMC2001\.md$/);
      expect(diagnostic?.message).to.contain('Did you mean `office`?');
      const changed = withEdits(POLICY, [{ range: rangeOf(POLICY, 'office', 1), newText: 'ofice' }]);
      expect(diagnostic?.range).to.deep.equal(rangeOf(changed, 'ofice'));
      await client.change(URI, 'office', rangeOf(changed, 'ofice'));
      expect(await client.current(URI)).to.deep.equal([]);
    });

    it('of the compiler follow, with the other sentences that take part', async () => {
      const text = `${POLICY}assert batch paused\n`;
      await client.change(URI, text);
      const found = await client.diagnostics(URI, ({ diagnostics }) => diagnostics.length > 0);
      expect(found[0]?.code).to.match(/^VMC3/);
      expect(found[0]?.range).to.deep.equal(rangeOf(text, 'assert batch paused'));
      await client.change(URI, POLICY);
      await client.diagnostics(URI, ({ diagnostics }) => diagnostics.length === 0);
    });

    it('name other places as related information', async () => {
      const text = `${POLICY}switch office\n`;
      await client.change(URI, text);
      const [diagnostic] = await client.current(URI);
      expect(diagnostic?.relatedInformation).to.have.length.greaterThan(0);
      expect(diagnostic?.relatedInformation?.[0]?.location.uri).to.equal(URI);
    });

    it('are at UTF-16 positions, with lines of any ending', async () => {
      const text = '# 😀 ü\r\npause "😀😀", nobody # 漢\r\npause nobody\n';
      await client.change(URI, text);
      const found = await client.current(URI);
      const second = found.find(({ range }) => range.start.line === 2);
      expect(second?.range).to.deep.equal({
        start: { line: 2, character: 6 },
        end: { line: 2, character: 12 },
      });
    });

    it('are taken back when a document is closed', async () => {
      const uri = 'file:///nowhere/other.vmc';
      await client.open(uri, 'pause nobody\n');
      expect(await client.current(uri)).to.have.length(1);
      await client.close(uri);
      expect(await client.diagnostics(uri, ({ diagnostics }) => diagnostics.length === 0)).to.deep.equal([]);
    });

    it('come for buffers that are no files', async () => {
      const uri = 'untitled:Untitled-1';
      await client.open(uri, 'import "x.vmc"\n');
      expect((await client.current(uri)).map(({ code }) => code)).to.deep.equal(['VMC2018']);
      await client.change(uri, 'pause nobody\n');
      expect((await client.current(uri)).map(({ code }) => code)).to.deep.equal(['VMC2001']);
      await client.close(uri);
    });
  });

  describe('quick fixes', () => {
    const actions = (range: Range, only?: string[]): Promise<CodeAction[]> =>
      client.connection.sendRequest(CodeActionRequest.type, {
        textDocument,
        range,
        context: { diagnostics: [], ...(only ? { only } : {}) },
      }) as Promise<CodeAction[]>;
    const applied = (text: string, { edit }: CodeAction): string =>
      withEdits(text, edit?.changes?.[URI] ?? []);

    it('mend what is under the cursor', async () => {
      const text = POLICY.replace('pause lent', 'pause lnet');
      await client.change(URI, text);
      const [fix] = await actions(rangeOf(text, 'lnet'), ['quickfix']);
      expect(fix?.kind).to.equal('quickfix');
      expect(fix?.diagnostics?.[0]?.code).to.equal('VMC2001');
      expect(applied(text, fix!)).to.equal(POLICY);
      expect(await actions(rangeOf(text, 'switch'), ['quickfix'])).to.deep.equal([]);
    });

    it('mend all of a file at once', async () => {
      const text = POLICY.replace('pause lent', 'pause lnet').replace('run batch', 'run bacth');
      await client.change(URI, text);
      const [fix, ...others] = await actions(rangeOf(text, '# The'), ['source.fixAll']);
      expect(others).to.deep.equal([]);
      expect(applied(text, fix!)).to.equal(POLICY);
    });
  });

  describe('hover', () => {
    const hover = async (params: ReturnType<typeof at>): Promise<string> => {
      const answer = await client.connection.sendRequest(HoverRequest.type, params);
      return (answer?.contents as MarkupContent | undefined)?.value ?? '';
    };
    /** Until the compiler has answered. */
    const hoverCompiled = async (params: ReturnType<typeof at>): Promise<string> => {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const text = await hover(params);
        if (text.includes(' mode') || text.includes('always')) return text;
        if (Date.now() > deadline) throw new Error(`never compiled: ${text}; ${client.messages.join('; ')}`);
        await client.connection.sendRequest(FoldingRangeRequest.type, { textDocument });
      }
    };

    it('shows what a sentence compiles to: mechanism, numbers, fidelity and modes', async () => {
      const duty = await hoverCompiled(at('run batch'));
      expect(duty).to.contain('**batch** by **duty**: runs 200ms every 1s');
      expect(duty).to.contain('longest gap 800ms');
      expect(duty).to.match(/in \d+ of \d+ modes: .*busy/);
      expect(await hoverCompiled(at('limit guests'))).to.contain('in all ');
    });

    it('shows the declaration of a name, and of a condition what it means', async () => {
      expect(await hover(at('batch', 1, 2))).to.contain(
        'group batch up to 6 vms {\n  match user "grid"\n  vcpus 1\n}',
      );
      const busy = await hover(at('busy {'));
      expect(busy).to.contain(
        '`owner.demand` is over 60% for 30s without a break; then until it is under 40%',
      );
      expect(await hover(at('office', 1, 1))).to.contain(
        'Monday to Friday, 09:00 to 12:00, but not 2026-12-24',
      );
    });

    it('has a line on keywords, units and signals', async () => {
      expect(await hover(at('group lent'))).to.contain('union of classes');
      expect(await hover(at('60%', 2))).to.contain('percent');
      expect(await hover(at('% of cpu', 1))).to.contain('a part of the whole host');
      expect(await hover(at('.demand', 2))).to.contain('the one to build conditions on');
      expect(await hover(at('until'))).to.contain('ends the condition');
    });

    it('links a mistake, and a code in a comment, to its page', async () => {
      const text = `${POLICY}pause nobody # VMC2001\n`;
      await client.change(URI, text);
      await client.current(URI);
      expect(await hover(at('nobody', 1, 0, text))).to.match(
        /\[VMC2001\]\(file:.*VMC2001\.md\): Unknown name/,
      );
      expect(await hover(at('VMC2001', 1, 0, text))).to.match(/\[VMC2001\]\(file:.*VMC2001\.md\)/);
    });
  });

  describe('names', () => {
    const ranges = (locations: readonly Location[] | null) => locations?.map(({ range }) => range);

    it('lead to their declarations', async () => {
      const found = (await client.connection.sendRequest(
        DefinitionRequest.type,
        at('batch', 1, 3),
      )) as Location[];
      expect(found).to.deep.equal([{ uri: URI, range: rangeOf(POLICY, 'batch', 0) }]);
    });

    it('have their uses listed, with the declaration or without', async () => {
      const request = (includeDeclaration: boolean) =>
        client.connection.sendRequest(ReferencesRequest.type, {
          ...at('lent', 1),
          context: { includeDeclaration },
        });
      expect(ranges(await request(true))).to.deep.equal([
        rangeOf(POLICY, 'lent', 0),
        rangeOf(POLICY, 'lent', 1),
      ]);
      expect(ranges(await request(false))).to.deep.equal([rangeOf(POLICY, 'lent', 1)]);
    });

    it('are highlighted where they stand in the document', async () => {
      const found = await client.connection.sendRequest(DocumentHighlightRequest.type, at('gaming'));
      expect(found?.map(({ kind }) => kind)).to.deep.equal([3, 2]);
    });

    it('are renamed everywhere, in quotes where the new one needs them', async () => {
      const rename = async (newName: string): Promise<string> => {
        const edit = await client.connection.sendRequest(RenameRequest.type, {
          ...at('lent', 1, 1),
          newName,
        });
        return withEdits(POLICY, edit?.changes?.[URI] ?? []);
      };
      expect(await rename('borrowed')).to.equal(POLICY.replaceAll('lent', 'borrowed'));
      expect(await rename('my guests')).to.equal(POLICY.replaceAll('lent', '"my guests"'));
      expect(await rename('"guests"')).to.equal(POLICY.replaceAll('lent', '"guests"'));
    });

    it('are not renamed to words of the language, to others that exist, or to nothing', async () => {
      const refusal = (newName: string): Promise<string> =>
        client.connection.sendRequest(RenameRequest.type, { ...at('lent'), newName }).then(
          () => 'renamed',
          (error: Error) => error.message,
        );
      expect(await refusal('limit')).to.contain('word of the language');
      expect(await refusal('office')).to.contain('declared already');
      expect(await refusal(' ')).to.contain('empty');
      expect(await refusal('a\nb')).to.contain('one line');
    });

    it('say where they can be renamed', async () => {
      const range = await client.connection.sendRequest(PrepareRenameRequest.type, at('lent', 2));
      expect(range).to.deep.equal({ range: rangeOf(POLICY, 'lent'), placeholder: 'lent' });
      const refused = await client.connection
        .sendRequest(PrepareRenameRequest.type, at('weekdays'))
        .catch((error: Error) => error.message);
      expect(refused).to.contain('no name');
    });
  });

  it('completes while a sentence is broken', async () => {
    const text = `${POLICY}when gaming {\n  limit bat\n`;
    await client.change(URI, text);
    const items = (await client.connection.sendRequest(
      CompletionRequest.type,
      at('bat\n', 3, 0, text),
    )) as CompletionItem[];
    const batch = items.find(({ label }) => label === 'batch');
    expect(batch?.detail).to.equal('class');
    expect(batch?.textEdit).to.deep.equal({
      range: { start: positionOf(text, 'bat\n'), end: positionOf(text, 'bat\n', 3) },
      newText: 'batch',
    });
    // This client has said nothing of snippets.
    expect(items.every(({ insertTextFormat }) => insertTextFormat === 1)).to.equal(true);
  });

  it('lays a document out, and changes only the lines that differ', async () => {
    const options = { tabSize: 2, insertSpaces: true };
    const untidy = POLICY.replace('  run batch', 'run   batch').replace('let busy = ', 'let busy =');
    await client.change(URI, untidy);
    const edits = await client.connection.sendRequest(DocumentFormattingRequest.type, {
      textDocument,
      options,
    });
    const tidy = withEdits(untidy, edits ?? []);
    expect(tidy).to.contain('\n  run batch 200ms every 1s\n').and.contain('let busy = owner');
    expect(edits?.[0]?.range.start.line).to.be.greaterThan(8);
    await client.change(URI, tidy);
    expect(
      await client.connection.sendRequest(DocumentFormattingRequest.type, { textDocument, options }),
    ).to.deep.equal([]);
    await client.change(URI, 'limit to to\n');
    const refused = await client.connection
      .sendRequest(DocumentFormattingRequest.type, { textDocument, options })
      .catch((error: Error) => error.message);
    expect(refused).to.contain('syntax errors');
  });

  it('gives an outline with kinds, details and what is in braces', async () => {
    const symbols = (await client.connection.sendRequest(DocumentSymbolRequest.type, {
      textDocument,
    })) as DocumentSymbol[];
    const [video, batch, lent] = symbols;
    expect([video?.name, video?.kind, video?.children?.map(({ name }) => name)]).to.deep.equal([
      'video',
      SymbolKind.Class,
      ['match user alice', 'vcpus 2'],
    ]);
    expect(batch?.selectionRange).to.deep.equal(rangeOf(POLICY, 'batch'));
    expect([lent?.name, lent?.detail]).to.deep.equal(['lent', 'video, batch']);
    const when = symbols.find(({ name }) => name.startsWith('when office'));
    expect(when?.children?.map(({ name }) => name)).to.deep.equal(['run batch 200ms every 1s']);
    expect(symbols.find(({ name }) => name === 'office')?.detail).to.equal(
      'weekdays 09:00-12:00 except 2026-12-24',
    );
  });

  it('folds blocks and runs of comments', async () => {
    const folds = await client.connection.sendRequest(FoldingRangeRequest.type, { textDocument });
    expect(folds?.map(({ startLine, endLine, kind }) => [startLine, endLine, kind])).to.deep.include.members([
      [0, 1, 'comment'],
      [3, 5, undefined],
    ]);
  });

  it('widens a selection from the word to the sentence, the block and the file', async () => {
    const [range] =
      (await client.connection.sendRequest(SelectionRangeRequest.type, {
        textDocument,
        positions: [positionOf(POLICY, '200ms', 1)],
      })) ?? [];
    const texts: string[] = [];
    for (let each = range; each !== undefined; each = each.parent) {
      const lines = POLICY.split('\n').slice(each.range.start.line, each.range.end.line + 1);
      texts.push(lines.join('\n').trim().slice(0, 12));
    }
    expect(texts).to.deep.equal(['run batch 20', 'run batch 20', 'when office ', '# The guests']);
  });

  it('colours tokens by what they are', async () => {
    const { data } = (await client.connection.sendRequest(SemanticTokensRequest.type, { textDocument })) ?? {
      data: [],
    };
    expect(data.length % 5).to.equal(0);
    // The two comments, then `vm video` with the name as a declared class.
    expect(data.slice(0, 20)).to.deep.equal([0, 0, 13, 0, 0, 1, 0, 20, 0, 0, 1, 0, 2, 1, 0, 0, 3, 5, 5, 1]);
  });
});
