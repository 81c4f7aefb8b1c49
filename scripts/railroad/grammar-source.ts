import { createRequire } from 'node:module';
import nearley from 'nearley';

/** A symbol as nearley's own reader gives it, before compilation. */
export type GrammarSymbol =
  | string
  | { readonly literal: string }
  | { readonly macrocall: string; readonly args: readonly Alternative[] }
  | { readonly ebnf: GrammarSymbol; readonly modifier: ':*' | ':+' | ':?' }
  | { readonly subexpression: readonly Alternative[] }
  | RegExp;

export interface Alternative {
  readonly tokens: readonly GrammarSymbol[];
}

export interface Rule {
  readonly name: string;
  readonly alternatives: readonly Alternative[];
}

/** What stands under one `# ---- Title` of the grammar's source. */
export interface Section {
  readonly title: string;
  readonly rules: readonly Rule[];
}

const HEADING = /^# ---- (.+)$/;
const RULE = /^([A-Za-z_]\w*)(\[\w+\])? ->/;

/** The rules of a nearley grammar by section, in the order of the source; macros are left out. */
export function readGrammar(source: string): readonly Section[] {
  const rules = new Map(readRules(source).map((rule) => [rule.name, rule]));
  const sections: { title: string; rules: Rule[] }[] = [{ title: 'Policy', rules: [] }];
  for (const line of source.split('\n')) {
    const title = HEADING.exec(line)?.[1];
    if (title !== undefined) sections.push({ title, rules: [] });
    const name = RULE.exec(line)?.[1];
    const rule = name === undefined ? undefined : rules.get(name);
    if (rule !== undefined) sections.at(-1)?.rules.push(rule);
  }
  return sections.filter((section) => section.rules.length > 0);
}

interface Instruction {
  readonly name?: string;
  readonly rules?: readonly Alternative[];
}

function readRules(source: string): readonly Rule[] {
  const require = createRequire(import.meta.url);
  const bootstrap = require('nearley/lib/nearley-language-bootstrapped.js') as nearley.CompiledRules;
  const reader = new nearley.Parser(nearley.Grammar.fromCompiled(bootstrap));
  reader.feed(source);
  const instructions = reader.results[0] as readonly Instruction[];
  return instructions.flatMap(({ name, rules }) =>
    name !== undefined && rules !== undefined ? [{ name, alternatives: rules }] : [],
  );
}
