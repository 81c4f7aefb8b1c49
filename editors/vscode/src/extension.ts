import { type ExtensionContext, workspace } from 'vscode';
import { registerRestart } from './restart-server.js';
import { ServerClient } from './server-client.js';
import { registerShowPlan } from './show-plan.js';

let client: ServerClient | null = null;

/** Called by the editor when the first policy is opened. */
export async function activate(context: ExtensionContext): Promise<void> {
  const started = new ServerClient();
  client = started;
  context.subscriptions.push(registerRestart(started), registerShowPlan());
  context.subscriptions.push(
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('vmc.path')) void started.restart();
    }),
  );
  await started.start();
}

/** Called by the editor before it ends. */
export async function deactivate(): Promise<void> {
  await client?.stop();
}
