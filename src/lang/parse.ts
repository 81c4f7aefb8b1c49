import { buildTree } from './build-tree.js';
import type { CatalogueDiagnostic } from './catalogue-entry.js';
import { lex } from './lexer.js';
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

/** {@link parse}, with the diagnostics left in `reporter`. */
export function parseInto(reporter: Reporter): Policy {
  const nothing: Policy = { kind: 'policy', statements: [], lostNames: new Set() };
  if (!checkText(reporter)) return nothing;
  const lexed = lex(reporter.source.text);
  if (!checkNesting(lexed.tokens, reporter)) return nothing;
  const policyParser = theParser();
  policyParser.layout = new TextLayout(reporter.source.text);
  policyParser.input = [...lexed.tokens];
  const cst = policyParser.policy();
  const lostNames = new Set(policyParser.lostNames);
  reportSyntax(lexed, policyParser, reporter);
  return buildTree(cst, lostNames, reporter);
}
