import { expect } from 'chai';
import { AccountBook } from '../../../src/enforce/account/account-book.js';
import { measureInterval } from '../../../src/enforce/account/measure.js';
import { intervalBetween } from '../../../src/enforce/account/usage.js';
import { classify, NO_ASSIGNMENT } from '../../../src/enforce/classify.js';
import { indexPlan } from '../../../src/enforce/plan-index.js';
import { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import {
  duty,
  FACTS,
  onEach,
  onSum,
  plan,
  quota,
  reservation,
  schedule,
  server,
  vm,
} from '../support/plans.js';

const MS = 1e6;
const S = 1e9;

/** A host with one busy guest of class a, and a book that is kept of it under these settings. */
async function kept(...settings: Parameters<typeof schedule>[1]['settings'] & object) {
  const servers = settings.some(({ mechanism }) => mechanism === 'reservation')
    ? [server('a', 'vcpu 0', 0, 20 * MS, 100 * MS)]
    : [];
  const one = schedule('s', { settings: [...settings], servers });
  const whole = plan({ classes: [vm('a')], schedules: [one] });
  const index = indexPlan(whole);
  const host = new SimulatedHost({ facts: FACTS });
  await host.start();
  const key = host.boot({ name: 'a' });
  const book = new AccountBook();
  let before = await host.observe();
  const { classified } = classify(
    whole,
    NO_ASSIGNMENT,
    before.guests.map(({ guest }) => guest),
  );
  const passes = async (seconds: number, mode = 'm') => {
    host.advance(seconds * S);
    const after = await host.observe();
    const interval = intervalBetween(before, after);
    book.record(
      mode,
      classified,
      measureInterval(index, one, classified, interval, null),
      interval,
      after.atNs,
    );
    before = after;
  };
  return { host, key, book, passes };
}

describe('AccountBook', () => {
  it('compares a promise with the CPU time of the vCPUs, missed ones included', async () => {
    const setting = reservation('a', 20 * MS, 100 * MS);
    const { book, key, passes, host } = await kept(setting);
    host.setOwner(
      'busy',
      'busy',
      'busy',
      'busy',
      'busy',
      'busy',
      'busy',
      'busy',
      'busy',
      'busy',
      'busy',
      'busy',
      'busy',
      'busy',
      'busy',
    );
    await passes(4);
    const measure = book.measure(key, setting);
    expect(measure).to.include({ unit: 'cores', bound: 'exactly', measuredNs: 4 * S });
    expect(measure?.promised).to.be.closeTo(0.2, 1e-9);
    expect(measure?.deliveredInMode).to.be.closeTo(2 / 16, 0.001);
  });

  it('compares a ceiling with the CPU time of those it acts on, and a duty cycle with the time allowed', async () => {
    const [ceiling, cycle] = [quota(onSum('a'), 0.5), duty(onEach('a'), 200 * MS, 1000 * MS)];
    const { book, key, passes, host } = await kept(ceiling, cycle);
    const windows = [{ startNs: 0n, endNs: 200_000_000n }];
    await host.act({
      kind: 'set-timetable',
      timetable: { hyperperiodNs: 1_000_000_000n, entries: [{ guest: key, windows }] },
    });
    await passes(5);
    expect(book.measure(key, ceiling)).to.include({ bound: 'at-most', promised: 0.5 });
    expect(book.measure(key, ceiling)?.deliveredInMode).to.be.closeTo(0.2, 1e-6);
    expect(book.measure(key, cycle)).to.include({ unit: 'fraction', promised: 0.2 });
    expect(book.measure(key, cycle)?.deliveredInMode).to.be.closeTo(0.2, 1e-6);
  });

  it('looks back ten seconds, to the beginning of the mode, and over all time in each mode', async () => {
    const setting = quota(onSum('a'), 1);
    const { book, key, passes, host } = await kept(setting);
    for (let second = 0; second < 10; second++) await passes(1, 'first');
    book.beginMode();
    expect(book.measure(key, setting)).to.equal(null);
    host.userStops(key);
    for (let second = 0; second < 5; second++) await passes(1, 'second');
    host.userContinues(key);
    expect(book.measure(key, setting)?.deliveredInMode).to.equal(0);
    expect(book.measure(key, setting)?.delivered10s).to.be.closeTo(0.5, 1e-6);
    expect(book.cpuCores10s(key)).to.be.closeTo(0.5, 1e-6);
    expect(
      book.accounts().map(({ mode, delivered, measuredNs }) => [mode, delivered, measuredNs]),
    ).to.deep.equal([
      ['first', 1, 10 * S],
      ['second', 0, 5 * S],
    ]);
  });

  it('does not count against a promise the time for which a guest’s user had stopped it', async () => {
    const setting = reservation('a', 20 * MS, 100 * MS);
    const { book, key, passes, host } = await kept(setting);
    host.userStops(key);
    await passes(3);
    expect(book.measure(key, setting)).to.equal(null);
  });
});
