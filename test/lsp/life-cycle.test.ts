import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { VMC } from '../cli/vmc.js';
import { LanguageClient } from './language-client.js';

function start(...args: readonly string[]): ChildProcessWithoutNullStreams {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  return spawn(process.execPath, [VMC, 'lsp', ...args], { env });
}

function message(body: object): string {
  const text = JSON.stringify({ jsonrpc: '2.0', ...body });
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

const initialize = (processId: number | null) =>
  message({ id: 1, method: 'initialize', params: { processId, rootUri: null, capabilities: {} } });

async function exitCodeOf(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  const [code] = await once(child, 'exit');
  return code as number | null;
}

/** The messages in a stream that may hold nothing else. */
function messagesIn(stream: Buffer): unknown[] {
  const messages: unknown[] = [];
  for (let at = 0; at < stream.length; ) {
    const headerEnd = stream.indexOf('\r\n\r\n', at);
    const header = stream.toString('latin1', at, headerEnd);
    const length = /^Content-Length: (\d+)$/.exec(header)?.[1];
    if (length === undefined)
      throw new Error(`no message begins with ${JSON.stringify(header.slice(0, 100))}`);
    const body = stream.subarray(headerEnd + 4, headerEnd + 4 + Number(length));
    messages.push(JSON.parse(body.toString('utf8')));
    at = headerEnd + 4 + Number(length);
  }
  return messages;
}

/** Shuts the server down, waits for its answer, ends it; all that it said. */
async function endAfter(
  child: ChildProcessWithoutNullStreams,
  output: readonly Buffer[],
  id: number,
): Promise<unknown[]> {
  child.stdin.write(message({ id, method: 'shutdown' }));
  while (!Buffer.concat(output).includes(`"id":${id},`)) await once(child.stdout, 'data');
  const exited = exitCodeOf(child);
  child.stdin.write(message({ method: 'exit' }));
  expect(await exited).to.equal(0);
  return messagesIn(Buffer.concat(output));
}

describe('the process of vmc lsp', () => {
  it('ends with 0 when it was shut down, with 1 when it was not', async () => {
    const { client } = await LanguageClient.start();
    expect(await client.stop()).to.equal(0);
    const child = start();
    child.stdin.write(initialize(null) + message({ method: 'exit' }));
    expect(await exitCodeOf(child)).to.equal(1);
  });

  it('ends when its input does', async () => {
    const child = start();
    child.stdin.end(initialize(null));
    expect(await exitCodeOf(child)).to.equal(1);
  });

  it('ends when the process that started it is gone, though its input stays open', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    const child = start();
    child.stdin.write(initialize(pid));
    expect(await exitCodeOf(child)).to.equal(1);
  });

  it('ends when nobody reads what it says any more', async () => {
    const child = start();
    child.stdout.destroy();
    child.stdin.on('error', () => {});
    child.stdin.write(initialize(null));
    child.stdin.end(message({ id: 2, method: 'shutdown' }));
    expect(await exitCodeOf(child)).to.be.oneOf([0, 1]);
  });

  it('takes what editors put on its command line', async () => {
    const child = start('--stdio', `--clientProcessId=${process.pid}`);
    child.stdin.write(
      initialize(null) + message({ id: 2, method: 'shutdown' }) + message({ method: 'exit' }),
    );
    expect(await exitCodeOf(child)).to.equal(0);
  });

  it('says nothing but the protocol, whatever it is sent', async () => {
    const child = start();
    const output: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => output.push(piece));
    const open = (uri: string, text: string) =>
      message({
        method: 'textDocument/didOpen',
        params: { textDocument: { uri, languageId: 'vmc', version: 1, text } },
      });
    const ask = (id: number, method: string, params: object) => message({ id, method, params });
    const place = { textDocument: { uri: 'file:///a.vmc' }, position: { line: 900, character: 900 } };
    child.stdin.write(
      [
        initialize(null),
        message({ method: 'initialized', params: {} }),
        open('file:///a.vmc', 'vm a { match user x  vcpus 1 }\nreserve a 20ms every 100ms\n'),
        open('file:///b.vmc', '\0\uFFFF"{{{('),
        open('not a uri', 'let'),
        ask(2, 'textDocument/hover', place),
        ask(3, 'textDocument/completion', place),
        ask(4, 'textDocument/hover', { textDocument: { uri: 'file:///none.vmc' }, position: place.position }),
        ask(5, 'no/suchThing', {}),
        ask(6, 'textDocument/hover', { nothing: true }),
        message({
          method: 'textDocument/didChange',
          params: { textDocument: { uri: 'file:///c.vmc', version: 2 }, contentChanges: [] },
        }),
      ].join(''),
    );
    const messages = (await endAfter(child, output, 7)) as { id?: number; error?: { code: number } }[];
    const answered = messages.filter(({ id }) => id !== undefined).map(({ id }) => id);
    expect(answered).to.include.members([1, 2, 3, 4, 5, 6, 7]);
    expect(messages.find(({ id }) => id === 5)?.error?.code).to.equal(-32601);
  });

  it('goes on behind a message that is no JSON', async () => {
    const child = start();
    const output: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => output.push(piece));
    child.stdin.write(`Content-Length: 9\r\n\r\nnot json!${initialize(null)}`);
    const messages = await endAfter(child, output, 2);
    expect(messages.map((each) => (each as { id?: number }).id)).to.include(2);
  });
});
