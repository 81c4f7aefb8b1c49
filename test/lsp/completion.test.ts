import { expect } from 'chai';
import { PolicyText } from '../../src/lsp/document/policy-text.js';
import { complete } from '../../src/lsp/features/completion/complete.js';
import type { Suggestion } from '../../src/lsp/features/completion/suggestion.js';
import { loadGrammar } from '../grammar/load-grammar.js';
import { generatePolicy } from '../grammar/policy-generator.js';
import { Random } from '../grammar/random.js';

const DECLARATIONS = `vm video { match user alice  vcpus 2 }
group batch up to 6 vms { match user "grid"  vcpus 1 }
group lent = video, batch
vm "my vm" { match user carol  vcpus 1 }
switch gaming
signal price number
let office = weekdays 09:00-12:00
`;

interface Completed {
  readonly labels: readonly string[];
  readonly suggestions: readonly Suggestion[];
  /** The text in front of the cursor with a suggestion in it, as an editor would have it. */
  readonly withLabel: (label: string) => string;
}

/** Completes where `|` stands, behind some declarations. */
function completeAt(sentence: string, importable: readonly string[] = []): Completed {
  const written = DECLARATIONS + sentence;
  const offset = written.indexOf('|', DECLARATIONS.length);
  const source = written.slice(0, offset) + written.slice(offset + 1);
  const text = new PolicyText('file:///policy.vmc', source);
  const { replace, suggestions } = complete(
    text,
    offset,
    { texts: [text] },
    { importable: () => importable },
  );
  const ranked = [...suggestions].sort((a, b) => a.rank - b.rank);
  return {
    labels: ranked.map(({ label }) => label),
    suggestions: ranked,
    withLabel: (label) => `${source.slice(0, replace.start)}${label}`,
  };
}

const MECHANISMS = ['reservation', 'share', 'quota', 'duty', 'freezer'];
const ATTRIBUTES = ['name', 'user', 'uuid', 'unit', 'cgroup', 'arg'];
const TIMES = ['s', 'ms', 'min', 'h', 'd', 'us', 'ns'];
const NAMES = ['video', 'batch', 'lent', '"my vm"', 'guests', 'others'];
const OPERAND_NAMES = [
  'office',
  'gaming',
  'price',
  'owner.demand',
  'host.on-battery',
  'daily',
  'not',
  'process',
];

