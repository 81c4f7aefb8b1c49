import { expect } from 'chai';
import type { Amounts, Sentence } from '../../src/lang/index.js';
import type { GuestTask } from '../../src/lang/model.js';
import { rational } from '../../src/support/rational.js';
import { modelOf } from './support.js';

const CLASSES = `vm video { match name "video" and user "alice" vcpus 2 task decode 4ms every 33ms }
group batch up to 6 vms { match user grid vcpus 1 }
group both = video, batch
switch gaming
`;
const MS = 1_000_000n;
const SECOND = 1000n * MS;

const NOTHING: Amounts = {
  cpu: null,
  memory: null,
  diskBytesPerSecond: null,
  diskIops: null,
  networkBytesPerSecond: null,
};

const sentencesOf = (text: string): readonly Sentence[] => modelOf(`${CLASSES}${text}`).sentences;

/** A task, with the text in place of the places of its numbers. */
const written = ({ cost, deadline, ...task }: GuestTask) => ({
  ...task,
  cost: cost?.text,
  deadline: deadline?.text,
});

const sentenceOf = (text: string): Sentence => {
  const [sentence] = sentencesOf(text);
  if (sentence === undefined) throw new Error('the policy has a sentence');
  return sentence;
};

const batch = { kind: 'class', name: 'batch' };

describe('the model of amounts', () => {
  it('has one of each kind', () => {
    expect(
      sentenceOf(
        'limit batch to 2 cores and 4 GiB memory and 20 MB/s disk and 100 iops disk and 8 Mbit/s network',
      ),
    ).to.deep.include({
      kind: 'limit',
      subject: batch,
      each: false,
      elastic: null,
      amounts: {
        cpu: { kind: 'cores', cores: rational(2n) },
        memory: { kind: 'size', bytes: rational(2n ** 32n) },
        diskBytesPerSecond: rational(20_000_000n),
        diskIops: rational(100n),
        networkBytesPerSecond: rational(1_000_000n),
      },
    });
  });

  it('leaves out what a sentence does not speak of', () => {
    expect(sentenceOf('keep 25% of memory for owner')).to.deep.include({
      kind: 'keep',
      amounts: { ...NOTHING, memory: { kind: 'memory-fraction', fraction: rational(1n, 4n) } },
    });
    expect(sentenceOf('guarantee each batch 30% of a core and 5 MB/s disk')).to.deep.include({
      kind: 'guarantee',
      each: true,
      amounts: {
        ...NOTHING,
        cpu: { kind: 'cores', cores: rational(3n, 10n) },
        diskBytesPerSecond: rational(5_000_000n),
      },
    });
  });

  it('has the upper end of an elastic ceiling, and the ceiling itself', () => {
    const sentence = sentenceOf(
      'limit batch to 90% of cpu - forecast(owner.demand over 10s at 95%) between 10% and 6 cores and 1 GiB memory by quota',
    );
    expect(sentence).to.deep.include({
      by: 'quota',
      amounts: {
        ...NOTHING,
        cpu: { kind: 'cores', cores: rational(6n) },
        memory: { kind: 'size', bytes: rational(2n ** 30n) },
      },
      elastic: {
        base: { kind: 'host-fraction', fraction: rational(9n, 10n) },
        minus: {
          kind: 'forecast',
          signal: 'owner.demand',
          overNs: 10n * SECOND,
          side: 'upper',
          level: rational(19n, 20n),
        },
        from: { kind: 'host-fraction', fraction: rational(1n, 10n) },
        to: { kind: 'cores', cores: rational(6n) },
      },
    });
  });
});

