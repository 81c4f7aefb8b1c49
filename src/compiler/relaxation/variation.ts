import type { GuestClass, Sentence } from '../../lang/model.js';

/** What becomes of a declaration. */
type Redeclare = (declared: GuestClass) => GuestClass;

/** What is different of a policy: sentences by index, null where one is left out, and classes by name. */
export interface Variation {
  readonly sentences: ReadonlyMap<number, Sentence | null>;
  readonly classes: ReadonlyMap<string, Redeclare>;
}

export const withSentence = (index: number, sentence: Sentence | null): Variation => ({
  sentences: new Map([[index, sentence]]),
  classes: new Map(),
});

export const withClass = (name: string, as: Redeclare): Variation => ({
  sentences: new Map(),
  classes: new Map([[name, as]]),
});

/** All of them. */
export function combined(all: readonly Variation[]): Variation {
  const classes = new Map<string, Redeclare>();
  for (const [name, as] of all.flatMap((one) => [...one.classes])) {
    const before = classes.get(name);
    classes.set(name, before ? (declared) => as(before(declared)) : as);
  }
  return { sentences: new Map(all.flatMap(({ sentences }) => [...sentences])), classes };
}
