import {
  Alternation,
  type ILookaheadStrategy,
  type IProduction,
  NonTerminal,
  Option,
  type OptionalProductionType,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
  Terminal,
  type TokenType,
} from 'chevrotain';
import { invariant } from '../support/invariant.js';

/** A parser that says which type the next token has; Chevrotain's own look-ahead is protected. */
export interface LooksAhead {
  nextTypeIndex(): number;
}

/** An alternative as a rule states it. */
interface Gated {
  readonly GATE?: (this: unknown) => boolean;
}

/** A part of a rule that holds other parts. */
type Holder = IProduction & { readonly definition: readonly IProduction[]; readonly idx?: number };

/** Indices of the token types with which a part can begin; those of a category's members stand for the category. */
interface First {
  readonly types: ReadonlySet<number>;
  readonly isNullable: boolean;
}

const OPTIONALS: Readonly<Record<OptionalProductionType, new (options: never) => Holder>> = {
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
};

/**
 * One token of look-ahead, worked out where it is first needed. The grammar needs no more than one (a test has
 * Chevrotain's validation prove it); finding that out at start-up for every choice in the grammar, as Chevrotain does,
 * takes longer than compiling a small policy.
 */
export class LazyLookahead implements ILookaheadStrategy {
  readonly #firsts = new Map<Rule, First>();

  /** Nothing to say: grammars are validated with Chevrotain's own strategy, in tests. */
  validate(): [] {
    return [];
  }

  buildLookaheadForAlternation({ prodOccurrence, rule }: { prodOccurrence: number; rule: Rule }) {
    let choices: ReadonlyMap<number, readonly number[]> | null = null;
    const build = () => this.#choicesOf(find(rule, Alternation, prodOccurrence));
    return function (this: unknown, alternatives: readonly Gated[] = []): number | undefined {
      choices ??= build();
      const possible = choices.get((this as LooksAhead).nextTypeIndex());
      if (possible === undefined || possible.length === 1) return possible?.[0];
      return possible.find((index) => alternatives[index]?.GATE?.call(this) ?? true);
    };
  }

  buildLookaheadForOptional(options: {
    prodOccurrence: number;
    prodType: OptionalProductionType;
    rule: Rule;
  }): () => boolean {
    const { prodOccurrence, prodType, rule } = options;
    let types: ReadonlySet<number> | null = null;
    const build = () => this.#firstOfAll(find(rule, OPTIONALS[prodType], prodOccurrence).definition).types;
    return function (this: unknown): boolean {
      types ??= build();
      return types.has((this as LooksAhead).nextTypeIndex());
    };
  }

  /** Which alternatives a token type can begin, in order. */
  #choicesOf(alternation: Holder): ReadonlyMap<number, readonly number[]> {
    const choices = new Map<number, number[]>();
    alternation.definition.forEach((alternative, index) => {
      for (const type of this.#firstOf(alternative).types) {
        const known = choices.get(type);
        if (known === undefined) choices.set(type, [index]);
        else known.push(index);
      }
    });
    return choices;
  }

  #firstOfAll(sequence: readonly IProduction[]): First {
    const types = new Set<number>();
    for (const part of sequence) {
      const first = this.#firstOf(part);
      for (const type of first.types) types.add(type);
      if (!first.isNullable) return { types, isNullable: false };
    }
    return { types, isNullable: true };
  }

  #firstOf(part: IProduction): First {
    if (part instanceof Terminal) return { types: membersOf(part.terminalType), isNullable: false };
    if (part instanceof NonTerminal) return this.#firstOfRule(part.referencedRule);
    invariant(isHolder(part), 'a production of the grammar has parts');
    if (part instanceof Alternation) {
      const firsts = part.definition.map((alternative) => this.#firstOf(alternative));
      const types = new Set(firsts.flatMap((first) => [...first.types]));
      return { types, isNullable: firsts.some(({ isNullable }) => isNullable) };
    }
    const first = this.#firstOfAll(part.definition);
    const isOptional =
      part instanceof Option || part instanceof Repetition || part instanceof RepetitionWithSeparator;
    return isOptional ? { types: first.types, isNullable: true } : first;
  }

  #firstOfRule(rule: Rule): First {
    const known = this.#firsts.get(rule);
    if (known !== undefined) return known;
    const first = this.#firstOfAll(rule.definition);
    this.#firsts.set(rule, first);
    return first;
  }
}

function membersOf({ tokenTypeIdx, categoryMatches }: TokenType): ReadonlySet<number> {
  invariant(tokenTypeIdx !== undefined, 'createToken has given every token type its index');
  return new Set([tokenTypeIdx, ...(categoryMatches ?? [])]);
}

const isHolder = (part: IProduction): part is Holder => 'definition' in part;

/** The `idx`th part of a class within a rule, not looking into the rules that it calls. */
function find(rule: Rule, kind: new (options: never) => Holder, idx: number): Holder {
  const waiting: IProduction[] = [...rule.definition];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part instanceof kind && part.idx === idx) return part;
    if (isHolder(part) && !(part instanceof NonTerminal)) waiting.push(...part.definition);
  }
  throw invariant(false, `rule ${rule.name} has no ${kind.name} ${idx}`);
}
