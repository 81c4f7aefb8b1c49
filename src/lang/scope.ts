import { CLASS_SIGNALS, SIGNALS, type SignalType } from './signals.js';
import {
  ANY_NAME,
  type ClassDeclaration,
  type Declaration,
  type LetDeclaration,
  type Policy,
  type SignalReference,
  type Statement,
  type SwitchDeclaration,
  type UnionDeclaration,
} from './tree.js';
import { writtenName } from './words.js';

export type Named = ClassDeclaration | UnionDeclaration | LetDeclaration | SwitchDeclaration;

/** The names of a policy: classes, unions, conditions and switches share one namespace. */
export class Scope {
  readonly #byName = new Map<string, Named[]>();
  readonly #lost: ReadonlySet<string>;

  constructor(policy: Policy) {
    this.#lost = policy.lostNames;
    for (const statement of policy.statements) if (isNamed(statement)) this.#declare(statement);
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

  /** Null for a signal that does not exist. The head of a class signal is looked up as a class or union. */
  signalType(signal: SignalReference): SignalType | null {
    if (signal.path.length === 0) return null;
    if (signal.head.kind !== 'named') return SIGNALS.get(signalName(signal)) ?? null;
    const declared = this.find(signal.head.name.text);
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

/** Canonical: `owner.demand`, `batch.cpu`; a class name that is no bare name stays quoted. */
export function signalName(signal: SignalReference): string {
  const head = signal.head.kind === 'named' ? writtenName(signal.head.name.text) : signal.head.kind;
  return [head, ...signal.path].join('.');
}

export function isNamed(statement: Statement): statement is Named {
  return (
    statement.kind === 'class' ||
    statement.kind === 'union' ||
    statement.kind === 'let' ||
    statement.kind === 'switch'
  );
}

/** A declaration's kind in the words of a message. */
export const KIND_WORDS: Readonly<Record<Declaration['kind'], string>> = {
  host: 'the host',
  class: 'a class of guests',
  union: 'a union of classes',
  let: 'a condition',
  switch: 'a switch',
};
