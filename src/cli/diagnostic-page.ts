import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../lang/did-you-mean.js';
import { packageRoot } from '../support/package-root.js';
import type { CommandResult } from './command.js';
import { usageError } from './command-error.js';
import { ExitCode } from './exit-code.js';

/** The page docs/errors/CODE.md; exit code 3 for what is no code, with the near miss. */
export function diagnosticPage(code: string): CommandResult {
  const directory = join(packageRoot(), 'docs', 'errors');
  const name = code.toUpperCase();
  const page = join(directory, `${name}.md`);
  if (!/^VMC\d{4}$/.test(name) || !existsSync(page)) throw unknownCode(code, directory);
  const text = readFileSync(page, 'utf8').trimEnd();
  return { exitCode: ExitCode.done, json: { code: name, page: text }, text };
}

function unknownCode(code: string, directory: string) {
  const codes = existsSync(directory) ? readdirSync(directory).map((file) => file.replace(/\.md$/, '')) : [];
  const meant = nearest(code.toUpperCase(), codes);
  return usageError(`there is no diagnostic ${code}`, meant ? `did you mean ${meant}?` : undefined);
}
