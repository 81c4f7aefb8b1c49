import type { OptionSpec } from './command.js';

/** Options that every command takes. */
export interface GlobalArguments {
  /** A command may take more forms, which it writes itself. */
  readonly format: 'text' | 'json' | 'csv';
  readonly color: 'auto' | 'always' | 'never';
  readonly quiet: boolean;
}

export const GLOBAL_OPTIONS: Readonly<Record<keyof GlobalArguments, OptionSpec>> = {
  format: {
    type: 'string',
    choices: ['text', 'json'],
    default: 'text',
    describe: 'json: one document, stable',
  },
  color: { type: 'string', choices: ['auto', 'always', 'never'], default: 'auto', describe: 'colours' },
  quiet: { type: 'boolean', alias: 'q', default: false, describe: 'only results and errors' },
};
