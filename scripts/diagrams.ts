/*
 * Draws grammar/vmc.ne as railroad diagrams: docs/grammar.md and docs/grammar/*.svg (`npm run diagrams`). With --check
 * it only says which are not current.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/support/package-root.js';
import { publish } from './lib/generated-files.js';
import { drawSection, isNothing } from './railroad/draw-section.js';
import { readGrammar, type Section } from './railroad/grammar-source.js';

const DIRECTORY = join(packageRoot(), 'docs', 'grammar');
const INTRODUCTION = `# The grammar in diagrams

Drawn from the normative grammar, [grammar/vmc.ne](../grammar/vmc.ne), by \`npm run diagrams\`. Blue is written as it stands, grey is a rule.
White space and comments may stand between all parts that are words or signs of their own; what has to touch and what needs white space is
said in [the language](language.md#words).
`;

const sections = readGrammar(readFileSync(join(packageRoot(), 'grammar', 'vmc.ne'), 'utf8'));
const optional = new Set(
  sections
    .flatMap(({ rules }) => rules)
    .filter(({ alternatives }) => alternatives.some(isNothing) && alternatives.length > 1)
    .map(({ name }) => name),
);
/** The heading up to its first comma or colon. */
const nameOf = ({ title }: Section) => title.split(/[,:]/)[0] ?? title;
const fileOf = (section: Section) => `${nameOf(section).toLowerCase().replaceAll(' ', '-')}.svg`;

const files = new Map<string, string>([
  ['docs/grammar.md', pageOf(sections)],
  ...sections.map((section): [string, string] => [
    `docs/grammar/${fileOf(section)}`,
    drawSection(section, optional),
  ]),
]);

if (!process.argv.includes('--check')) {
  mkdirSync(DIRECTORY, { recursive: true });
  for (const name of readdirSync(DIRECTORY)) rmSync(join(DIRECTORY, name));
}
publish(files, 'npm run diagrams');

function pageOf(all: readonly Section[]): string {
  const parts = all.map(
    (section) => `\n## ${nameOf(section)}\n\n![${nameOf(section)}](grammar/${fileOf(section)})\n`,
  );
  return INTRODUCTION + parts.join('');
}
