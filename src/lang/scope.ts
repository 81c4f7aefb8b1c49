import { CLASS_SIGNALS, PUSHED_TYPES, SIGNALS, type SignalType } from './signals.js';
import { eachStatement } from './traversal.js';
import {
  ANY_NAME,
  type ClassDeclaration,
  type Constraint,
  type LetDeclaration,
  type Policy,
  type SignalDeclaration,
  type SignalReference,
  type Statement,
  type SwitchDeclaration,
  type UnionDeclaration,
} from './tree.js';
import { writtenName } from './words.js';

export type OfferSentence = Extract<Constraint, { kind: 'offer' }>;

export type Named =
  | ClassDeclaration
  | UnionDeclaration
  | OfferSentence
  | LetDeclaration
  | SwitchDeclaration
  | SignalDeclaration;

/** The names of a policy: classes, unions, offers, conditions, switches and signals share one namespace. */
export class Scope {
  readonly #byName = new Map<string, Named[]>();
  readonly #lost: ReadonlySet<string>;
  #classes: readonly ClassDeclaration[] | null = null;

  constructor(policy: Policy) {
    this.#lost = policy.lostNames;
    eachStatement(policy, (statement) => {
      if (isNamed(statement)) this.#declare(statement);
    });
  }

  #declare(declaration: Named): void {
    const known = this.#byName.get(declaration.name.text);
    if (known === undefined) this.#byName.set(declaration.name.text, [declaration]);
    else known.push(declaration);
  }

  /** What a name stands for (the first, where it is declared twice); null when nothing has that name. */
  find(name: string): Named | null {
    return this.#byName.get(name)?.[0] ?? null;
  }

  /** Declared by something that could not be read: nothing can be said about it. */
  isLost(name: string): boolean {
    return this.#lost.has(name) || this.#lost.has(ANY_NAME);
  }

  /** The class that has exactly this pattern for the names of its guests; null when none has. */
  classOfPattern(pattern: string): string | null {
    for (const [name, [first]] of this.#byName) {
      if (first?.kind === 'class' && matchesName(first, pattern)) return name;
    }
    return null;
  }

  /** All classes, in the order in which guests are matched. */
  classes(): readonly ClassDeclaration[] {
    this.#classes ??= [...this.#byName.values()].flatMap(([first]) =>
      first?.kind === 'class' ? [first] : [],
    );
    return this.#classes;
  }

  /**
   * The classes that a class or a union stands for, each once, which may be all there are; none for any other name.
   * Circles of unions are cut.
   */
  classesOf(name: string): readonly ClassDeclaration[] {
    const classes = new Set<ClassDeclaration>();
    const seen = new Set<string>();
    const waiting = [name];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const declared = this.find(next);
      if (declared?.kind === 'class') classes.add(declared);
      // The last one in is looked at first.
      if (declared?.kind === 'union')
        for (const { text } of declared.members.toReversed()) waiting.push(text);
    }
    return [...classes];
  }

  /** Names of the given kinds, for suggestions. */
  namesOf(...kinds: readonly Named['kind'][]): readonly string[] {
    return [...this.#byName].flatMap(([name, [first]]) =>
      first && kinds.includes(first.kind) ? [name] : [],
    );
  }

  /** All declarations of each name that has more than one. */
  duplicates(): readonly (readonly Named[])[] {
    return [...this.#byName.values()].filter((declarations) => declarations.length > 1);
  }

  /** Null for what is no signal. The head of a class signal is looked up as a class or union. */
  signalType(signal: SignalReference): SignalType | null {
    if (signal.head.kind !== 'named') return SIGNALS.get(signalName(signal)) ?? null;
    const declared = this.find(signal.head.name.text);
    if (signal.path.length === 0) {
      return declared?.kind === 'signal' ? (PUSHED_TYPES.get(declared.type.text) ?? null) : null;
    }
    const isGuests = declared?.kind === 'class' || declared?.kind === 'union';
    return isGuests ? (CLASS_SIGNALS.get(signal.path.join('.')) ?? null) : null;
  }
}

const matchesName = ({ properties }: ClassDeclaration, pattern: string): boolean =>
  properties.some(
    (property) =>
      property.kind === 'match' &&
      property.tests.some((test) => test.attribute.text === 'name' && test.pattern.text === pattern),
  );

/** Canonical: `owner.demand`, `batch.cpu`, `price`; a name that is no bare name stays quoted. */
export function signalName(signal: SignalReference): string {
  const head = signal.head.kind === 'named' ? writtenName(signal.head.name.text) : signal.head.kind;
  return [head, ...signal.path].join('.');
}

const NAMED: ReadonlySet<Statement['kind']> = new Set<Named['kind']>([
  'class',
  'union',
  'offer',
  'let',
  'switch',
  'signal',
]);

export const isNamed = (statement: Statement): statement is Named => NAMED.has(statement.kind);

/** What a name stands for, in the words of a message. */
export const KIND_WORDS: Readonly<Record<Named['kind'], string>> = {
  class: 'a class of guests',
  union: 'a union of classes',
  offer: 'an offer',
  let: 'a condition',
  switch: 'a switch',
  signal: 'a signal',
};
