import type { Range, TextEdit } from 'vscode-languageserver';
import { isReserved, writtenName } from '../../lang/words.js';
import { declarationsNamed, type Project } from '../document/declarations.js';
import { nameAt } from '../document/names.js';
import type { PolicyText } from '../document/policy-text.js';
import { usesOf } from './navigate.js';

/** Why a name cannot be changed (to this), in the owner's words. */
export interface RenameRefusal {
  readonly refusal: string;
}

export interface Renaming {
  /** By the uri of each text. */
  readonly edits: ReadonlyMap<string, readonly TextEdit[]>;
}

/** The name at an offset, if it can be renamed. */
export function renameableAt(
  text: PolicyText,
  offset: number,
  project: Project,
): { readonly range: Range; readonly placeholder: string } | RenameRefusal {
  const name = nameAt(text, offset);
  if (name === null) return { refusal: 'there is no name here that a policy declares' };
  if (declarationsNamed(project, name.text).length === 0) return { refusal: `nothing declares ${name.text}` };
  return { range: text.range(name.span), placeholder: name.text };
}

/** The edits that give the name at an offset another one wherever it stands. */
export function renameAt(
  text: PolicyText,
  offset: number,
  project: Project,
  typed: string,
): Renaming | RenameRefusal {
  const renameable = renameableAt(text, offset, project);
  if ('refusal' in renameable) return renameable;
  const wanted = nameFrom(typed.trim());
  if ('refusal' in wanted) return wanted;
  const { placeholder: old } = renameable;
  if (wanted.name !== old && declarationsNamed(project, wanted.name).length > 0) {
    return { refusal: `${writtenName(wanted.name)} is declared already` };
  }
  const edits = project.texts.flatMap((owner) => {
    const uses = usesOf(owner, old);
    const own = uses.map(({ span }) => ({ range: owner.range(span), newText: wanted.written }));
    return own.length === 0 ? [] : [[owner.uri, own] as const];
  });
  return { edits: new Map(edits) };
}

interface WantedName {
  readonly name: string;
  /** In quotes where it needs them. */
  readonly written: string;
}

const STRING = /^"((?:[^"\\\n\r]|\\["\\])*)"$/;

/** What was typed as a new name: bare, or as a string. */
function nameFrom(typed: string): WantedName | RenameRefusal {
  const quoted = STRING.exec(typed)?.[1];
  const name = quoted === undefined ? typed : quoted.replace(/\\(["\\])/g, '$1');
  if (name === '') return { refusal: 'a name cannot be empty' };
  if (/[\n\r]/.test(name)) return { refusal: 'a name stands on one line' };
  if (quoted === undefined && isReserved(name)) {
    return { refusal: `${name} is a word of the language; write "${name}" in quotes to have it as a name` };
  }
  return { name, written: writtenName(name) };
}
