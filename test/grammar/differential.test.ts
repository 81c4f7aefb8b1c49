import { expect } from 'chai';
import { parse } from '../../src/lang/index.js';
import { loadGrammar, type NormativeGrammar } from './load-grammar.js';
import { mutate } from './mutate.js';
import { Random } from './random.js';
import { SentenceGenerator } from './sentence-generator.js';

const INPUTS = Number(process.env['VMC_DIFFERENTIAL_INPUTS'] ?? 3000);
const SEED = Number(process.env['VMC_DIFFERENTIAL_SEED'] ?? 1);

interface Verdict {
  readonly parses: number;
  readonly normative: unknown;
  readonly accepted: boolean;
  readonly built: unknown;
}

function judge(grammar: NormativeGrammar, text: string): Verdict {
  const parses = grammar.parse(text);
  const { tree, diagnostics } = parse({ file: 'generated.vmc', text });
  return {
    parses: parses.length,
    normative: parses[0],
    accepted: diagnostics.every(({ severity }) => severity !== 'error'),
    built: withoutSpans(tree),
  };
}

/** The tree as the normative grammar builds it: places and what recovery noted are not part of it. */
function withoutSpans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpans);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'span' && key !== 'lostNames');
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutSpans(inner)]));
}

function* inputs(grammar: NormativeGrammar, random: Random, count: number): Generator<string> {
  const generator = new SentenceGenerator(grammar, random);
  for (let made = 0; made < count; made++) {
    const isFile = made % 10 === 0;
    const sentences = Array.from({ length: isFile ? 1 + random.below(6) : 1 }, () =>
      generator.generate('statement'),
    );
    let text = sentences.join('\n');
    if (isFile) text = generator.generate('policy') + text;
    for (let left = [0, 0, 1, 1, 2][made % 5] ?? 0; left > 0; left--) text = mutate(text, random);
    yield text;
  }
}

describe('the parser and the normative grammar', () => {
  it(`accept the same texts, unambiguously, with equal trees (${INPUTS} inputs, seed ${SEED})`, function () {
    this.timeout(Math.max(120_000, INPUTS * 40));
    const grammar = loadGrammar();
    let accepted = 0;
    for (const text of inputs(grammar, new Random(SEED), INPUTS)) {
      const verdict = judge(grammar, text);
      const about = `seed ${SEED}: ${JSON.stringify(text)}`;
      expect(verdict.parses, `ambiguous, ${about}`).to.be.at.most(1);
      expect(verdict.accepted, `accepted by one of the two only, ${about}`).to.equal(verdict.parses === 1);
      if (verdict.accepted) {
        accepted += 1;
        expect(verdict.built, about).to.deep.equal(verdict.normative);
      }
    }
    // Neither all nor none: the inputs have to tell good parsers from bad ones.
    expect(accepted / INPUTS).to.be.within(0.35, 0.9);
  });

  it('agree on the examples of the language', () => {
    const grammar = loadGrammar();
    for (const text of EXAMPLES) {
      const verdict = judge(grammar, text);
      expect(verdict.parses, text).to.equal(1);
      expect(verdict.accepted, text).to.equal(true);
      expect(verdict.built).to.deep.equal(verdict.normative);
    }
  });
});

const EXAMPLES = [
  '',
  '# only a comment, without an end of line',
  '\uFEFFswitch a',
  'host{cores 8 memory 32GiB timezone"Europe/Berlin"mechanisms share,duty}',
  'vm video { match name "video" and user "alice"   vcpus 2 overhead 0.5ms every 10ms }',
  'group to up to 1 vm { match user grid vcpus 1 match unit "batch-?.service" and arg "[a-z]*" }',
  'let office=weekdays 09:00-12:00,13:00-17:30 except 2026-12-24..2027-01-01 assuming false',
  'let x = not(mon,wed-fri 22:00-06:00 or"my vm".cpu>30%of a core for 5 s until<=2cores)and user.active',
  'when forecast(owner.demand over 10s at upper 95%)>70%{pause lent by freezer}otherwise when a{}otherwise{}',
  'share cpu among owner 3, guests 1.5, "a\\"b\\\\" 2 by share keep 2 cores for owner guarantee each others 1 core',
];
