import type { NameUse } from './names.js';
import { namesIn } from './names.js';
import type { PolicyText } from './policy-text.js';

/** The texts that share one namespace: a file with all that it imports, and with what imports it. */
export interface Project {
  readonly texts: readonly PolicyText[];
}

/** A declaration and where it is. */
export interface Declared {
  readonly text: PolicyText;
  readonly use: NameUse & { readonly declares: NonNullable<NameUse['declares']> };
}

/** Everything that a project declares, in the order of its files and texts; a name may be declared twice. */
export function declarationsOf({ texts }: Project): readonly Declared[] {
  return texts.flatMap((text) =>
    namesIn(text).flatMap((use) =>
      use.declares === null ? [] : [{ text, use: { ...use, declares: use.declares } }],
    ),
  );
}

/** The declarations of one name. */
export const declarationsNamed = (project: Project, name: string): readonly Declared[] =>
  declarationsOf(project).filter(({ use }) => use.text === name);

/** A sentence on one line, without comments; cut off after `most` characters. */
export function sentenceText(text: PolicyText, index: number, most = 200): string {
  const sentence = text.reading.sentences[index];
  if (sentence === undefined) return '';
  const { start, end } = text.spanOf(sentence);
  const line = text.text
    .slice(start, end)
    .replace(PIECE, (_, quoted: string | undefined) => quoted ?? ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

const PIECE = /("(?:[^"\\\n]|\\.)*")|#[^\n]*|[ \t\r\n]+/g;
