import type { InitializeParams } from 'vscode-languageserver';

/** What the server may expect of the client. */
export interface Client {
  readonly snippets: boolean;
  readonly versionedEdits: boolean;
  readonly configuration: boolean;
  readonly watchedFiles: boolean;
  /** It says which folders it adds and removes. */
  readonly workspaceFolders: boolean;
  readonly folders: readonly string[];
  /** Facts of the host to compile for, given at the start; null: none. */
  readonly hostFacts: string | null;
}

export function clientOf({
  capabilities,
  workspaceFolders,
  initializationOptions,
  ...params
}: InitializeParams): Client {
  const { textDocument, workspace } = capabilities;
  const root = params.rootUri ?? null;
  const folders = workspaceFolders?.map(({ uri }) => uri) ?? (root === null ? [] : [root]);
  return {
    snippets: textDocument?.completion?.completionItem?.snippetSupport ?? false,
    versionedEdits: workspace?.workspaceEdit?.documentChanges ?? false,
    configuration: workspace?.configuration ?? false,
    watchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false,
    workspaceFolders: workspace?.workspaceFolders ?? false,
    folders,
    hostFacts: hostFactsIn(initializationOptions),
  };
}

/** `{"hostFacts": "lab.json"}`; null where nothing of use is given. */
export function hostFactsIn(settings: unknown): string | null {
  if (typeof settings !== 'object' || settings === null || !('hostFacts' in settings)) return null;
  const { hostFacts } = settings;
  return typeof hostFacts === 'string' && hostFacts !== '' ? hostFacts : null;
}