describe('the model of each kind of sentence', () => {
  it('has the three forms of a reservation', () => {
    const forms = sentencesOf(
      'reserve video 4ms every 33ms\nreserve video 4ms in any 1min\nreserve video for its tasks by reservation',
    ).map((sentence) => sentence.kind === 'reserve' && sentence.form);
    expect(forms).to.deep.equal([
      { kind: 'every', budgetNs: 4n * MS, periodNs: 33n * MS },
      { kind: 'in-any', budgetNs: 4n * MS, windowNs: 60n * SECOND },
      { kind: 'tasks' },
    ]);
  });

  it('has shares, given or equal', () => {
    expect(sentenceOf('share cpu equally within both by share')).to.deep.include({
      kind: 'share-equally',
      subject: { kind: 'union', name: 'both' },
      by: 'share',
    });
    expect(sentenceOf('share cpu among both 2, owner 0.5')).to.deep.include({
      kind: 'share',
      parts: [
        { subject: { kind: 'union', name: 'both' }, proportion: rational(2n) },
        { subject: { kind: 'owner' }, proportion: rational(1n, 2n) },
      ],
    });
  });

  it('has cores in ascending order, each once', () => {
    expect(sentenceOf('place guests on cores 6,0-2,1-3')).to.deep.include({
      kind: 'place',
      subject: { kind: 'guests' },
      cores: [0, 1, 2, 3, 6],
    });
  });

  it('has ends of guests, and idle time', () => {
    expect(sentenceOf('stop batch within 1.5min')).to.deep.include({ kind: 'stop', withinNs: 90n * SECOND });
    expect(sentenceOf('yield others')).to.deep.include({ kind: 'yield', subject: { kind: 'others' } });
  });

  it('turns what a budget asks for into a sentence behind it, under its guards', () => {
    const [budget, then, last] = sentencesOf(
      'when gaming {\n  budget each batch 20 core-hours per week then limit to 1 core and 1 MB/s disk\n}\npause video',
    );
    expect(budget).to.deep.include({
      kind: 'budget',
      index: 0,
      subject: batch,
      each: true,
      workNs: 72_000n * SECOND,
      per: 'week',
    });
    expect(budget?.kind === 'budget' && budget.then).to.equal('limit');
    expect(then).to.deep.include({
      kind: 'limit',
      index: 1,
      subject: batch,
      each: true,
      elastic: null,
      amounts: {
        ...NOTHING,
        cpu: { kind: 'cores', cores: rational(1n) },
        diskBytesPerSecond: rational(1_000_000n),
      },
      text: budget?.text,
      place: budget?.place,
    });
    expect(then?.guards).to.deep.equal([
      ...(budget?.guards ?? []),
      { condition: { kind: 'spent', budget: 0 }, expected: true, place: budget?.place },
    ]);
    expect(budget?.guards).to.have.lengthOf(1);
    expect(last?.index).to.equal(2);
  });

  it('has budgets that pause, and budgets that only count', () => {
    const sentences = sentencesOf(
      'budget video 90 core-minutes per month then pause\nbudget both 1 core-second per day',
    );
    expect(sentences.map(({ kind }) => kind)).to.deep.equal(['budget', 'pause', 'budget']);
    expect(sentences[0]).to.deep.include({ workNs: 5400n * SECOND, per: 'month' });
    expect(sentences[1]).to.deep.include({ kind: 'pause', subject: { kind: 'class', name: 'video' } });
    expect(sentences[2]).to.deep.include({ workNs: SECOND, per: 'day', each: false });
    expect(sentences.map((one) => one.kind === 'budget' && one.then)).to.deep.equal(['pause', false, null]);
  });

  it('has offers with all their terms, and their defaults', () => {
    const web = sentenceOf(
      'offer 2 vms web { vcpus 2 memory 2 GiB overhead 1ms every 5ms task t 1ms every 10ms within 8ms reserve for its tasks guarantee 1 core limit to 2 cores and 1 GB/s disk }',
    );
    expect(web.kind === 'offer' && web.tasks.map(written)).to.deep.equal([
      { name: 't', costNs: MS, cost: '1ms', periodNs: 10n * MS, deadlineNs: 8n * MS, deadline: '8ms' },
    ]);
    expect(web).to.deep.include({
      kind: 'offer',
      name: 'web',
      count: 2,
      vcpus: 2,
      memoryBytes: 2n ** 31n,
      overhead: { budgetNs: MS, periodNs: 5n * MS },
      reserve: { kind: 'tasks' },
      guarantee: { ...NOTHING, cpu: { kind: 'cores', cores: rational(1n) } },
      limit: {
        ...NOTHING,
        cpu: { kind: 'cores', cores: rational(2n) },
        diskBytesPerSecond: rational(10n ** 9n),
      },
    });
    expect(sentenceOf('offer 1 vm tiny { vcpus 1 }')).to.deep.include({
      memoryBytes: null,
      overhead: { budgetNs: MS / 2n, periodNs: 10n * MS },
      tasks: [],
      reserve: null,
      guarantee: null,
      limit: null,
    });
  });

  it('has offers under a condition', () => {
    expect(sentenceOf('when gaming { offer 1 vm tiny { vcpus 1 } }').guards).to.have.lengthOf(1);
  });

  it('has assertions with their claims and conditions', () => {
    const [most, least, paused] = sentencesOf(
      'assert batch at most 25% of cpu while gaming\nassert each both at least 1 GiB memory\nassert guests paused',
    );
    expect(most).to.deep.include({
      kind: 'assert',
      subject: batch,
      each: false,
      claim: {
        kind: 'at-most',
        amounts: { ...NOTHING, cpu: { kind: 'host-fraction', fraction: rational(1n, 4n) } },
      },
      while: { kind: 'switch', name: 'gaming' },
    });
    expect(least).to.deep.include({ each: true, while: null });
    expect(paused).to.deep.include({ claim: { kind: 'paused' }, while: null });
  });
});

