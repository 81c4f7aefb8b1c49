import { writeFileSync } from 'node:fs';
import { refusal } from './command-error.js';

/** Writes a file that was asked for, or says why not. */
export function writeOrRefuse(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code = 'EIO', message } = error as NodeJS.ErrnoException;
    throw refusal(code, `cannot write ${file}: ${message}`);
  }
}
