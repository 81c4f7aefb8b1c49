import type { IParserErrorMessageProvider, IToken, TokenType } from 'chevrotain';

/** A place where the text does not follow the grammar, as the parser met it; syntax-diagnostic.ts words it. */
export type SyntaxProblem = Mismatch | Stray | Unclosed | LonelyOtherwise | TooMany;

export interface Mismatch {
  readonly kind: 'mismatch';
  /** Where the text departs from the grammar; the end-of-file token at the end. */
  readonly token: IToken;
  readonly previous: IToken | null;
  /** What could have stood there. */
  readonly expected: readonly TokenType[];
  /** Names of the grammar rules under way, outermost first. */
  readonly rules: readonly string[];
  /** What could not be read; null where reading went on in its midst. */
  readonly region: Region | null;
  /** The same with the sentence before, on whose last line it begins; else null. */
  readonly joined: Region | null;
}

/** A word or sign where a sentence (or a property, within `rule`) should begin. */
export interface Stray {
  readonly kind: 'stray';
  readonly token: IToken;
  readonly previous: IToken | null;
  readonly rule: BodyRule;
  /** From the token to where reading goes on. */
  readonly region: Region;
  /** The same with the sentence before; null when there is none. */
  readonly joined: Region | null;
}

export interface Unclosed {
  readonly kind: 'unclosed';
  readonly open: IToken;
  readonly token: IToken;
  readonly previous: IToken | null;
  /** How many braces are open there in all. */
  count: number;
}

export interface LonelyOtherwise {
  readonly kind: 'lonely-otherwise';
  readonly token: IToken;
}

export interface TooMany {
  readonly kind: 'too-many';
  readonly token: IToken;
}

/** The rules in which a mistake is caught: what follows is read as if it had not been made. */
export type GuardedRule =
  | 'statement'
  | 'hostProperty'
  | 'classProperty'
  | 'offerTerm'
  | 'testLine'
  | 'condition';

/** A part of the text, and as what it should be read. */
export interface Region {
  readonly rule: GuardedRule;
  readonly start: number;
  readonly end: number;
}

/** The rules that hold a list of sentences or properties. */
export type BodyRule = 'policy' | 'block' | 'classBody' | 'hostBody' | 'offerBody' | 'testBody';

/** Catches, instead of wording them, what Chevrotain says it expected. */
export class Expectations implements IParserErrorMessageProvider {
  expected: readonly TokenType[] = [];

  buildMismatchTokenMessage(options: { expected: TokenType }): string {
    this.expected = [options.expected];
    return 'mismatch';
  }

  buildNotAllInputParsedMessage(): string {
    this.expected = [];
    return 'trailing input';
  }

  buildNoViableAltMessage(options: { expectedPathsPerAlt: TokenType[][][] }): string {
    const first = options.expectedPathsPerAlt.flatMap((paths) => paths.map((path) => path[0]));
    this.expected = [...new Set(first.filter((type) => type !== undefined))];
    return 'no alternative';
  }

  buildEarlyExitMessage(options: { expectedIterationPaths: TokenType[][] }): string {
    const first = options.expectedIterationPaths.map((path) => path[0]);
    this.expected = [...new Set(first.filter((type) => type !== undefined))];
    return 'early exit';
  }
}
