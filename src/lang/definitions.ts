import type { Scope } from './scope.js';
import { bareNameOf, eachPart } from './traversal.js';
import type { ClassDeclaration, Condition, LetDeclaration, Policy, UnionDeclaration } from './tree.js';

/** Parts of a condition, names replaced: beyond this even looking at it would take too long. */
export const MAX_PARTS = 4096;
/** Definitions under each other. */
export const MAX_LEVELS = 64;

interface Extent {
  readonly parts: number;
  readonly levels: number;
}

/** A definition that leads back to itself, in order, without the repeated first one. */
export type Cycle<D> = readonly D[];

/** How the conditions and the unions of a policy are built from each other. */
export class Definitions {
  readonly conditionCycles: readonly Cycle<LetDeclaration>[];
  readonly unionCycles: readonly Cycle<UnionDeclaration>[];
  readonly #extents = new Map<string, Extent>();
  readonly #scope: Scope;
  readonly #unionOrder: readonly UnionDeclaration[];

  constructor(policy: Policy, scope: Scope) {
    this.#scope = scope;
    const lets = policy.statements.filter((statement) => statement.kind === 'let');
    const unions = policy.statements.filter((statement) => statement.kind === 'union');
    const conditions = walk(lets, (declaration) => this.#used(declaration.condition));
    this.conditionCycles = conditions.cycles;
    const unionWalk = walk(unions, (declaration) => this.#members(declaration));
    this.unionCycles = unionWalk.cycles;
    this.#unionOrder = unionWalk.order;
    for (const declaration of conditions.order) {
      if (!this.#extents.has(declaration.name.text)) {
        this.#extents.set(declaration.name.text, this.extentOf(declaration.condition));
      }
    }
  }

  /** Size of a condition with its names replaced; infinite when it is defined by itself. */
  extentOf(condition: Condition): Extent {
    let parts = 0;
    let levels = 0;
    eachPart(condition, (part) => {
      parts += 1;
      if (part.kind !== 'reference') return;
      const definition = this.#definitionOf(part);
      if (definition === null) return;
      const extent = this.#extents.get(definition.name.text) ?? ENDLESS;
      parts += extent.parts;
      levels = Math.max(levels, extent.levels + 1);
    });
    return { parts, levels };
  }

  /** Whether the names in it can be replaced at all. */
  isSound(condition: Condition): boolean {
    return isBounded(this.extentOf(condition));
  }

  /** The same of a `let`, by its name. */
  isSoundName(name: string): boolean {
    return isBounded(this.#extents.get(name) ?? ENDLESS);
  }

  /**
   * A value for each class and union by its name, a union's made of those of its members. Every definition is looked at
   * once: unions can share most of their classes, and there can be tens of thousands of each.
   */
  valuesOfSubjects<T>(
    ofClass: (declaration: ClassDeclaration) => T,
    ofUnion: (members: readonly T[]) => T,
  ): ReadonlyMap<string, T> {
    const values = new Map<string, T>();
    for (const declaration of this.#scope.classes()) values.set(declaration.name.text, ofClass(declaration));
    for (const { name, members } of this.#unionOrder) {
      if (values.has(name.text)) continue;
      const known = members.flatMap(({ text }) => {
        const value = values.get(text);
        return value === undefined ? [] : [{ value }];
      });
      values.set(name.text, ofUnion(known.map(({ value }) => value)));
    }
    return values;
  }

  #used(condition: Condition): readonly LetDeclaration[] {
    const used: LetDeclaration[] = [];
    eachPart(condition, (part) => {
      const definition = part.kind === 'reference' ? this.#definitionOf(part) : null;
      if (definition !== null) used.push(definition);
    });
    return used;
  }

  #definitionOf(reference: Extract<Condition, { kind: 'reference' }>): LetDeclaration | null {
    const name = bareNameOf(reference.signal);
    const declared = name === null ? null : this.#scope.find(name);
    return declared?.kind === 'let' ? declared : null;
  }

  #members(declaration: UnionDeclaration): readonly UnionDeclaration[] {
    return declaration.members.flatMap(({ text }) => {
      const declared = this.#scope.find(text);
      return declared?.kind === 'union' ? [declared] : [];
    });
  }
}

const ENDLESS: Extent = { parts: Number.POSITIVE_INFINITY, levels: Number.POSITIVE_INFINITY };

const isBounded = ({ parts, levels }: Extent): boolean => parts <= MAX_PARTS && levels <= MAX_LEVELS;

interface Walk<D> {
  readonly cycles: readonly Cycle<D>[];
  /** What is used stands before what uses it, as far as there are no cycles. */
  readonly order: readonly D[];
}

interface Frame<D> {
  readonly definition: D;
  readonly used: readonly D[];
  next: number;
}

/** Depth first, with a stack of its own: a file can hold a chain of tens of thousands of definitions. */
function walk<D>(definitions: readonly D[], usedBy: (definition: D) => readonly D[]): Walk<D> {
  const cycles: Cycle<D>[] = [];
  const order: D[] = [];
  const depthOf = new Map<D, number>();
  const done = new Set<D>();
  const stack: Frame<D>[] = [];
  const enter = (definition: D): void => {
    depthOf.set(definition, stack.length);
    stack.push({ definition, used: usedBy(definition), next: 0 });
  };
  for (const definition of definitions) {
    if (!done.has(definition)) enter(definition);
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const used = frame.used[frame.next++];
      if (used === undefined) {
        stack.pop();
        depthOf.delete(frame.definition);
        done.add(frame.definition);
        order.push(frame.definition);
      } else if (depthOf.has(used)) {
        cycles.push(stack.slice(depthOf.get(used)).map((each) => each.definition));
      } else if (!done.has(used)) {
        enter(used);
      }
    }
  }
  return { cycles, order };
}
