import type { AnyCommand } from './command.js';

/** A command before it is loaded: enough for the list in `vmc --help`. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<AnyCommand>;
}

/** Every command, in the order of the help; each is loaded only when it is the one to run. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'explain',
    summary: 'the page of a diagnostic',
    load: async () => (await import('./commands/explain.js')).explainCommand,
  },
];
