import { type DocumentHighlight, DocumentHighlightKind, type Location } from 'vscode-languageserver';
import { declarationsNamed, type Project } from '../document/declarations.js';
import { type NameUse, nameAt, namesIn, unquoted } from '../document/names.js';
import type { PolicyText } from '../document/policy-text.js';

const locationOf = (text: PolicyText, { span }: NameUse): Location => ({
  uri: text.uri,
  range: text.range(span),
});

/** Where the name at an offset is declared; several places where it is declared twice. */
export function definitionsAt(text: PolicyText, offset: number, project: Project): readonly Location[] {
  const name = nameAt(text, offset);
  if (name === null) return [];
  return declarationsNamed(project, name.text).map(({ text: owner, use }) => locationOf(owner, use));
}

/** The path in the `import` at an offset, as written; null elsewhere. */
export function importedPathAt(text: PolicyText, offset: number): string | null {
  const index = text.tokenAt(offset);
  const terminal = index === null ? null : text.reading.terminals[index];
  const token = index === null ? undefined : text.reading.tokens[index];
  return terminal?.kind === 'text' && terminal.content === 'path' && token ? unquoted(token) : null;
}

/** Every place of a project that names the same as the one at an offset. */
export function referencesAt(
  text: PolicyText,
  offset: number,
  project: Project,
  includeDeclaration: boolean,
): readonly Location[] {
  const name = nameAt(text, offset);
  if (name === null) return [];
  return project.texts.flatMap((owner) =>
    usesOf(owner, name.text)
      .filter(({ declares }) => includeDeclaration || declares === null)
      .map((use) => locationOf(owner, use)),
  );
}

/** The same within one text; declarations count as written. */
export function highlightsAt(text: PolicyText, offset: number): readonly DocumentHighlight[] {
  const name = nameAt(text, offset);
  if (name === null) return [];
  return usesOf(text, name.text).map(({ span, declares }) => ({
    range: text.range(span),
    kind: declares === null ? DocumentHighlightKind.Read : DocumentHighlightKind.Write,
  }));
}

/** Declarations and uses of a name in one text. */
export const usesOf = (text: PolicyText, name: string): readonly NameUse[] =>
  namesIn(text).filter((use) => use.text === name);
