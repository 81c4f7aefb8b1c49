import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import {
  commands,
  Disposable,
  EventEmitter,
  type TextDocument,
  type TextDocumentContentProvider,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import { hostFacts, vmcPath } from './settings.js';

const SCHEME = 'vmc-plan';

/** Plans as read-only documents, by the policy they are of. */
class PlanTexts implements TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  set(uri: Uri, text: string): void {
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
  }
}

/** The command "vmc: Compile and Show Plan": what `vmc compile` says of the policy in front, beside it. */
export function registerShowPlan(): Disposable {
  const plans = new PlanTexts();
  return Disposable.from(
    workspace.registerTextDocumentContentProvider(SCHEME, plans),
    commands.registerCommand('vmc.showPlan', () => showPlan(plans)),
  );
}

async function showPlan(plans: PlanTexts): Promise<void> {
  const policy = window.activeTextEditor?.document;
  if (policy === undefined || policy.languageId !== 'vmc') return;
  const uri = Uri.from({ scheme: SCHEME, path: `${policy.uri.path}.plan` });
  plans.set(uri, await compiled(policy));
  const document = await workspace.openTextDocument(uri);
  await window.showTextDocument(document, {
    preview: true,
    viewColumn: ViewColumn.Beside,
    preserveFocus: true,
  });
}

/** The text of the plan, and what the compiler has to say; the policy as it is in the editor, saved or not. */
function compiled(policy: TextDocument): Promise<string> {
  const facts = hostFacts();
  const isSaved = policy.uri.scheme === 'file' && !policy.isDirty;
  const file = isSaved ? policy.uri.fsPath : '-';
  const args = ['compile', '--color', 'never', ...(facts === '' ? [] : ['--host', facts]), file];
  const cwd = policy.uri.scheme === 'file' ? dirname(policy.uri.fsPath) : undefined;
  return new Promise((resolve) => {
    const child = execFile(vmcPath(), args, { cwd }, (error, stdout, stderr) => {
      const failed = error !== null && stdout === '' && stderr === '';
      resolve(failed ? error.message : [stderr, stdout].filter(Boolean).join('\n'));
    });
    child.stdin?.end(isSaved ? '' : policy.getText());
  });
}
