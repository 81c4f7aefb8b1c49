import type { IToken } from 'chevrotain';
import { TreeBuilder } from './build-tree.js';
import type { CatalogueDiagnostic } from './catalogue-entry.js';
import { type Lexed, lex } from './lexer.js';
import { PolicyParser } from './parser.js';
import { Reporter } from './reporter.js';
import type { Source } from './source.js';
import { reportSyntax } from './syntax-diagnostic.js';
import { TextLayout } from './text-layout.js';
import { checkNesting, checkText } from './text-limits.js';
import type { Policy } from './tree.js';

export interface ParseResult {
  /** What could be read; sentences with syntax errors are not in it. */
  readonly tree: Policy;
  readonly diagnostics: readonly CatalogueDiagnostic[];
}

let parser: PolicyParser | null = null;

/** Built at the first use: it takes longer than reading a policy. */
function theParser(): PolicyParser {
  parser ??= new PolicyParser({ skipValidations: true });
  return parser;
}

/** Reads a policy as far as it can be read. Any text gives a result, in time linear in its length. */
export function parse(source: Source): ParseResult {
  const reporter = new Reporter(source);
  return { tree: parseInto(reporter), diagnostics: reporter.sorted() };
}

/** How a text is read: {@link parseInto}, or something that gives the same. */
export type ParsesInto = (reporter: Reporter) => Policy;

/** {@link parse}, with the diagnostics left in `reporter`. */
export function parseInto(reporter: Reporter): Policy {
  const lexed = lexReadable(reporter);
  return lexed === null ? NOTHING : parseTokens(lexed, lexed.tokens, reporter);
}

export const NOTHING: Policy = { kind: 'policy', statements: [], lostNames: new Set() };

/** The tokens of a text that can be a policy at all; null, and reported, where it cannot. */
function lexReadable(reporter: Reporter): Lexed | null {
  if (!checkText(reporter)) return null;
  const lexed = lex(reporter.source.text);
  return checkNesting(lexed.tokens, reporter) ? lexed : null;
}

/** Reads some of the tokens of a text, as if it held no others. */
export function parseTokens(lexed: Lexed, tokens: readonly IToken[], reporter: Reporter): Policy {
  const policyParser = theParser();
  policyParser.layout = new TextLayout(reporter.source.text);
  policyParser.input = [...tokens];
  const builder = new TreeBuilder(reporter);
  policyParser.take = (sentence, isSound) => builder.add(sentence, isSound);
  policyParser.policy();
  const lostNames = new Set(policyParser.lostNames);
  reportSyntax(lexed, policyParser, reporter);
  return builder.finish(lostNames);
}
