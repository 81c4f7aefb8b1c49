import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../../lang/did-you-mean.js';
import { packageRoot } from '../../support/package-root.js';
import type { Command } from '../command.js';
import { usageError } from '../command-error.js';
import { ExitCode } from '../exit-code.js';

/** `vmc explain CODE`: the page docs/errors/CODE.md. */
export const explainCommand: Command<{ code: string }> = {
  usage: 'explain <code>',
  describe: 'The page of a diagnostic: what it means, an example, how to put it right.',
  positionals: { code: { describe: 'as in the message: VMC2001' } },
  options: {},
  examples: [['$0 explain VMC2001', 'what the code in a message stands for']],
  run: async ({ code }) => {
    const directory = join(packageRoot(), 'docs', 'errors');
    const name = code.toUpperCase();
    const page = join(directory, `${name}.md`);
    if (!/^VMC\d{4}$/.test(name) || !existsSync(page)) throw unknownCode(code, directory);
    const text = readFileSync(page, 'utf8').trimEnd();
    return { exitCode: ExitCode.done, json: { code: name, page: text }, text };
  },
};

function unknownCode(code: string, directory: string) {
  const codes = existsSync(directory) ? readdirSync(directory).map((file) => file.replace(/\.md$/, '')) : [];
  const meant = nearest(code.toUpperCase(), codes);
  return usageError(`there is no diagnostic ${code}`, meant ? `did you mean ${meant}?` : undefined);
}
