/*
 * Writes the editor extension's grammar from the words of the language (`npm run textmate`); with --check it only says
 * whether it is current.
 */
import { publish } from './lib/generated-files.js';
import { textmateGrammar } from './lib/textmate-grammar.js';

const text = `${JSON.stringify(textmateGrammar(), null, 2)}\n`;
publish(new Map([['editors/vscode/syntaxes/vmc.tmLanguage.json', text]]), 'npm run textmate');
