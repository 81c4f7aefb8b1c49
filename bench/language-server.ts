import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import {
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { packageRoot } from '../src/support/package-root.js';
import { type BenchRow, benchRow } from './bench-row.js';

const URI = 'file:///nowhere/large.vmc';
const LINES = 1000;
const CLASSES = 100;
const CONDITIONS = 20;
/** Typed in the middle of the file, one key after the other, again and again. */
const TYPED = 'limit each g50 to 3 cores by quota\n';
const ROUNDS = 10;
/** The first keys find the server's code not yet compiled by V8. */
const WARM_UP_ROUNDS = 2;
const LARGEST_MS = 30;

/** From a key in a file of 1,000 lines to its diagnostics, over the protocol and between two processes. */
export async function benchLanguageServer(): Promise<readonly BenchRow[]> {
  const child = spawn(join(packageRoot(), 'bin', 'vmc.cjs'), ['lsp'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: environment(),
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  try {
    const times = (await typeAway(connection)).sort((a, b) => a - b);
    const what = `language server, a key in a file of ${LINES} lines to its diagnostics`;
    return [
      benchRow(`${what}: median`, quantile(times, 0.5), 'ms', LARGEST_MS),
      benchRow(`${what}: 95th percentile`, quantile(times, 0.95), 'ms', LARGEST_MS),
    ];
  } finally {
    await end(connection, child);
  }
}

async function typeAway(connection: ProtocolConnection): Promise<number[]> {
  await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
  });
  await connection.sendNotification(InitializedNotification.type, {});
  const lines = largePolicy();
  let version = 1;
  const published = publications(connection);
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri: URI, languageId: 'vmc', version, text: lines.join('\n') },
  });
  await published(version);
  const times: number[] = [];
  const line = lines.findIndex((text, index) => index > LINES / 2 && text.startsWith('when'));
  for (let round = 0; round < ROUNDS + WARM_UP_ROUNDS; round++) {
    for (let typed = 0; typed <= TYPED.length; typed++) {
      // At the end all of it is deleted.
      const isEnd = typed === TYPED.length;
      const range = isEnd
        ? { start: { line, character: 0 }, end: { line: line + 1, character: 0 } }
        : { start: { line, character: typed }, end: { line, character: typed } };
      version++;
      const start = performance.now();
      await connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri: URI, version },
        contentChanges: [{ range, text: isEnd ? '' : TYPED.charAt(typed) }],
      });
      await published(version);
      if (round >= WARM_UP_ROUNDS) times.push(performance.now() - start);
    }
  }
  return times;
}

/** Resolves when diagnostics of a version have come. */
function publications(connection: ProtocolConnection): (version: number) => Promise<void> {
  let last = 0;
  let seen: () => void = () => {};
  connection.onNotification(PublishDiagnosticsNotification.type, ({ version }) => {
    last = version ?? 0;
    seen();
  });
  return (version) =>
    new Promise((resolve) => {
      seen = () => {
        if (last >= version) resolve();
      };
      seen();
    });
}

async function end(connection: ProtocolConnection, child: ChildProcess): Promise<void> {
  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  connection.dispose();
  child.kill();
}

/** Classes, conditions, and blocks of sentences on them: some 20 tokens a line. */
function largePolicy(): string[] {
  const classes = Array.from(
    { length: CLASSES },
    (_, i) => `group g${i} up to 4 vms { match name "g${i}-*" and user "u${i}"  vcpus 2  memory 2 GiB }`,
  );
  const conditions = Array.from(
    { length: CONDITIONS },
    (_, i) =>
      `let c${i} = weekdays 09:00-1${i % 9}:30 and owner.demand > ${20 + i}% for 30s until < 10% for 60s`,
  );
  const blocks = Array.from({ length: LINES - CLASSES - CONDITIONS }, (_, i) => {
    const [one, other] = [`g${i % CLASSES}`, `g${(i * 7) % CLASSES}`];
    const guard = `c${i % CONDITIONS} or not c${(i + 1) % CONDITIONS}`;
    return `when ${guard} { limit each ${one} to ${1 + (i % 3)} cores and 4 GiB memory  run ${other} 200ms every 1s }`;
  });
  return [...classes, ...conditions, ...blocks];
}

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.floor(sorted.length * part)] ?? Number.NaN;

/** Not what this process was started with: the loader of TypeScript would be loaded too. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...rest } = process.env;
  return rest;
}
