import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** The documents that the client has open, kept up by its incremental changes. */
export class OpenDocuments {
  readonly #documents = new Map<string, TextDocument>();

  open(uri: string, version: number, text: string): void {
    this.#documents.set(uri, TextDocument.create(uri, 'vmc', version, text));
  }

  /** The text after the changes; null for a document that is not open. */
  change(uri: string, changes: readonly TextDocumentContentChangeEvent[], version: number): string | null {
    const document = this.#documents.get(uri);
    if (document === undefined) return null;
    const changed = TextDocument.update(document, [...changes], version);
    this.#documents.set(uri, changed);
    return changed.getText();
  }

  close(uri: string): void {
    this.#documents.delete(uri);
  }

  /** Null for a document that is not open. */
  versionOf(uri: string): number | null {
    return this.#documents.get(uri)?.version ?? null;
  }

  textOf(uri: string): string | null {
    return this.#documents.get(uri)?.getText() ?? null;
  }
}
