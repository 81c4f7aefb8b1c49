import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  LogMessageNotification,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Range,
  ShowMessageNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { VMC } from '../cli/vmc.js';

const DEADLINE_MS = 20_000;

export interface StartOptions {
  readonly capabilities?: ClientCapabilities;
  /** Uri of the workspace's folder. */
  readonly folder?: string;
  readonly initializationOptions?: unknown;
  readonly arguments?: readonly string[];
}

/** `vmc lsp` and a client of it: Microsoft's protocol library over the process's standard streams. */
export class LanguageClient {
  readonly child: ChildProcess;
  readonly connection: ProtocolConnection;
  /** What the server showed or logged. */
  readonly messages: string[] = [];
  readonly #published = new Map<string, PublishDiagnosticsParams>();
  readonly #waiting = new Set<() => void>();
  readonly #versions = new Map<string, number>();

  private constructor(args: readonly string[]) {
    const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env;
    const child = spawn(process.execPath, [VMC, 'lsp', ...args], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.child = child;
    const [reader, writer] = [new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin)];
    this.connection = createProtocolConnection(reader, writer);
    this.connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.#published.set(params.uri, params);
      for (const look of this.#waiting) look();
    });
    for (const type of [LogMessageNotification.type, ShowMessageNotification.type]) {
      this.connection.onNotification(type, ({ message }) => {
        this.messages.push(message);
      });
    }
    this.connection.listen();
  }

  static async start({
    capabilities = {},
    folder,
    initializationOptions,
    ...options
  }: StartOptions = {}): Promise<{
    client: LanguageClient;
    result: InitializeResult;
  }> {
    const client = new LanguageClient(options.arguments ?? []);
    const result = await client.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: folder ?? null,
      ...(folder === undefined ? {} : { workspaceFolders: [{ uri: folder, name: 'folder' }] }),
      capabilities,
      initializationOptions,
    });
    await client.connection.sendNotification(InitializedNotification.type, {});
    return { client, result };
  }

  async open(uri: string, text: string): Promise<void> {
    this.#versions.set(uri, 1);
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'vmc', version: 1, text },
    });
  }

  /** Replaces a stretch, or all of it; answers the version that the document has then. */
  async change(uri: string, text: string, range?: Range): Promise<number> {
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [range === undefined ? { text } : { range, text }],
    });
    return version;
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }

  /** What was published of a document last, as soon as it is as wanted. */
  async diagnostics(
    uri: string,
    isWanted: (params: PublishDiagnosticsParams) => boolean = () => true,
  ): Promise<readonly Diagnostic[]> {
    const isThere = (): boolean => {
      const params = this.#published.get(uri);
      return params !== undefined && isWanted(params);
    };
    if (!isThere()) await this.#untilPublished(isThere, uri);
    return this.#published.get(uri)?.diagnostics ?? [];
  }

  /** Of the text that the document has now. */
  current(uri: string): Promise<readonly Diagnostic[]> {
    return this.diagnostics(uri, ({ version }) => version === this.#versions.get(uri));
  }

  async #untilPublished(isThere: () => boolean, uri: string): Promise<void> {
    let look: () => void = () => {};
    let timer: NodeJS.Timeout | undefined;
    const seen = new Promise<void>((resolve, reject) => {
      look = () => {
        if (isThere()) resolve();
      };
      timer = setTimeout(() => {
        const last = JSON.stringify(this.#published.get(uri));
        reject(new Error(`not published in time; last of ${uri}: ${last}; ${this.messages.join('; ')}`));
      }, DEADLINE_MS);
    });
    this.#waiting.add(look);
    await seen.finally(() => {
      this.#waiting.delete(look);
      clearTimeout(timer);
    });
  }

  /** Ends the server as the protocol has it; answers its exit code. */
  async stop(): Promise<number | null> {
    const exited = this.exited();
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    const code = await exited;
    this.connection.dispose();
    return code;
  }

  /** The server's exit code, when it has one. */
  async exited(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const [code] = await once(this.child, 'exit');
    return code as number | null;
  }
}

/** Where `needle` stands in a text (the `nth` time, from 0), as a position `by` units behind its start. */
export function positionOf(text: string, needle: string, by = 0, nth = 0): Position {
  let at = text.indexOf(needle);
  for (let i = 0; i < nth; i++) at = text.indexOf(needle, at + 1);
  if (at === -1) throw new Error(`${needle} is not in the text`);
  const before = text.slice(0, at + by);
  return { line: before.split('\n').length - 1, character: before.length - before.lastIndexOf('\n') - 1 };
}

export const rangeOf = (text: string, needle: string, nth = 0): Range => ({
  start: positionOf(text, needle, 0, nth),
  end: positionOf(text, needle, needle.length, nth),
});

/** A text with edits that do not overlap. */
export function withEdits(
  text: string,
  edits: readonly { readonly range: Range; readonly newText: string }[],
): string {
  const lines = text.split('\n');
  const offsetOf = ({ line, character }: Position): number =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  return [...edits]
    .sort((a, b) => offsetOf(b.range.start) - offsetOf(a.range.start))
    .reduce(
      (current, { range, newText }) =>
        current.slice(0, offsetOf(range.start)) + newText + current.slice(offsetOf(range.end)),
      text,
    );
}
