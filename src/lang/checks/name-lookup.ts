import { catalogue } from '../catalogue.js';
import { nearest } from '../did-you-mean.js';
import { KIND_WORDS, type Named } from '../scope.js';
import type { Name } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

/** A use of a name, and what it has to stand for there. */
export interface NameUse {
  readonly name: Name;
  readonly kinds: readonly Named['kind'][];
  /** In the words of the message: "class or union". */
  readonly wanted: string;
}

/** What a name stands for, if it is of the wanted kind; reports why not. */
export function lookUp(use: NameUse, { scope, reporter }: CheckInput): Named | null {
  const { name, kinds, wanted } = use;
  const declared = scope.find(name.text);
  const place = reporter.place(name.span);
  const written = `\`${writtenName(name.text)}\``;
  if (declared === null) {
    if (scope.isLost(name.text)) return null;
    // Looking for near misses takes time in proportion to all names: not for a mistake that nobody will see.
    const near = reporter.isFull() ? null : nearest(name.text, scope.namesOf(...kinds));
    const suggestion = near === null ? null : writtenName(near);
    const matching = reporter.isFull() || !kinds.includes('class') ? null : scope.classOfPattern(name.text);
    const matchedBy = matching === null ? null : writtenName(matching);
    reporter.add(catalogue.unknownName.at(place, { name: written, wanted, suggestion, matchedBy }));
    return null;
  }
  if (kinds.includes(declared.kind)) return declared;
  const related = [reporter.related(declared.name.span, 'declared here')];
  const is = KIND_WORDS[declared.kind];
  const article = /^[aeiou]/.test(wanted) ? 'an' : 'a';
  const parameters = { name: written, is, wanted: `${article} ${wanted}` };
  reporter.add(catalogue.wrongKind.at(place, parameters, { related }));
  return null;
}
