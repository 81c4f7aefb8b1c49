import { window, workspace } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';
import { hostFacts, vmcPath } from './settings.js';

/** `vmc lsp`, as long as the editor has policies open. */
export class ServerClient {
  #client: LanguageClient | null = null;

  /** A binary that cannot be started is told to the user, with what to do. */
  async start(): Promise<void> {
    const command = vmcPath();
    const client = new LanguageClient(
      'vmc',
      'vmc',
      { command, args: ['lsp'] },
      {
        documentSelector: [{ language: 'vmc' }],
        initializationOptions: { hostFacts: hostFacts() },
        synchronize: { fileEvents: workspace.createFileSystemWatcher('**/*.vmc') },
      },
    );
    this.#client = client;
    try {
      await client.start();
    } catch (error) {
      this.#client = null;
      const reason = error instanceof Error ? error.message : String(error);
      void window.showErrorMessage(
        `${command} lsp does not start (${reason}): is vmc.path set to the vmc binary?`,
      );
    }
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.stop();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }
}
