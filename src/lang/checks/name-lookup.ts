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
  /** What may be meant besides names of these kinds, as written. */
  readonly alternatives?: () => readonly string[];
  /** What to do about a name of another kind, and what could stand in its place. */
  readonly advice?: (declared: Named) => KindAdvice | null;
}

export interface KindAdvice {
  readonly text: string;
  readonly instead: string | null;
}

/** What a name stands for, if it is of the wanted kind; reports why not. */
export function lookUp(use: NameUse, input: CheckInput): Named | null {
  const declared = input.scope.find(use.name.text);
  if (declared === null) {
    if (!input.scope.isLost(use.name.text)) reportUnknown(use, input);
    return null;
  }
  if (use.kinds.includes(declared.kind)) return declared;
  reportKind(use, declared, input);
  return null;
}

function reportUnknown(
  { name, kinds, wanted, alternatives }: NameUse,
  { scope, reporter }: CheckInput,
): void {
  // Looking for near misses takes time in proportion to all names: not for a mistake that nobody will see.
  const isSeen = !reporter.isFull();
  const near = isSeen ? nearest(name.text, scope.namesOf(...kinds)) : null;
  const suggestion = alternatives?.()[0] ?? (near === null ? null : writtenName(near));
  const matching = isSeen && kinds.includes('class') ? scope.classOfPattern(name.text) : null;
  const matchedBy = matching === null ? null : writtenName(matching);
  const meant = matchedBy ?? suggestion;
  const parameters = { name: `\`${writtenName(name.text)}\``, wanted, suggestion, matchedBy };
  const extras = meant === null ? {} : { fix: reporter.replacement(name.span, meant) };
  reporter.add(catalogue.unknownName.at(reporter.place(name.span), parameters, extras));
}

function reportKind({ name, wanted, advice }: NameUse, declared: Named, { reporter }: CheckInput): void {
  const related = [reporter.related(declared.name.span, 'declared here')];
  const article = /^[aeiou]/.test(wanted) ? 'an' : 'a';
  const advised = advice?.(declared) ?? null;
  const parameters = {
    name: `\`${writtenName(name.text)}\``,
    is: KIND_WORDS[declared.kind],
    wanted: `${article} ${wanted}`,
    advice: advised?.text ?? null,
  };
  const instead = advised?.instead ?? null;
  const fix = instead === null ? {} : { fix: reporter.replacement(name.span, instead) };
  reporter.add(catalogue.wrongKind.at(reporter.place(name.span), parameters, { related, ...fix }));
}
