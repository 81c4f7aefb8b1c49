import { expect } from 'chai';
import fc from 'fast-check';
import { lex } from '../../src/lang/lexer.js';
import { parse } from '../../src/lang/parse.js';
import { namesIn } from '../../src/lsp/document/names.js';
import { PolicyText } from '../../src/lsp/document/policy-text.js';
import { readSentences } from '../../src/lsp/document/read-sentences.js';
import { mutate } from '../grammar/mutate.js';
import { generatePolicy } from '../grammar/policy-generator.js';
import { Random } from '../grammar/random.js';

const POLICIES = 300;

const policyOf = (seed: number): string => generatePolicy(new Random(seed));
const textOf = (text: string): PolicyText => new PolicyText('file:///policy.vmc', text);

describe('sentences as an editor sees them', () => {
  it('are whole, and have a meaning for each token, in every generated policy', () => {
    for (let seed = 0; seed < POLICIES; seed++) {
      const { tokens, terminals, sentences } = textOf(policyOf(seed)).reading;
      const broken = sentences.find(({ isWhole }) => !isWhole);
      const shown = broken && tokens.slice(broken.first, broken.end).map(({ image }) => image);
      expect(shown?.join(' '), `seed ${seed}`).to.equal(undefined);
      tokens.forEach(({ image }, index) => {
        if (image !== '}') expect(terminals[index], `seed ${seed}: ${image}`).to.not.equal(null);
      });
    }
  });

  it('have the names that the parser finds, at the same places', () => {
    for (let seed = 0; seed < POLICIES; seed++) {
      const source = policyOf(seed);
      const { tree, diagnostics } = parse({ file: 'policy.vmc', text: source });
      expect(diagnostics, `seed ${seed}`).to.deep.equal([]);
      const expected = namesOfTree(tree).sort((a, b) => a.start - b.start);
      const found = namesIn(textOf(source)).map(({ text, span }) => ({
        text,
        start: span.start,
        end: span.end,
      }));
      expect(found, `seed ${seed}\n${source}`).to.deep.equal(expected);
    }
  });

  it('begin and end where the sentences of the tree do', () => {
    for (let seed = 0; seed < POLICIES; seed++) {
      const source = policyOf(seed);
      const { tree } = parse({ file: 'policy.vmc', text: source });
      const text = textOf(source);
      const tops = text.reading.sentences.filter(({ parent }) => parent === null);
      const starts = tops
        .filter(({ first }) => text.reading.tokens[first]?.image !== 'otherwise')
        .map((sentence) => text.fullSpanOf(sentence).start);
      expect(starts, `seed ${seed}`).to.deep.equal(tree.statements.map(({ span }) => span.start));
    }
  });

  it('are found in what is left of a policy after any mutation: all but a few stay whole', () => {
    for (let seed = 0; seed < POLICIES; seed++) {
      const random = new Random(seed);
      const source = generatePolicy(random);
      const mutated = mutate(source, random);
      const { sentences } = textOf(mutated).reading;
      const { sentences: before } = textOf(source).reading;
      const whole = sentences.filter(({ isWhole }) => isWhole).length;
      expect(whole, `seed ${seed}\n${mutated}`).to.be.greaterThan(before.length / 2 - 3);
    }
  });

  it('are found in any text, in order and without overlap', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const { tokens } = lex(text);
        const { sentences } = readSentences(text, tokens);
        let end = 0;
        for (const sentence of sentences) {
          expect(sentence.first).to.be.at.least(end);
          expect(sentence.end).to.be.greaterThan(sentence.first);
          end = sentence.end;
        }
        expect(end).to.be.at.most(tokens.length);
      }),
    );
  });

  it('take time in proportion to a text of open parentheses, braces and commas', () => {
    for (const piece of ['(', '{', 'let a = (', ', ', 'when not ', '"', 'share cpu among a 1, ']) {
      const { reading } = textOf(`let x = ${piece.repeat(20_000)}`);
      expect(reading.sentences.length).to.be.greaterThan(0);
    }
  });
});

interface FoundName {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What holds names that are no names of the policy: patterns, paths, titles, zones, tasks. */
const OTHER_TEXTS: ReadonlySet<string> = new Set(['pattern', 'path', 'title', 'value']);

function namesOfTree(node: unknown, key = ''): FoundName[] {
  if (Array.isArray(node)) return node.flatMap((item) => namesOfTree(item, key));
  if (typeof node !== 'object' || node === null) return [];
  if ('quoted' in node) {
    const { text, span } = node as unknown as { text: string; span: { start: number; end: number } };
    return OTHER_TEXTS.has(key) ? [] : [{ text, start: span.start, end: span.end }];
  }
  const isTask = 'kind' in node && node.kind === 'task';
  return Object.entries(node).flatMap(([name, value]) =>
    isTask && name === 'name' ? [] : namesOfTree(value, name),
  );
}
