import { nearest } from '../../lang/did-you-mean.js';
import type { GuestClass, Matcher, Model, Place } from '../../lang/model.js';
import { joinWords, sizeText } from '../render/render-text.js';
import { nameKey } from '../subject-key.js';
import { declarationText } from './view.js';

export type ExplainedKind = 'vm' | 'group' | 'union' | 'offer' | 'guests' | 'others' | 'owner';

/** Who is explained. */
export interface ExplainedSubject {
  /** Name as the plan has it. */
  readonly key: string;
  readonly kind: ExplainedKind;
  /** "group batch up to 6 vms: 1 vCPU each; those of user "grid"". */
  readonly who: string;
  readonly place: Place | null;
}

/**
 * The subjects of a policy, in the order of the text, the built-in ones last. `model` is as written, without
 * what offers come to.
 */
export function subjectsIn(model: Model): readonly ExplainedSubject[] {
  const offers = model.sentences.flatMap((one) => (one.kind === 'offer' ? [one] : []));
  return [
    ...model.classes.map(
      (one): ExplainedSubject => ({
        key: nameKey(one.name),
        kind: one.kind,
        who: `${declarationText(one)}: ${sizeOf(one)}; ${matchText(one)}`,
        place: one.place,
      }),
    ),
    ...model.unions.map(
      ({ name, members, place }): ExplainedSubject => ({
        key: nameKey(name),
        kind: 'union',
        who: `group ${nameKey(name)}: all guests of ${joinWords(members.map(nameKey))}`,
        place,
      }),
    ),
    ...offers.map(
      ({ name, count, vcpus, memoryBytes, place }): ExplainedSubject => ({
        key: nameKey(name),
        kind: 'offer',
        who: `offer ${nameKey(name)}: ${count} ${count === 1 ? 'guest' : 'guests'} to be had on request, ${sizeOf({ vcpus, memoryBytes, maxGuests: count })}`,
        place,
      }),
    ),
    { key: 'guests', kind: 'guests', who: 'guests: all guests together', place: null },
    { key: 'others', kind: 'others', who: 'others: guests that belong to no class', place: null },
    { key: 'owner', kind: 'owner', who: 'owner: everything that is not a guest', place: null },
  ];
}

/** By name, in quotes or without; null: there is none. */
export function findSubject(name: string, model: Model): ExplainedSubject | null {
  const all = subjectsIn(model);
  const plain = /^".*"$/s.test(name) ? name : nameKey(name);
  return all.find(({ key }) => key === name) ?? all.find(({ key }) => key === plain) ?? null;
}

/** What a name that is none may have meant. */
export const subjectMeant = (name: string, model: Model): string | null =>
  nearest(
    name,
    subjectsIn(model).map(({ key }) => key),
  ) ?? null;

function sizeOf({
  vcpus,
  memoryBytes,
  maxGuests,
}: Pick<GuestClass, 'vcpus' | 'memoryBytes' | 'maxGuests'>): string {
  const memory = memoryBytes === null ? '' : ` and ${sizeText(Number(memoryBytes))} of memory`;
  return `${vcpus} ${vcpus === 1 ? 'vCPU' : 'vCPUs'}${memory}${maxGuests > 1 ? ' each' : ''}`;
}

/** "guests whose name is "video" and whose user is alice". */
function matchText({ matchers }: GuestClass): string {
  const texts = matchers.map((all) => all.map(matcherText).join(' and '));
  return `a guest belongs to it by ${texts.join(', or by ')}`;
}

const matcherText = ({ attribute, pattern }: Matcher): string => `${attribute} ${JSON.stringify(pattern)}`;
