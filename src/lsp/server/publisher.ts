import type {
  Connection,
  Diagnostic as ProtocolDiagnostic,
  Range as ProtocolRange,
} from 'vscode-languageserver';
import type { Diagnostic, Range } from '../../lang/index.js';
import { diagnosticPage } from '../check/diagnostic-pages.js';
import { type Places, protocolDiagnostic } from '../check/protocol-diagnostic.js';
import { uriOf } from '../workspace/file-uri.js';
import type { Workspace } from '../workspace/workspace.js';
import type { OpenDocuments } from './open-documents.js';

/** Tells the client what is wrong with files, and remembers what it was told. */
export class Publisher {
  readonly #connection: Connection;
  readonly #workspace: Workspace;
  readonly #documents: OpenDocuments;
  /** By file: what the client was told last. */
  readonly #told = new Map<string, string>();

  constructor(connection: Connection, workspace: Workspace, documents: OpenDocuments) {
    this.#connection = connection;
    this.#workspace = workspace;
    this.#documents = documents;
  }

  /** Says it where it is news, or where the client waits for it (`isAwaited`). */
  publish(file: string, found: readonly Diagnostic[], isAwaited: boolean): void {
    const diagnostics = found.map((diagnostic) => this.inProtocol(diagnostic));
    const telling = JSON.stringify(diagnostics);
    if (telling === (this.#told.get(file) ?? '[]') && !isAwaited) return;
    this.#told.set(file, telling);
    const uri = this.uriOf(file);
    const version = this.#documents.versionOf(uri);
    const params = { uri, ...(version === null ? {} : { version }), diagnostics };
    // A client that has gone away needs none.
    this.#connection.sendDiagnostics(params).catch(() => {});
  }

  inProtocol(diagnostic: Diagnostic): ProtocolDiagnostic {
    return protocolDiagnostic(diagnostic, this.#places);
  }

  /** As the client writes it, where it has the file open. */
  uriOf(file: string): string {
    return this.#workspace.textOf(file)?.uri ?? uriOf(file);
  }

  rangeIn(file: string, { start, end }: Range): ProtocolRange {
    const text = this.#workspace.textOf(file);
    if (text !== null) return text.range({ start: start.offset, end: end.offset });
    return {
      start: { line: start.line - 1, character: start.column - 1 },
      end: { line: end.line - 1, character: end.column - 1 },
    };
  }

  readonly #places: Places = {
    uriOf: (file) => this.uriOf(file),
    rangeIn: (file, range) => this.rangeIn(file, range),
    pageOf: (code) => diagnosticPage(code)?.href ?? null,
  };
}
