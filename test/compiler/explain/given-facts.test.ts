import { expect } from 'chai';
import fc from 'fast-check';
import { type ExplainRequest, explainPolicy } from '../../../src/compiler/explain/explain-policy.js';
import { CLASSES, HOST } from '../support.js';
import { explanationOf, told } from './support.js';

const TEXT = `${CLASSES}
let office = weekdays 09:00-17:00
let busy = owner.demand > 60% for 30s until < 40% for 60s
let rush = forecast(owner.demand over 30s at 95%) > 70%
let awake = user.idle < 10min
switch gaming
when office { limit batch to 2 cores when busy or rush { run batch 200ms every 1s } }
when gaming or process "blender*" running { pause batch }
when awake assuming false { limit build to 1 core }
budget batch 20 core-hours per day then pause
test "given" { expect guests at most 8 cores }`;

const explain = (request: Partial<ExplainRequest>) =>
  explainPolicy({ file: 'test.vmc', text: TEXT }, HOST, { subject: 'batch', ...request });

const conditions = (request: Partial<ExplainRequest>) => {
  const { conditions: rows } = explanationOf(TEXT, { subject: 'batch', ...request });
  return new Map((rows ?? []).map(({ condition, value, why }) => [condition, { value, why }]));
};

describe('an explanation under given facts', () => {
  it('is of one situation at a time that is given', () => {
    const request = {
      subject: 'batch',
      at: '2026-11-23 10:00',
      given: ['owner.demand = 80%', 'vms build, 3 batch'],
    };
    expect(told(explanationOf(TEXT, request))).to.deep.equal([
      '-: runs 200ms every 1s; at most 0.6 cores (7.5% of cpu), each guest at most 0.2 cores (2.5% of cpu)',
    ]);
  });

  it('tells the times apart where none is given and they matter', () => {
    expect(told(explanationOf(TEXT, { subject: 'batch', given: ['owner.demand = 80%'] }))).to.have.length(2);
    expect(told(explanationOf(TEXT, { subject: 'batch', given: ['gaming'] }))).to.deep.equal(['-: paused']);
  });

  it('says of every condition what it is, and why', () => {
    const rows = conditions({ at: '2026-11-23 10:00', given: ['owner.demand = 50%', 'gaming'] });
    expect(rows.get('office')).to.deep.equal({
      value: true,
      why: '2026-11-23 10:00 is in weekdays 09:00-17:00',
    });
    expect(rows.get('busy or rush')).to.deep.equal({ value: false, why: 'busy is false and rush is false' });
    expect(rows.get('busy')?.why).to.match(
      /^owner.demand is 50%, which is not > 60%: between its two thresholds/,
    );
    expect(rows.get('rush')?.why).to.equal(
      'the forecast of owner.demand is 0% (not given), which is not > 70%',
    );
    expect(rows.get('gaming or process "blender*" running')).to.deep.equal({
      value: true,
      why: 'the switch gaming is on and no process "blender*" runs',
    });
    expect(rows.get('budget batch per day spent')).to.deep.equal({
      value: false,
      why: 'the budget is not used up',
    });
  });

  it('says what is unknown, what is assumed, and what depends on the time', () => {
    const rows = conditions({ given: ['user.idle unknown'] });
    expect(rows.get('office')).to.deep.equal({
      value: null,
      why: 'it depends on the time, which is not given',
    });
    expect(rows.get('awake assuming false')).to.deep.equal({
      value: false,
      why: 'awake is unknown and what is unknown is assumed to be false',
    });
    expect(rows.get('awake')?.why).to.equal('user.idle is unknown');
    expect(conditions({}).size).to.equal(0);
  });

  it('points at what is wrong in the argument that it is wrong in', () => {
    const answer = explain({ at: '2026-11-23 1:00', given: ['gaming', 'owner.demnd = 80%'] });
    if (answer.kind !== 'wrong-arguments') throw new Error(answer.kind);
    const places = answer.mistakes.map(
      ({ file, range }) => `${file} ${range.start.line}:${range.start.column}`,
    );
    expect(places).to.deep.equal(['--at 1:12', '--given (2) 1:1']);
    expect(answer.sources.map(({ text }) => text)).to.include('owner.demnd = 80%');
    expect(explain({ given: ['owner.demand = 5 GiB'] })).to.have.nested.property(
      'mistakes[0].file',
      '--given',
    );
  });

  it('takes nothing for a fact that is more than that', () => {
    const escapes = [
      'gaming } pause batch test "x" { expect batch paused',
      'gaming expect batch paused',
      'gaming }',
      'gaming } switch more test "y" { expect guests at most 1 core',
    ];
    for (const text of escapes) expect(explain({ given: [text] }).kind, text).to.equal('not-a-fact');
  });

  it('refuses a time that the clocks skip', () => {
    expect(explain({ at: '2026-03-29 02:30' }).kind).to.equal('skipped-time');
  });

  it('plans what the sensors of the host could never say', () => {
    const text = `${CLASSES}when host.temperature > 80 C { limit batch to 1 core }`;
    const explanation = explanationOf(text, { subject: 'batch', given: ['host.temperature = 90 C'] });
    expect(told(explanation)).to.deep.equal(['-: at most 1 core (12.5% of cpu)']);
  });

  it('puts an elastic limit where its signal has it', () => {
    const text = `${CLASSES}limit batch to 90% of cpu - owner.demand between 10% and 80% of cpu`;
    const said = (demand: string) =>
      told(explanationOf(text, { subject: 'batch', given: [`owner.demand = ${demand}`] }));
    expect(said('50%')).to.deep.equal(['-: at most 3.2 cores (40% of cpu)']);
    expect(said('99%')).to.deep.equal(['-: at most 0.8 cores (10% of cpu)']);
    const open = told(explanationOf(text, 'batch'));
    expect(open).to.deep.equal([
      '-: at most 4 cores (50% of cpu), down to 0.8 cores as the limit follows its signal',
    ]);
  });

  it('ends in an answer whatever an argument is', () => {
    const word = fc.constantFrom(
      'gaming',
      'not',
      'vms',
      '3',
      'batch',
      '=',
      '80%',
      '{',
      '}',
      '"',
      'unknown',
      'owner.demand',
      '\n',
      '#',
      'expect',
      'at',
      'given',
      'test',
    );
    const argument = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 6 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(argument, fc.option(argument), (given, at) => {
        const answer = explain({ given: [given], at });
        if (answer.kind === 'wrong-arguments') {
          for (const { file, range } of answer.mistakes) {
            const source = answer.sources.find((one) => one.file === file);
            expect(range.start.offset).to.be.within(0, source?.text.length ?? -1);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('who can be explained', () => {
  it('is found by name, with or without quotes, and by its near miss', () => {
    const text = 'vm "guests" { match user "x" vcpus 1 }\nvm batch { match user "y" vcpus 1 }';
    const ask = (subject: string) => explainPolicy({ file: 't.vmc', text }, HOST, { subject });
    expect(ask('"guests"')).to.have.nested.property('explanation.subject.kind', 'vm');
    expect(ask('guests')).to.have.nested.property('explanation.subject.kind', 'guests');
    expect(ask('bach')).to.deep.include({ kind: 'no-subject', meant: 'batch' });
  });
});
