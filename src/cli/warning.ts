import type { Context } from './command.js';

/** Puts warnings on stderr as they come, beside every form of answer; none with `-q`. */
export const warningsOf =
  ({ stderr, quiet }: Pick<Context, 'stderr' | 'quiet'>) =>
  (message: string): void => {
    if (!quiet) stderr.write(`vmc: warning: ${message}\n`);
  };
