import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Connection,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { checkPolicy } from '../../lang/analyse.js';
import type { Diagnostic, Fix } from '../../lang/index.js';
import { fixAll, fixesBetween } from '../check/code-actions.js';
import type { PolicyText } from '../document/policy-text.js';
import { fileOf } from '../workspace/file-uri.js';
import { workspaceEdit } from './handle-questions.js';
import type { Session } from './session.js';

/** Offers the fixes of what is wrong where the cursor is, and all at once for the file. */
export function handleCodeActions(connection: Connection, session: Session): void {
  connection.onCodeAction(({ textDocument: { uri }, range, context }: CodeActionParams) => {
    const file = fileOf(uri);
    const text = session.workspace.textOf(file);
    if (text === null) return [];
    // What was typed last may not have been checked yet, and fixes are for what is there.
    session.flush();
    const diagnostics = session.checks.diagnosticsOf(file);
    const isWanted = (kind: string): boolean =>
      context.only === undefined || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
    return [
      ...(isWanted(CodeActionKind.QuickFix) ? quickFixes(session, text, diagnostics, range) : []),
      ...(isWanted(CodeActionKind.SourceFixAll) ? allFixes(session, text, file, diagnostics) : []),
    ];
  });
}

function quickFixes(
  session: Session,
  text: PolicyText,
  diagnostics: readonly Diagnostic[],
  range: CodeActionParams['range'],
): readonly CodeAction[] {
  const found = fixesBetween(diagnostics, text.offsetAt(range.start), text.offsetAt(range.end));
  return found.map(({ diagnostic, fix }) => ({
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    isPreferred: found.length === 1,
    diagnostics: [session.publisher.inProtocol(diagnostic)],
    edit: editOf(session, [fix]),
  }));
}

function allFixes(
  session: Session,
  text: PolicyText,
  file: string,
  diagnostics: readonly Diagnostic[],
): readonly CodeAction[] {
  const readImport = session.workspace.readImport;
  const mistakesIn = (changed: string): number =>
    checkPolicy({ file, text: changed }, { readImport }).diagnostics.filter((each) => each.file === file)
      .length;
  const fixes = fixAll(diagnostics, text.text, mistakesIn);
  if (fixes === null) return [];
  const title = `Fix what can be fixed (${fixes.length})`;
  return [{ title, kind: CodeActionKind.SourceFixAll, edit: editOf(session, fixes) }];
}

function editOf(session: Session, fixes: readonly Fix[]): WorkspaceEdit {
  const edits = new Map<string, TextEdit[]>();
  for (const { file, range, text } of fixes.flatMap((fix) => fix.edits)) {
    const uri = session.publisher.uriOf(file);
    const own = edits.get(uri) ?? [];
    edits.set(uri, own);
    own.push({ range: session.publisher.rangeIn(file, range), newText: text });
  }
  return workspaceEdit(session, edits);
}
