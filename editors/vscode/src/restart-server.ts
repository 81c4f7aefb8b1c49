import { commands, type Disposable } from 'vscode';
import type { ServerClient } from './server-client.js';

/** The command "vmc: Restart Server". */
export const registerRestart = (client: ServerClient): Disposable =>
  commands.registerCommand('vmc.restartServer', () => client.restart());
