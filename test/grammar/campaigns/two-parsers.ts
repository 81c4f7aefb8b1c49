import { parse } from '../../../src/lang/parse.js';
import { loadGrammar, type NormativeGrammar } from '../load-grammar.js';
import { firstDifference, withoutSpans } from '../trees.js';
import { accepted, type Campaign, failed, type Verdict } from './campaign.js';
import { grammarText, mutatedPolicy } from './inputs.js';

/** Limits of the implementation, which a grammar does not know: nesting, size, no text, digits of a number. */
const LIMITS: ReadonlySet<string> = new Set(['VMC1010', 'VMC1011', 'VMC1012', 'VMC1021']);

/** Whether both parsers read a text alike; what is wrong otherwise. */
export function compareParsers(grammar: NormativeGrammar, text: string): Verdict {
  const { tree, diagnostics } = parse({ file: 'generated.vmc', text });
  if (diagnostics.some(({ code }) => LIMITS.has(code))) return accepted('beyond a limit');
  const parses = grammar.parse(text);
  if (parses.length > 1)
    return failed(`ambiguous: ${firstDifference(parses[0], parses[1]) ?? 'equal trees'}`);
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (parses.length === 0) {
    return error === undefined ? failed('accepted by the parser only') : accepted('refused');
  }
  if (error !== undefined) return failed(`accepted by the grammar only: ${error.code} ${error.message}`);
  const difference = firstDifference(parses[0], withoutSpans(tree));
  return difference === null ? accepted('accepted') : failed(`the trees differ at ${difference}`);
}

const claim = 'Both parsers accept the same texts, unambiguously, with equal trees';

/** Small texts out of the grammar's own rules, which reach every corner of it. */
export const sentencesInTwoParsers: Campaign = {
  name: 'sentences in two parsers',
  claim,
  nightlyInputs: 70_000,
  begin() {
    const grammar = loadGrammar();
    return {
      make: (random) => ({ text: grammarText(grammar, random), setting: '' }),
      judge: ({ text }) => compareParsers(grammar, text),
    };
  },
};

/** Whole policies, which look like what people write. */
export const policiesInTwoParsers: Campaign = {
  name: 'policies in two parsers',
  claim,
  nightlyInputs: 30_000,
  begin() {
    const grammar = loadGrammar();
    return {
      make: (random) => ({ text: mutatedPolicy(random), setting: '' }),
      judge: ({ text }) => compareParsers(grammar, text),
    };
  },
};
