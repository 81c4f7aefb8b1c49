import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { analyse, type Diagnostic, format } from '../../../src/lang/index.js';
import { packageRoot } from '../../../src/support/package-root.js';
import { conformanceFiles } from '../../conformance/cases.js';
import { loadGrammar } from '../../grammar/load-grammar.js';
import { Random } from '../../grammar/random.js';
import { SentenceGenerator } from '../../grammar/sentence-generator.js';
import { MISTAKES } from '../mistakes.js';
import { CONSTRUCTS } from './constructs.js';
import { expectFaithful, isRefused } from './formatted.js';

const WIDTHS = [100, 60, 24, 1];

const expectFaithfulAtAnyWidth = (text: string): void => {
  for (const width of WIDTHS) expectFaithful(text, width);
};

/** Without places and messages: they quote the text. */
const findings = (text: string): string[] =>
  analyse({ file: 'corpus.vmc', text })
    .diagnostics.map(({ code, severity }: Diagnostic) => `${severity} ${code}`)
    .sort();

describe('the formatter changes white space only', () => {
  it('in every construct of the language', () => {
    for (const text of CONSTRUCTS) expectFaithfulAtAnyWidth(text);
  });

  it('in the examples', () => {
    const folder = join(packageRoot(), 'examples', 'policies');
    const files = readdirSync(folder).filter((file) => file.endsWith('.vmc'));
    expect(files).to.not.be.empty;
    for (const file of files) expectFaithfulAtAnyWidth(readFileSync(join(folder, file), 'utf8'));
  });

  it('in the cases of the conformance corpus that have a tree', () => {
    const cases = conformanceFiles().flatMap((file) => file.cases);
    const wellFormed = cases.filter((each) => 'tree' in each);
    expect(wellFormed.length).to.be.greaterThan(100);
    for (const { source } of wellFormed) expectFaithfulAtAnyWidth(source);
  });

  it('in sentences made from the normative grammar', () => {
    const generator = new SentenceGenerator(loadGrammar(), new Random(3));
    let laidOut = 0;
    for (let i = 0; i < 1200; i++) {
      const text = generator.generate('statement');
      if (isRefused(text)) continue;
      laidOut++;
      expectFaithful(text, WIDTHS[i % WIDTHS.length]);
    }
    expect(laidOut).to.be.greaterThan(400);
  }).timeout(60_000);
});

describe('a policy with a mistake', () => {
  it('is left alone, with the reason, or is laid out with the same mistake in it', () => {
    const outcomes = { refused: 0, laidOut: 0 };
    for (const { what, text } of MISTAKES) {
      const source = { file: 'corpus.vmc', text };
      const result = format(source);
      if (result.text === null) {
        outcomes.refused++;
        expect(result.diagnostics, what).to.not.be.empty;
        for (const { severity } of result.diagnostics) expect(severity, what).to.equal('error');
        continue;
      }
      outcomes.laidOut++;
      expect(findings(expectFaithful(text)), what).to.deep.equal(findings(text));
    }
    expect(outcomes.refused).to.be.greaterThan(40);
    expect(outcomes.laidOut).to.be.greaterThan(20);
  });
});
