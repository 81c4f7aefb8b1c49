import type { Connection, InitializeParams } from 'vscode-languageserver';
import type { HostFacts } from '../../compiler/index.js';
import { PolicyChecks } from '../check/policy-checks.js';
import { CompileThread } from '../compile/compile-thread.js';
import { fileOf } from '../workspace/file-uri.js';
import { policyFiles } from '../workspace/policy-files.js';
import { Workspace } from '../workspace/workspace.js';
import { type Client, clientOf } from './client.js';
import { OpenDocuments } from './open-documents.js';
import { Publisher } from './publisher.js';

/** What the server needs of the machine that it runs on. */
export interface ServerOptions {
  /** Facts of a host from a file; null: of this machine. Rejects with a reason that is fit to be shown. */
  readonly readFacts: (file: string | null) => Promise<HostFacts>;
  /** `--host` of the command line; what the client is set to goes before it. */
  readonly hostFacts: string | null;
}

/** Long enough that nobody who types waits for the compiler, short enough that it is there when they look. */
const COMPILE_DELAY_MS = 150;
/** Checks that take longer wait for a pause in typing. */
const SLOW_CHECK_MS = 50;
const LONGEST_WAIT_MS = 500;

/** One client with its documents: what is open, what is known of it, and what the client was told. */
export class Session {
  readonly documents = new OpenDocuments();
  readonly workspace = new Workspace(policyFiles);
  readonly checks: PolicyChecks;
  readonly publisher: Publisher;
  client: Client | null = null;
  readonly #connection: Connection;
  readonly #options: ServerOptions;
  readonly #thread = new CompileThread();
  /** Files that wait to be checked, with their texts as they were checked last; null: never. */
  readonly #pending = new Map<string, string | null>();
  #isScheduled = false;
  #lastCheckMs = 0;

  constructor(connection: Connection, options: ServerOptions) {
    this.#connection = connection;
    this.#options = options;
    this.publisher = new Publisher(connection, this.workspace, this.documents);
    this.checks = new PolicyChecks(this.workspace, this.#thread, {
      compileDelayMs: COMPILE_DELAY_MS,
      onChange: (files) => this.#guard(() => this.#publish(files, [])),
    });
  }

  begin(params: InitializeParams): void {
    this.client = clientOf(params);
    this.workspace.addFolders(this.client.folders);
  }

  open(uri: string, version: number, text: string): void {
    this.documents.open(uri, version, text);
    this.#set(uri, text, null);
  }

  change(uri: string, version: number, changes: Parameters<OpenDocuments['change']>[1]): void {
    const before = this.documents.textOf(uri);
    const text = this.documents.change(uri, changes, version);
    if (text !== null) this.#set(uri, text, before);
  }

  close(uri: string): void {
    const file = fileOf(uri);
    this.documents.close(uri);
    this.#pending.delete(file);
    this.workspace.close(uri);
    this.#publish(this.checks.closed(file), []);
  }

  /** Files that were made, changed or deleted outside of the client: all that is open is checked again. */
  refresh(uris: readonly string[]): void {
    for (const uri of uris) this.workspace.refresh(uri);
    for (const file of this.workspace.openFiles()) {
      if (!this.#pending.has(file)) this.#pending.set(file, this.workspace.textOf(file)?.text ?? null);
    }
    this.#schedule();
  }

  /** Compiles for another host from now on; where its facts cannot be read, the client is told. */
  async useFacts(file: string | null): Promise<void> {
    const wanted = file ?? this.#options.hostFacts;
    try {
      this.checks.setFacts(await this.#options.readFacts(wanted));
    } catch (error) {
      this.checks.setFacts(null);
      const reason = error instanceof Error ? error.message : String(error);
      this.#connection.console.warn(`policies are not compiled: ${reason}`);
      if (wanted !== null) await this.#connection.window.showErrorMessage(`vmc: ${reason}`);
    }
  }

  /** Checks what waits to be checked. */
  flush(): void {
    const pending = [...this.#pending];
    this.#pending.clear();
    const start = performance.now();
    const affected = pending.flatMap(([file, before]) => this.checks.changed(file, before));
    this.#lastCheckMs = performance.now() - start;
    this.#publish(
      affected,
      pending.map(([file]) => file),
    );
  }

  end(): void {
    this.checks.stop();
    void this.#thread.stop();
  }

  #set(uri: string, text: string, before: string | null): void {
    const file = fileOf(uri);
    this.workspace.set(uri, text);
    if (!this.#pending.has(file)) this.#pending.set(file, before);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const check = (): void => {
      this.#isScheduled = false;
      this.#guard(() => this.flush());
    };
    if (this.#lastCheckMs < SLOW_CHECK_MS) setImmediate(check);
    else setTimeout(check, Math.min(this.#lastCheckMs, LONGEST_WAIT_MS));
  }

  #publish(files: readonly string[], awaited: readonly string[]): void {
    for (const file of new Set([...awaited, ...files])) {
      this.publisher.publish(file, this.checks.diagnosticsOf(file), awaited.includes(file));
    }
  }

  /** Nothing that goes wrong here may end the server: it goes to the client's log. */
  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#connection.console.error(`a bug in vmc: ${cause}`);
    }
  }
}
