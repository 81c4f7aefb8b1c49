import { expect } from 'chai';
import type { SettingOf } from '../../src/compiler/plan.js';
import { verifyPlan } from '../../src/compiler/verify-plan.js';
import { CLASSES, codesOf, HOST, planOf, scheduleIn, settingOf } from './support.js';

const GIB = 1024 ** 3;
const only = (sentences: string) => scheduleIn(planOf(CLASSES + sentences));
const plain = (setting: SettingOf<'memory' | 'disk' | 'network'> | undefined) => {
  if (!setting) return setting;
  const { class: name, scope, mechanism, fidelity, because, subject, ...numbers } = setting;
  return { scope, ...numbers };
};

describe('memory', () => {
  it('has ceilings by the lowest and floors by the highest, on sums and on each guest', () => {
    const schedule = only(`
      limit lent to 10 GiB memory
      limit lent to 50% of memory
      limit each batch to 2 GiB memory
      guarantee each batch 1 GiB memory
      guarantee each batch 512 MiB memory`);
    expect(plain(settingOf(schedule, 'lent', 'memory'))).to.deep.equal({
      scope: 'sum',
      ceilingBytes: 10 * GIB,
      floorBytes: null,
    });
    expect(plain(settingOf(schedule, 'batch', 'memory'))).to.deep.equal({
      scope: 'each',
      ceilingBytes: 2 * GIB,
      floorBytes: GIB,
    });
    expect(settingOf(schedule, 'batch', 'memory')?.because.map(({ sentence }) => sentence)).to.deep.equal([
      'limit each batch to 2 GiB memory',
      'guarantee each batch 1 GiB memory',
    ]);
  });

  it('that is kept for the owner is what guests together may not have', () => {
    const schedule = only('keep 2 cores and 8 GiB memory for owner');
    expect(plain(settingOf(schedule, 'owner', 'memory'))).to.deep.equal({
      scope: 'sum',
      ceilingBytes: null,
      floorBytes: 8 * GIB,
    });
    expect(settingOf(schedule, 'guests', 'memory')?.ceilingBytes).to.equal(24 * GIB);
    expect(settingOf(schedule, 'owner', 'share')?.floorCores).to.equal(2);
  });

  it('has the lower of the two where guests have a limit of their own', () => {
    const ceiling = (limit: string) =>
      settingOf(only(`keep 8 GiB memory for owner\nlimit guests to ${limit} memory`), 'guests', 'memory')
        ?.ceilingBytes;
    expect(ceiling('20 GiB')).to.equal(20 * GIB);
    expect(ceiling('30 GiB')).to.equal(24 * GIB);
  });

  it('can be promised as far as there is some', () => {
    const text = (each: string) =>
      `${CLASSES}keep 25% of memory for owner\nguarantee each batch ${each} memory\nguarantee build 4 GiB memory`;
    expect(codesOf(text('5 GiB'))).to.deep.equal([]);
    expect(codesOf(text('5.1 GiB'))).to.deep.equal(['VMC4002']);
    expect(codesOf('keep 33 GiB memory for owner')).to.deep.equal(['VMC4003']);
  });

  it('is promised to a union once, however its parts add up', () => {
    const text = (union: string) =>
      `${CLASSES}guarantee each batch 4 GiB memory\nguarantee build 8 GiB memory\nguarantee lent ${union} memory`;
    expect(codesOf(text('32 GiB'))).to.deep.equal([]);
    expect(codesOf(text('33 GiB'))).to.deep.equal(['VMC4002']);
  });

  it('cannot be promised beyond a limit, of each guest or of a sum around it', () => {
    expect(
      codesOf(`${CLASSES}limit each batch to 1 GiB memory\nguarantee each batch 2 GiB memory`),
    ).to.deep.equal(['VMC3005']);
    expect(codesOf(`${CLASSES}limit lent to 7 GiB memory\nguarantee each batch 2 GiB memory`)).to.deep.equal([
      'VMC3005',
    ]);
    expect(codesOf(`${CLASSES}limit lent to 8 GiB memory\nguarantee each batch 2 GiB memory`)).to.deep.equal(
      [],
    );
  });

  it('does not contradict a reservation of CPU', () => {
    expect(codesOf(`${CLASSES}reserve video 5ms every 20ms\nguarantee video 2 GiB memory`)).to.deep.equal([]);
  });

  it('needs none of the mechanisms for CPU', () => {
    const facts = { ...HOST, mechanisms: [] };
    expect(codesOf(`${CLASSES}limit batch to 1 GiB memory`, facts)).to.deep.equal([]);
    expect(codesOf(`${CLASSES}limit batch to 1 GiB memory and 1 core`, facts)).to.deep.equal(['VMC5002']);
  });

  it('is promised to nobody while it is unknown whether it ought to be', () => {
    const plan = planOf(
      `${CLASSES}when owner.demand < 20% { guarantee build 2 GiB memory limit batch to 1 GiB memory }`,
    );
    const unknown = scheduleIn(plan, { 'owner.demand < 20%': 'unknown' });
    expect(settingOf(unknown, 'build', 'memory')).to.equal(undefined);
    expect(settingOf(unknown, 'batch', 'memory')?.ceilingBytes).to.equal(GIB);
  });
});