/** Where the cursor is, and what has to be offered there. */
const OFFERED: readonly (readonly [sentence: string, labels: readonly string[]])[] = [
  [
    '|',
    ['vm', 'group', 'let', 'switch', 'signal', 'test', 'keep', 'limit', 'reserve', 'when', 'offer', 'assert'],
  ],
  ['lim|', ['limit']],
  ['limit |', [...NAMES, 'each']],
  ['limit each |', NAMES],
  ['limit batch |', ['to']],
  ['limit batch to 2|', ['cores', '% of cpu', '% of a core', 'GiB', '% of memory', 'MB/s', 'iops']],
  ['limit batch to 25% |', ['of cpu', 'of a core', 'of memory']],
  ['limit batch to 8 GiB |', ['memory']],
  ['limit batch to 20 MB/s |', ['disk', 'network']],
  ['limit batch to 2 cores |', ['by', 'and']],
  ['limit batch to 2 cores by |', MECHANISMS],
  ['limit batch to 90% of cpu - |', ['owner.demand', 'price', 'forecast']],
  ['keep 2 cores |', ['for owner', 'and']],
  ['reserve video |', ['for its tasks']],
  ['reserve video 20|', TIMES],
  ['reserve video 20ms |', ['every', 'in any']],
  ['share cpu |', ['among', 'equally within']],
  ['share cpu among |', [...NAMES, 'owner']],
  ['share cpu among batch 3, |', [...NAMES, 'owner']],
  ['stop batch |', ['within']],
  ['place batch |', ['on cores']],
  ['budget batch 20 |', ['core-hours', 'core-minutes', 'core-seconds']],
  ['budget batch 20 core-hours |', ['per']],
  ['budget batch 20 core-hours per |', ['day', 'week', 'month']],
  ['budget batch 20 core-hours per day then |', ['pause', 'limit to']],
  ['assert batch |', ['at', 'paused']],
  ['assert batch at |', ['most', 'least']],
  ['offer 2 |', ['vms', 'vm']],
  ['group other |', ['up to', '=']],
  ['group other = video, |', ['video', 'batch']],
  ['signal x |', ['number', '%', 'time', 'size', 'rate', 'C']],
  ['let x = |', OPERAND_NAMES],
  ['let x = mon, |', ['tue', 'sun']],
  ['when |', OPERAND_NAMES],
  ['when (gaming or |', OPERAND_NAMES],
  ['when gaming |', ['and', 'or', 'except', 'assuming', '{']],
  ['when owner.|', ['demand', 'cpu']],
  ['when host.memory.|', ['available']],
  ['when batch.|', ['cpu', 'memory', 'running', 'count']],
  ['when owner.demand |', ['>', '>=', '<', '<=']],
  ['when owner.demand > 60|', ['%', '% of cpu', '% of a core', 'cores']],
  ['when owner.demand > 60% |', ['for', 'until']],
  ['when user.idle > 10|', TIMES],
  ['when host.temperature > 80 |', ['C']],
  ['when host.network.in > 20 |', ['MB/s', 'Mbit/s']],
  ['when process "x" |', ['running']],
  ['when forecast(owner.demand |', ['over']],
  ['when forecast(owner.demand over 30s at |', ['upper', 'lower']],
  ['when gaming assuming |', ['true', 'false']],
  ['when gaming {\n  |', ['limit', 'pause', 'when']],
  ['when gaming { pause batch }\n|', ['otherwise', 'limit', 'vm']],
  ['vm x {\n  |', ['match', 'vcpus', 'memory', 'overhead', 'task']],
  ['vm x { match |', ATTRIBUTES],
  ['vm x { match name "a" and |', ATTRIBUTES],
  ['vm x { match name "a" |', ['and', 'vcpus']],
  ['vm x { task decode 4ms every 33ms |', ['within']],
  ['ignore match |', ATTRIBUTES],
  ['host {\n  |', ['cores', 'memory', 'timezone', 'mechanisms']],
  ['host { mechanisms |', MECHANISMS],
  ['host { timezone "Europe/|"', ['Europe/Berlin', 'America/New_York']],
  ['offer 1 vm x {\n  |', ['vcpus', 'reserve', 'guarantee', 'limit']],
  ['test "x" {\n  |', ['at', 'given', 'expect']],
  ['test "x" {\n  given |', ['gaming', 'owner.demand', 'vms', 'budget', 'not', 'process', 'forecast']],
  ['test "x" {\n  given owner.demand |', ['=', 'unknown']],
  ['test "x" {\n  given owner.demand = 80|', ['%', 'cores']],
  ['test "x" {\n  given vms |', NAMES],
  ['test "x" {\n  given budget batch |', ['spent']],
  ['test "x" {\n  expect |', [...NAMES, 'each', 'that']],
  ['test "x" {\n  expect batch |', ['at', 'paused', 'yields', 'runs', 'reserved', 'guaranteed']],
  ['test "x" {\n  expect batch reserved |', ['for its tasks']],
  ['limit "|', ['video', 'my vm']],
  ['limit "my|"', ['my vm']],
];

/** Where the cursor is, and what must not be offered. */
const NOT_OFFERED: readonly (readonly [sentence: string, labels: readonly string[]])[] = [
  ['limit |', ['office', 'gaming', 'price', 'limit', 'owner']],
  ['when gaming |', ['>', 'by', 'every']],
  ['when gaming {\n  |', ['vm', 'group', 'let', 'test', 'import', 'vcpus']],
  ['vm x {\n  vcpus 2\n  |', ['vcpus', 'limit', 'timezone']],
  ['reserve video 20|', ['cores', '%', 'GiB']],
  ['keep 2|', ['ms', 'core-hours']],
  ['when forecast(|', ['host.on-battery', 'user.active', 'office']],
  ['limit batch to 2 cores |', ['limit', 'vm', 'otherwise']],
  ['limit batch # |', ['to']],
  ['vm x { match name "|', ['video', 'my vm']],
  ['host {\n  timezone |', ['Europe/Berlin']],
];

