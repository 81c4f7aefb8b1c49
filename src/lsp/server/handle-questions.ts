import { dirname, join } from 'node:path';
import {
  type Connection,
  LSPErrorCodes,
  type Position,
  ResponseError,
  type TextDocumentIdentifier,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { diagnosticPage } from '../check/diagnostic-pages.js';
import type { Project } from '../document/declarations.js';
import type { PolicyText } from '../document/policy-text.js';
import { complete } from '../features/completion/complete.js';
import { foldingRangesOf } from '../features/folding.js';
import { formattingEdits } from '../features/format-edits.js';
import { hoverAt } from '../features/hover/hover.js';
import { definitionsAt, highlightsAt, importedPathAt, referencesAt } from '../features/navigate.js';
import { type RenameRefusal, renameAt, renameableAt } from '../features/rename.js';
import { selectionRangeAt } from '../features/selection-ranges.js';
import { semanticTokensOf } from '../features/semantic-tokens.js';
import { symbolsOf } from '../features/symbols.js';
import { fileOf } from '../workspace/file-uri.js';
import { protocolCompletions } from './protocol-completion.js';
import type { Session } from './session.js';

/** A document that is asked about, as it is now. */
interface Asked {
  readonly text: PolicyText;
  readonly file: string;
  readonly project: Project;
}

/** What is asked about a place of a document. */
interface AskedAt extends Asked {
  readonly offset: number;
}

interface DocumentParams {
  readonly textDocument: TextDocumentIdentifier;
}
interface PositionParams extends DocumentParams {
  readonly position: Position;
}

/** Answers what a client asks about documents and places in them. */
export function handleQuestions(connection: Connection, session: Session): void {
  const { workspace, checks } = session;

  const asked = ({ textDocument: { uri } }: DocumentParams): Asked | null => {
    const file = fileOf(uri);
    const text = workspace.textOf(file);
    return text === null ? null : { text, file, project: workspace.projectOf(file) };
  };
  const about =
    <P extends DocumentParams, A>(answer: (asked: Asked, params: P) => A) =>
    (params: P): A | null => {
      const document = asked(params);
      return document === null ? null : answer(document, params);
    };
  const at = <P extends PositionParams, A>(answer: (asked: AskedAt, params: P) => A) =>
    about<P, A>((document, params) =>
      answer({ ...document, offset: document.text.offsetAt(params.position) }, params),
    );

  connection.onCompletion(
    at(({ text, offset, project, file }) => {
      const importable = () => workspace.importableFrom(file);
      const completions = complete(text, offset, project, { importable });
      return protocolCompletions(text, completions, session.client?.snippets ?? false);
    }),
  );
  connection.onHover(
    at(({ text, offset, project, file }) =>
      hoverAt(text, offset, project, {
        compiled: (start) => checks.compiledAt(file, start),
        diagnostics: checks.diagnosticsOf(file),
        page: diagnosticPage,
      }),
    ),
  );
  connection.onDefinition(
    at(({ text, offset, project, file }) => {
      const imported = importedPathAt(text, offset);
      if (imported === null) return [...definitionsAt(text, offset, project)];
      const target = workspace.textOf(join(dirname(file), imported));
      const start = { line: 0, character: 0 };
      return target === null ? [] : [{ uri: target.uri, range: { start, end: start } }];
    }),
  );
  connection.onReferences(
    at(
      (
        { text, offset, project },
        { context }: PositionParams & { context: { includeDeclaration: boolean } },
      ) => [...referencesAt(text, offset, project, context.includeDeclaration)],
    ),
  );
  connection.onDocumentHighlight(at(({ text, offset }) => [...highlightsAt(text, offset)]));
  connection.onPrepareRename(
    at(({ text, offset, project }) => orRefuse(renameableAt(text, offset, project))),
  );
  connection.onRenameRequest(
    at(({ text, offset, project }, { newName }: PositionParams & { newName: string }) =>
      workspaceEdit(session, orRefuse(renameAt(text, offset, project, newName)).edits),
    ),
  );
  connection.onDocumentSymbol(about(({ text }) => [...symbolsOf(text)]));
  connection.onFoldingRanges(about(({ text }) => [...foldingRangesOf(text)]));
  connection.onSelectionRanges(
    about(({ text }, { positions }: DocumentParams & { positions: Position[] }) =>
      positions.map((position) => selectionRangeAt(text, text.offsetAt(position))),
    ),
  );
  connection.languages.semanticTokens.on(
    (params) =>
      about(({ text, project }) => ({ data: semanticTokensOf(text, project) }))(params) ?? { data: [] },
  );
  connection.onDocumentFormatting(
    about(({ text }) => {
      const edits = formattingEdits(text);
      return edits === null ? refuse('a policy with syntax errors is left as it is') : [...edits];
    }),
  );
}

function orRefuse<T extends object>(answer: T | RenameRefusal): T {
  return 'refusal' in answer ? refuse(answer.refusal) : answer;
}

/** An answer that editors show as it is. */
function refuse(message: string): never {
  throw new ResponseError(LSPErrorCodes.RequestFailed, message);
}

/** With versions, where the client understands them: an edit of what has changed meanwhile is then not made. */
export function workspaceEdit(
  { client, documents }: Session,
  edits: ReadonlyMap<string, readonly TextEdit[]>,
): WorkspaceEdit {
  if (!client?.versionedEdits) {
    return { changes: Object.fromEntries([...edits].map(([uri, own]) => [uri, [...own]])) };
  }
  return {
    documentChanges: [...edits].map(([uri, own]) => ({
      textDocument: { uri, version: documents.versionOf(uri) },
      edits: [...own],
    })),
  };
}
