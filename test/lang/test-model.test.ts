import { expect } from 'chai';
import type { Expectation, Given, PolicyTest } from '../../src/lang/index.js';
import { rational } from '../../src/support/rational.js';
import { modelOf } from './support.js';

const POLICY = `vm video { match user alice vcpus 2 task decode 4ms every 33ms }
group batch up to 6 vms { match user grid vcpus 1 }
vm "my vm" { match user eve vcpus 1 }
group lent = batch, "my vm"
switch gaming
signal price number
let office = weekdays 09:00-17:30
budget batch 20 core-hours per day
`;
const MS = 1_000_000n;

function testOf(lines: string): PolicyTest {
  const [test] = modelOf(`${POLICY}test "it works" {\n${lines}\n}`).tests;
  if (test === undefined) throw new Error('the policy has a test');
  return test;
}

const givenOf = (lines: string) =>
  testOf(`${lines}\nexpect batch paused`).given.map(({ place: _, ...fact }: Given) => fact);
const expectationsOf = (lines: string) =>
  testOf(lines).expectations.map(({ place: _, ...one }: Expectation) => one);

describe('the model of a test', () => {
  it('has its title, its time and its place', () => {
    const test = testOf('at 2026-11-23 10:05\nexpect batch paused');
    expect(test).to.deep.include({ title: 'it works', at: { date: '2026-11-23', minute: 605 } });
    expect(test.place.range.start).to.deep.include({ line: 9, column: 1 });
    expect(testOf('expect batch paused').at).to.equal(null);
  });

  it('has what is given, each with its line', () => {
    const test = testOf('given gaming\ngiven not user.active\nexpect batch paused');
    expect(test.given.map(({ place }) => place.range.start.line)).to.deep.equal([10, 11]);
  });

  it('is given switches, yes-or-no signals and processes', () => {
    expect(
      givenOf(
        'given not gaming\ngiven host.on-battery\ngiven not process "x" running\ngiven "my vm".running',
      ),
    ).to.deep.equal([
      { kind: 'switch', name: 'gaming', value: false },
      { kind: 'signal', signal: 'host.on-battery', value: true },
      { kind: 'process', pattern: 'x', value: false },
      { kind: 'signal', signal: '"my vm".running', value: true },
    ]);
  });

  it('is given quantities in the terms of their signals, and unknowns', () => {
    expect(
      givenOf(
        'given owner.demand = 80%\ngiven price = 3.5\ngiven forecast(owner.cpu over 30s at 95%) = 2 cores\ngiven host.load unknown\ngiven user.active unknown',
      ),
    ).to.deep.equal([
      {
        kind: 'value',
        subject: { kind: 'signal', signal: 'owner.demand' },
        quantity: { kind: 'host-fraction', fraction: rational(4n, 5n) },
      },
      {
        kind: 'value',
        subject: { kind: 'signal', signal: 'price' },
        quantity: { kind: 'number', value: rational(7n, 2n) },
      },
      {
        kind: 'value',
        subject: {
          kind: 'forecast',
          signal: 'owner.cpu',
          overNs: 30_000n * MS,
          side: 'upper',
          level: rational(19n, 20n),
        },
        quantity: { kind: 'cores', cores: rational(2n) },
      },
      { kind: 'unknown', subject: { kind: 'signal', signal: 'host.load' } },
      { kind: 'unknown', subject: { kind: 'signal', signal: 'user.active' } },
    ]);
  });

  it('is given guests: one where no number says how many, of a union so many of each of its classes', () => {
    const guests = (name: string, count: number) => ({
      kind: 'guests',
      subject: { kind: 'class', name },
      count,
    });
    expect(givenOf('given vms video, 3 batch, 2 others')).to.deep.equal([
      guests('video', 1),
      guests('batch', 3),
      { kind: 'guests', subject: { kind: 'others' }, count: 2 },
    ]);
    expect(givenOf('given vms lent')).to.deep.equal([guests('batch', 1), guests('my vm', 1)]);
    expect(givenOf('given vms guests')).to.deep.equal([
      guests('video', 1),
      guests('batch', 1),
      guests('my vm', 1),
    ]);
  });

  it('is given spent budgets', () => {
    expect(givenOf('given budget batch spent')).to.deep.equal([
      { kind: 'spent', subject: { kind: 'class', name: 'batch' } },
    ]);
  });

  it('expects every outcome of the language', () => {
    const outcomes = expectationsOf(
      [
        'expect batch at most 0 cores',
        'expect each lent at least 1 GiB memory',
        'expect guests paused',
        'expect others yields',
        'expect batch runs 200ms every 1s',
        'expect video reserved for its tasks',
        'expect video reserved 4ms in any 33ms',
        'expect batch guaranteed 1 core and 5 MB/s disk',
      ].join('\n'),
    );
    expect(outcomes.map((one) => one.kind === 'outcome' && [one.each, one.outcome.kind])).to.deep.equal([
      [false, 'at-most'],
      [true, 'at-least'],
      [false, 'paused'],
      [false, 'yields'],
      [false, 'runs'],
      [false, 'reserved'],
      [false, 'reserved'],
      [false, 'guaranteed'],
    ]);
    expect(outcomes[4]).to.deep.include({
      text: 'expect batch runs 200ms every 1s',
      subject: { kind: 'class', name: 'batch' },
      outcome: { kind: 'runs', runNs: 200n * MS, periodNs: 1000n * MS },
    });
    expect(outcomes[6]).to.deep.include({
      outcome: { kind: 'reserved', form: { kind: 'in-any', budgetNs: 4n * MS, windowNs: 33n * MS } },
    });
    expect(outcomes[7]).to.deep.nested.include({
      'outcome.amounts.diskBytesPerSecond': rational(5_000_000n),
    });
  });

  it('expects conditions', () => {
    const [that] = expectationsOf('at 2026-11-23 10:00\nexpect that office and not gaming');
    expect(that).to.deep.include({ kind: 'that', text: 'expect that office and not gaming' });
    expect(that).to.deep.nested.include({ 'condition.kind': 'and', 'condition.left.name': 'office' });
  });
});