describe('completion', () => {
  for (const [sentence, labels] of OFFERED) {
    it(`offers ${labels.slice(0, 4).join(', ')}${labels.length > 4 ? ', …' : ''} at ${JSON.stringify(sentence)}`, () => {
      expect(completeAt(sentence).labels).to.include.members([...labels]);
    });
  }

  for (const [sentence, labels] of NOT_OFFERED) {
    it(`does not offer ${labels.join(', ')} at ${JSON.stringify(sentence)}`, () => {
      for (const label of labels) expect(completeAt(sentence).labels).to.not.include(label);
    });
  }

  it('offers nothing that no policy goes on with, by the normative grammar', () => {
    const grammar = loadGrammar();
    for (const [sentence] of OFFERED) {
      const { labels, withLabel } = completeAt(sentence);
      // Of the hundreds of time zones one is like the other.
      for (const label of labels.slice(0, 40)) {
        const text = withLabel(label);
        expect(grammar.begins(`${text} `) || grammar.begins(text), text.slice(DECLARATIONS.length)).to.equal(
          true,
        );
      }
    }
  });

  it('offers every word of generated policies at its place', () => {
    const missing = new Set<string>();
    for (let seed = 0; seed < 25; seed++) {
      const source = generatePolicy(new Random(seed));
      const text = new PolicyText('file:///policy.vmc', source);
      text.reading.tokens.forEach((token, index) => {
        const terminal = text.reading.terminals[index];
        if (terminal?.kind !== 'word' && terminal?.kind !== 'reference' && terminal?.kind !== 'unit') return;
        const isSign =
          terminal.kind === 'word' && (terminal.role === 'punctuation' || terminal.role === 'unit');
        if (isSign || token.image.startsWith('"')) return;
        const { suggestions } = complete(
          text,
          token.startOffset,
          { texts: [text] },
          { importable: () => [] },
        );
        const isOffered = suggestions.some(
          ({ label }) =>
            label === token.image ||
            label.startsWith(`${token.image} `) ||
            label.startsWith(`${token.image}.`),
        );
        if (!isOffered && !isRepeated(text, index)) missing.add(`seed ${seed}: ${context(text, index)}`);
      });
    }
    expect([...missing]).to.deep.equal([]);
  });

  it('names what may be imported, and writes it in quotes where they are missing', () => {
    expect(completeAt('import "|', ['common.vmc']).labels).to.deep.equal(['common.vmc']);
    expect(completeAt('import |', ['common.vmc']).labels).to.include('"common.vmc"');
  });

  it('keeps a unit apart from the number that it touches, where one writes it so', () => {
    const inserted = (sentence: string, unit: string) =>
      completeAt(sentence).suggestions.find(({ label }) => label === unit)?.insert;
    expect(inserted('limit batch to 2|', 'cores')).to.equal(' cores');
    expect(inserted('limit batch to 2 |', 'cores')).to.equal(undefined);
    expect(inserted('run batch 2|', 'ms')).to.equal(undefined);
  });

  it('puts first what goes on with a sentence, and on a new line what begins one', () => {
    expect(completeAt('limit batch to 2 cores |').labels[0]).to.equal('and');
    expect(completeAt('limit batch to 2 cores\n|').labels.indexOf('limit')).to.be.lessThan(
      completeAt('limit batch to 2 cores\n|').labels.indexOf('by'),
    );
  });

  it('says of signals what they measure, of names what they are, and inserts blocks as snippets', () => {
    const [demand] = completeAt('when owner.|').suggestions.filter(({ label }) => label === 'demand');
    expect(demand?.detail).to.equal('% of cpu');
    const [office] = completeAt('when |').suggestions.filter(({ label }) => label === 'office');
    expect(office?.documentation).to.contain('let office = weekdays 09:00-12:00');
    const [vm] = completeAt('|').suggestions.filter(({ label }) => label === 'vm');
    expect(vm?.isSnippet).to.equal(true);
    expect(vm?.insert).to.match(/^vm \$\{1:name\} \{\n\tmatch/);
  });
});

/** A property that stands in its braces twice, which is a mistake in its own right, is offered once. */
function isRepeated(text: PolicyText, index: number): boolean {
  const sentence = text.reading.sentences[text.sentenceOfToken(index) ?? -1];
  return sentence?.first === index;
}

function context({ reading: { tokens } }: PolicyText, index: number): string {
  return tokens
    .slice(Math.max(0, index - 8), index + 1)
    .map(({ image }) => image)
    .join(' ');
}
