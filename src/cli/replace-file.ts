import { replaceFile as replace } from '../support/replace-file.js';
import { refusal } from './command-error.js';
import { reasonOf } from './system-reason.js';

/** As src/support/replace-file.ts; what keeps it from being done is a refusal (exit code 4). */
export function replaceFile(path: string, text: string): void {
  try {
    replace(path, text);
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    // Only the new file is made under another name, and only its folder can keep it from being made.
    const where = syscall === 'open' ? 'no file can be made in its folder: ' : '';
    throw refusal(code ?? 'EIO', `cannot write ${path}: ${where}${reasonOf({ message })}`);
  }
}
