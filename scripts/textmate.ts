/*
 * Writes the editor extension's grammar from the words of the language (`npm run textmate`); with --check it only says
 * whether it is current.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/support/package-root.js';
import { textmateGrammar } from './lib/textmate-grammar.js';

const NAME = 'editors/vscode/syntaxes/vmc.tmLanguage.json';
const file = join(packageRoot(), NAME);
const text = `${JSON.stringify(textmateGrammar(), null, 2)}\n`;
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readOrEmpty(file) !== text) {
  console.error(`${NAME} is not current: npm run textmate`);
  process.exitCode = 1;
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