describe('the model of declarations', () => {
  it('has the tasks of a class; a deadline that is not given is the period', () => {
    expect(modelOf(CLASSES).classes[0]?.tasks.map(written)).to.deep.equal([
      {
        name: 'decode',
        costNs: 4n * MS,
        cost: '4ms',
        periodNs: 33n * MS,
        deadlineNs: 33n * MS,
        deadline: undefined,
      },
    ]);
  });

  it('has what is ignored, with the class that it is asked before', () => {
    const { ignores } = modelOf(
      `ignore match name "x" and user alice\n${CLASSES}ignore match arg "-y"\nvm last { match user z vcpus 1 }`,
    );
    expect(ignores.map(({ beforeClass, matchers }) => ({ beforeClass, matchers }))).to.deep.equal([
      {
        beforeClass: 0,
        matchers: [
          { attribute: 'name', pattern: 'x' },
          { attribute: 'user', pattern: 'alice' },
        ],
      },
      { beforeClass: 2, matchers: [{ attribute: 'arg', pattern: '-y' }] },
    ]);
  });

  it('has pushed signals with their types, and compares each in its own', () => {
    const types = ['number', '%', 'time', 'size', 'rate', 'C'] as const;
    const quantities = ['3', '30%', '3s', '3 GiB', '3 MB/s', '3 C'];
    const { signals, conditions } = modelOf(
      types
        .map(
          (type, i) => `signal s${i} ${type}\nlet c${i} = s${i} > ${quantities[i]} until < ${quantities[i]}`,
        )
        .join('\n'),
    );
    expect(signals.map(({ name, type }) => `${name} ${type}`)).to.deep.equal([
      's0 number',
      's1 percent',
      's2 time',
      's3 size',
      's4 rate',
      's5 temperature',
    ]);
    const compared = conditions.map(({ condition }) => (condition.kind === 'comparison' ? condition : null));
    expect(compared.map((one) => one?.subject)).to.deep.equal(
      types.map((_, i) => ({ kind: 'signal', signal: `s${i}` })),
    );
    expect(compared.map((one) => one?.start.quantity.kind)).to.deep.equal([
      'number',
      'percent',
      'time',
      'size',
      'rate',
      'temperature',
    ]);
  });

  it('has processes, and forecasts of pushed signals whose names need quotes', () => {
    const { conditions } = modelOf(
      'signal "grid price" number\nlet x = process "blender*" running or forecast("grid price" over 1h at lower 50%) > 3',
    );
    expect(conditions[0]?.condition).to.deep.include({
      left: { kind: 'process', pattern: 'blender*' },
    });
    expect(conditions[0]?.condition).to.deep.nested.include({
      'right.subject': {
        kind: 'forecast',
        signal: '"grid price"',
        overNs: 3600n * SECOND,
        side: 'lower',
        level: rational(1n, 2n),
      },
    });
  });
});