describe('disk and network', () => {
  it('have limits', () => {
    const schedule = only(`
      limit each batch to 50 MB/s disk and 500 iops disk and 100 Mbit/s network
      limit batch to 100 MB/s disk
      limit lent to 2 cores and 20 MB/s disk`);
    const disks = schedule.settings.filter((one): one is SettingOf<'disk'> => one.mechanism === 'disk');
    expect(disks.map((one) => [one.class, plain(one)])).to.deep.equal([
      ['lent', { scope: 'sum', bytesPerSecond: 20e6, iops: null }],
      ['batch', { scope: 'sum', bytesPerSecond: 100e6, iops: null }],
      ['batch', { scope: 'each', bytesPerSecond: 50e6, iops: 500 }],
    ]);
    expect(plain(settingOf(schedule, 'batch', 'network'))).to.deep.equal({
      scope: 'each',
      bytesPerSecond: 12.5e6,
    });
    expect(settingOf(schedule, 'lent', 'quota')?.ceilingCores).to.equal(2);
  });

  it('cannot be promised: nobody knows how much there is', () => {
    expect(codesOf('keep 50 MB/s disk for owner')).to.deep.equal(['VMC5010']);
    expect(codesOf(`${CLASSES}guarantee video 10 Mbit/s network`)).to.deep.equal(['VMC5010']);
  });
});

describe('an elastic limit', () => {
  const ELASTIC =
    'limit batch to 90% of cpu - forecast(owner.demand over 10s at 95%) between 10% and 25% of cpu';

  it('is a quota with its range and what it follows', () => {
    const plan = planOf(CLASSES + ELASTIC);
    const quota = settingOf(scheduleIn(plan), 'batch', 'quota');
    expect(quota?.ceilingCores).to.equal(2);
    expect(quota?.elastic).to.deep.equal({
      base: 7.2,
      minus: { kind: 'forecast', signal: 'owner.demand', overNs: 10e9, side: 'upper', level: 0.95 },
      fromCores: 0.8,
      toCores: 2,
    });
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('is never above a plain limit on the same subject', () => {
    const quotas = only(`${ELASTIC}\nlimit batch to 1.5 cores`).settings.filter(
      ({ mechanism }) => mechanism === 'quota',
    ) as SettingOf<'quota'>[];
    expect(
      quotas.map(({ ceilingCores, elastic }) => [ceilingCores, elastic?.fromCores, elastic?.toCores]),
    ).to.deep.equal([[1.5, 0.8, 1.5]]);
  });

  it('leaves what reservations under it take to them', () => {
    const quota = settingOf(
      only('limit guests to 6 cores - owner.cpu between 3 cores and 5 cores\nreserve video 10ms every 20ms'),
      'guests',
      'quota',
    );
    expect([quota?.elastic?.base, quota?.elastic?.fromCores, quota?.elastic?.toCores]).to.deep.equal([
      4.95, 1.95, 3.95,
    ]);
  });

  it('may not break a promise at its lower end', () => {
    expect(codesOf(`${CLASSES}${ELASTIC}\nguarantee batch 0.8 cores`)).to.deep.equal([]);
    expect(codesOf(`${CLASSES}${ELASTIC}\nguarantee batch 0.9 cores`)).to.deep.equal(['VMC3005']);
    expect(
      codesOf(
        `${CLASSES}limit guests to 6 cores - owner.cpu between 0.5 cores and 5 cores\nreserve video 10ms every 20ms`,
      ),
    ).to.deep.equal(['VMC3004']);
  });

  it('is kept at its lower end where guests have to be stopped', () => {
    const schedule = only(`${ELASTIC} by duty`);
    const duty = settingOf(schedule, 'batch', 'duty');
    expect([duty?.runNs, duty?.periodNs]).to.deep.equal([20e6, 100e6]);
    expect(duty?.fidelity.note).to.match(/lower end/);
  });
});
