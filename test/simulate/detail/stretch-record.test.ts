import { expect } from 'chai';
import type { Stretch } from '../../../src/simulate/detail/stretch.js';
import { StretchRecord } from '../../../src/simulate/detail/stretch-record.js';
import { replay } from '../../../src/simulate/replay/replay.js';
import { CLASSES, planOf } from '../../compiler/support.js';
import { MONDAY, traceOf } from '../support.js';

const PLAN = planOf(`${CLASSES} when owner.demand > 50% { pause batch }`);

function stretchesOf(demand: readonly number[], stepMs = 1000): readonly Stretch[] {
  const record = new StretchRecord();
  replay(PLAN, traceOf({ 'owner.demand': demand }, stepMs), { startMs: MONDAY }, (span) => record.add(span));
  return record.stretches();
}

const second = (ms: number) => (ms - MONDAY) / 1000;

describe('picking what to run in detail', () => {
  it('takes of each schedule the moment at which most is wanted, and some of all its time', () => {
    const held = stretchesOf([10, 40, 20, 70, 95, 80]).flatMap((one) =>
      one.kind === 'moment' ? [one.moment] : [],
    );
    const times = held.map(({ atMs }) => second(atMs));
    expect(times).to.include.members([1, 4]);
    expect(new Set(times).size).to.equal(times.length);
    expect(held.length).to.be.at.most(2 * 4);
  });

  it('takes each change between two schedules once, counts them, and has with it what came right after', () => {
    const changes = stretchesOf([10, 90, 90, 90, 90, 10, 10, 10, 10, 95, 95, 95, 95]).flatMap((one) =>
      one.kind === 'change' ? [one] : [],
    );
    expect(changes.map(({ times }) => times)).to.deep.equal([2, 1]);
    const [toBusy] = changes;
    // The second time more was wanted.
    expect(second(toBusy?.after[0]?.moment.atMs ?? 0)).to.equal(9);
    expect(toBusy?.after.map(({ ms }) => ms)).to.deep.equal([1000, 1000, 1000]);
    expect(second(toBusy?.before.atMs ?? 0)).to.equal(8);
  });

  it('prefers the change that others followed at once', () => {
    const [change] = stretchesOf([10, 60, 10, 60, 10, 10, 10, 10, 99, 99, 99, 99]).flatMap((one) =>
      one.kind === 'change' && one.times === 3 ? [one] : [],
    );
    expect(second(change?.after[0]?.moment.atMs ?? 0)).to.equal(1);
  });

  it('cuts what came after a change where steps are long, or the replay ends', () => {
    const [long] = stretchesOf([10, 90], 3_600_000).flatMap((one) => (one.kind === 'change' ? [one] : []));
    expect(long?.after.map(({ ms }) => ms)).to.deep.equal([3000]);
    const [short] = stretchesOf([10, 90]).flatMap((one) => (one.kind === 'change' ? [one] : []));
    expect(short?.after.map(({ ms }) => ms)).to.deep.equal([1000]);
  });
});
