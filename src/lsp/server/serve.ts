import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
} from 'vscode-languageserver';
import { createConnection } from 'vscode-languageserver/node';
import { CAPABILITIES } from './capabilities.js';
import { hostFactsIn } from './client.js';
import { handleCodeActions } from './handle-code-actions.js';
import { handleQuestions } from './handle-questions.js';
import { type ServerOptions, Session } from './session.js';

/** Identity for clients' logs. */
interface ServerInfo {
  readonly name: string;
  readonly version: string;
}

/**
 * The language server on standard input and output, until the client says `exit` (exit code 0 after `shutdown`, else 1),
 * ends the stream or is gone. Never resolves. Nothing else may write to standard output meanwhile.
 */
export function serve(info: ServerInfo, options: ServerOptions): Promise<never> {
  const connection = createConnection(process.stdin, process.stdout);
  const session = new Session(connection, options);
  handleLifeCycle(connection, session, info);
  handleDocuments(connection, session);
  handleQuestions(connection, session);
  handleCodeActions(connection, session);
  connection.listen();
  return new Promise(() => {});
}

function handleLifeCycle(connection: Connection, session: Session, info: ServerInfo): void {
  connection.onInitialize((params) => {
    session.begin(params);
    return { capabilities: CAPABILITIES, serverInfo: info };
  });
  connection.onInitialized(async () => {
    await Promise.all([register(connection, session), useSettings(connection, session, null)]);
  });
  connection.onDidChangeConfiguration(({ settings }) => useSettings(connection, session, settings));
  connection.onShutdown(() => session.end());
}

/** What is not fixed at the start is asked of the clients that can be asked. */
async function register(connection: Connection, { client, workspace }: Session): Promise<void> {
  if (client?.configuration) {
    await connection.client.register(DidChangeConfigurationNotification.type, { section: SECTION });
  }
  if (client?.watchedFiles) {
    const watchers = [{ globPattern: '**/*.vmc' }];
    await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  }
  if (!client?.workspaceFolders) return;
  connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
    workspace.addFolders(added.map(({ uri }) => uri));
    workspace.removeFolders(removed.map(({ uri }) => uri));
  });
}

const SECTION = 'vmc';

/** The host to compile for: as the client is set now, as it was set at the start, or as the command line says. */
async function useSettings(connection: Connection, session: Session, pushed: unknown): Promise<void> {
  const settings = session.client?.configuration
    ? await connection.workspace.getConfiguration(SECTION)
    : sectionOf(pushed);
  await session.useFacts(hostFactsIn(settings) ?? session.client?.hostFacts ?? null);
}

const sectionOf = (settings: unknown): unknown =>
  typeof settings === 'object' && settings !== null && SECTION in settings ? settings[SECTION] : settings;

function handleDocuments(connection: Connection, session: Session): void {
  connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) =>
    session.open(uri, version, text),
  );
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) =>
    session.change(uri, version, contentChanges),
  );
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => session.close(uri));
  connection.onDidChangeWatchedFiles(({ changes }) => session.refresh(changes.map(({ uri }) => uri)));
}
