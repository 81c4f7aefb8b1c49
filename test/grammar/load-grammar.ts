import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import nearley from 'nearley';

/** A symbol of a compiled rule: the name of a rule, a character class, or a literal character. */
export type GrammarSymbol = string | RegExp | { readonly literal: string };

export interface GrammarRule {
  readonly name: string;
  readonly symbols: readonly GrammarSymbol[];
}

interface CompiledGrammar {
  readonly ParserRules: GrammarRule[];
  readonly ParserStart: string;
}

/** All parses of a text (none: not a policy), and the rules themselves. */
export interface NormativeGrammar {
  readonly rules: readonly GrammarRule[];
  readonly start: string;
  parse(text: string): readonly unknown[];
  /** Whether some policy begins with the text. */
  begins(text: string): boolean;
}

const require = createRequire(import.meta.url);

/** Compiles grammar/vmc.ne with nearley's own compiler. */
export function loadGrammar(): NormativeGrammar {
  const source = readFileSync(new URL('../../grammar/vmc.ne', import.meta.url), 'utf8');
  const bootstrap = require('nearley/lib/nearley-language-bootstrapped.js') as nearley.CompiledRules;
  const reader = new nearley.Parser(nearley.Grammar.fromCompiled(bootstrap));
  reader.feed(source);
  const compile = require('nearley/lib/compile.js') as (structure: unknown, options: object) => unknown;
  const generate = require('nearley/lib/generate.js') as (compiled: unknown, name: string) => string;
  const code = generate(compile(reader.results[0], {}), 'grammar');
  let text = '';
  const module = { exports: {} as CompiledGrammar };
  new Function('module', 'charBefore', code)(module, (offset: number) => text[offset - 1] ?? '');
  const { ParserRules, ParserStart } = module.exports;
  const grammar = nearley.Grammar.fromCompiled(module.exports as unknown as nearley.CompiledRules);
  /** The parser behind the text; null where no policy begins so. */
  const feed = (input: string): nearley.Parser | null => {
    text = input;
    const parser = new nearley.Parser(grammar);
    try {
      parser.feed(input);
    } catch (error) {
      if (error instanceof Error && 'offset' in error) return null;
      throw error;
    }
    return parser;
  };
  return {
    rules: ParserRules,
    start: ParserStart,
    parse: (input) => feed(input)?.results ?? [],
    begins: (input) => feed(input) !== null,
  };
}
