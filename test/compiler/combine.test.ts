import { expect } from 'chai';
import { CLASSES, codesOf, compileText, HOST, planOf, scheduleIn, settingOf } from './support.js';

const only = (sentences: string) => scheduleIn(planOf(CLASSES + sentences));

describe('sentences on one subject', () => {
  it('combine by the lowest ceiling and name the sentence that sets it', () => {
    const quota = settingOf(
      only('limit batch to 3 cores\nlimit batch to 25% of cpu\nlimit batch to 2.5 cores'),
      'batch',
      'quota',
    );
    expect(quota?.ceilingCores).to.equal(2);
    expect(quota?.because.map(({ sentence }) => sentence)).to.deep.equal(['limit batch to 25% of cpu']);
  });

  it('combine by the highest floor', () => {
    const share = settingOf(only('guarantee build 1 core\nguarantee build 1.5 cores'), 'build', 'share');
    expect(share?.floorCores).to.equal(1.5);
  });

  it('combine a pause with a run to a pause', () => {
    const duty = settingOf(only('run batch 200ms every 1s\npause batch'), 'batch', 'duty');
    expect(duty?.runNs).to.equal(0);
  });

  it('apply what is said of a union to each of its classes', () => {
    const schedule = only('run lent 200ms every 1s');
    expect(settingOf(schedule, 'build', 'duty')?.runNs).to.equal(200_000_000);
    expect(settingOf(schedule, 'batch', 'duty')?.runNs).to.equal(200_000_000);
    expect(settingOf(schedule, 'video', 'duty')).to.equal(undefined);
  });

  it('may reserve the same subject twice with one period: the larger budget counts', () => {
    const schedule = only('reserve video 5ms every 50ms\nreserve video 8ms every 50ms');
    expect(settingOf(schedule, 'video', 'reservation')?.budgetNs).to.equal(8_000_000);
  });

  it('keep the most that any of them keeps for the owner', () => {
    expect(
      settingOf(only('keep 1 core for owner\nkeep 2 cores for owner'), 'owner', 'share')?.floorCores,
    ).to.equal(2);
  });
});

describe('a guard that is unknown', () => {
  const plan = () =>
    planOf(`${CLASSES}
      let busy = owner.demand > 60%
      when busy { limit batch to 1 core  guarantee build 1 core  keep 1 core for owner }
      otherwise { limit batch to 2 cores  share cpu among build 2, batch 1 }`);

  it("leaves restrictions in force, of two arms the stricter's", () => {
    expect(settingOf(scheduleIn(plan(), { busy: 'unknown' }), 'batch', 'quota')?.ceilingCores).to.equal(1);
    expect(settingOf(scheduleIn(plan(), { busy: false }), 'batch', 'quota')?.ceilingCores).to.equal(2);
  });

  it('leaves promises to guests out of force, and what is kept for the owner in force', () => {
    const unknown = scheduleIn(plan(), { busy: 'unknown' });
    expect(settingOf(unknown, 'build', 'share')).to.equal(undefined);
    expect(settingOf(unknown, 'owner', 'share')?.floorCores).to.equal(1);
    expect(settingOf(scheduleIn(plan(), { busy: true }), 'build', 'share')?.floorCores).to.equal(1);
  });

  it('makes the stricter of two different duty cycles hold instead of calling them a conflict', () => {
    const arms = planOf(`${CLASSES}
      when owner.demand > 60% { run batch 100ms every 1s } otherwise { run batch 500ms every 1s }`);
    expect(settingOf(scheduleIn(arms, { 'owner.demand > 60%': 'unknown' }), 'batch', 'duty')?.runNs).to.equal(
      100_000_000,
    );
  });

  it('can be told what it means', () => {
    const assuming = planOf(`${CLASSES}when owner.demand > 60% assuming false { pause batch }`);
    expect(assuming.modes.map(({ when }) => Object.values(when)[0])).to.deep.equal([true, false]);
  });
});

describe('a mode', () => {
  it('shares its schedule with every other in which the same sentences hold', () => {
    const plan = planOf(`${CLASSES}
      switch gaming
      let busy = owner.demand > 60%
      when gaming or busy { pause batch }
      when busy { pause batch }`);
    const paused = plan.modes.filter(({ schedule }) =>
      settingOf(plan.schedules.find(({ id }) => id === schedule) ?? plan.schedules[0]!, 'batch', 'duty'),
    );
    expect(plan.modes.length).to.be.greaterThan(plan.schedules.length);
    expect(paused.length).to.be.greaterThan(1);
  });

  it('that never occurs is not planned, and its sentences are reported', () => {
    const { plan, diagnostics } = compileText(`${CLASSES}when weekdays { when weekends { pause batch } }`);
    expect(diagnostics.map(({ code }) => code)).to.include('VMC3009');
    expect(plan?.modes.map(({ when }) => Object.values(when))).to.deep.equal([
      [true, false],
      [false, true],
    ]);
  });
});

describe('conflicts', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['two different duty cycles', 'VMC3001', 'run batch 200ms every 1s\nrun batch 300ms every 1s'],
    ['two duty cycles, one through a union', 'VMC3001', 'run batch 200ms every 1s\nrun lent 300ms every 1s'],
    [
      'two proportions for one class',
      'VMC3002',
      'share cpu among build 4, batch 1\nshare cpu among build 3, batch 1',
    ],
    [
      'a reservation and a share',
      'VMC3003',
      'reserve build 1ms every 10ms\nshare cpu among build 4, batch 1',
    ],
    ['a reservation and a guarantee', 'VMC3003', 'reserve build 1ms every 10ms\nguarantee build 1 core'],
    [
      'a guarantee of more than an exact reservation in the union leaves it',
      'VMC3005',
      'reserve video 20ms every 100ms\ngroup mixed = video, build\nguarantee mixed 5 cores',
    ],
    ['a reservation and a pause', 'VMC3004', 'reserve video 1ms every 10ms\npause video'],
    [
      'a reservation and a duty cycle of a union',
      'VMC3004',
      'reserve batch 1ms every 10ms\nrun lent 200ms every 1s',
    ],
    ['a reservation and a lower limit', 'VMC3004', 'reserve video 10ms every 20ms\nlimit video to 0.5 cores'],
    [
      'reservations and a lower limit on their sum',
      'VMC3004',
      'reserve batch 5ms every 10ms\nlimit guests to 1 core',
    ],
    ['a guarantee and a lower limit', 'VMC3005', 'guarantee build 2 cores\nlimit build to 1 core'],
    [
      'guarantees and a lower limit on their sum',
      'VMC3005',
      'guarantee build 2 cores\nguarantee batch 1 core\nlimit lent to 2 cores',
    ],
    ['a guarantee and a pause', 'VMC3005', 'guarantee build 1 core\npause build'],
    [
      'a guarantee and a duty cycle too short for it',
      'VMC3005',
      'guarantee each batch 0.5 cores\nrun batch 200ms every 1s',
    ],
    [
      'a guarantee to a union whose classes are limited',
      'VMC3005',
      'guarantee lent 3 cores\nlimit build to 1 core\nlimit batch to 1 core',
    ],
    [
      'two reservations with different periods',
      'VMC3006',
      'reserve video 1ms every 10ms\nreserve video 3ms every 20ms',
    ],
    [
      'a limit that reservations use up',
      'VMC3011',
      'group both = video, batch\nreserve video 10ms every 20ms\nlimit both to 1 core',
    ],
    [
      'guarantees beyond the host',
      'VMC4002',
      'guarantee build 4 cores\nguarantee batch 4 cores\nkeep 1 core for owner',
    ],
    ['more kept than there is', 'VMC4003', 'keep 9 cores for owner'],
    [
      'periods that do not go together',
      'VMC4004',
      'run build 100ms every 999.983s\nrun batch 100ms every 999.979s',
    ],
    ['a promise to guests without number', 'VMC4008', 'reserve guests 1ms every 10ms'],
    ['a mechanism that cannot keep a sentence', 'VMC5003', 'run batch 200ms every 1s by quota'],
    ['a limit below what a quota can keep', 'VMC5007', 'limit batch to 0.0001 cores'],
  ];
  for (const [name, code, sentences] of cases) {
    it(`are reported: ${name}`, () => {
      expect(codesOf(CLASSES + sentences)).to.deep.equal([code]);
    });
  }

  it('name every place and the mode that shows them, once however many modes do', () => {
    const { diagnostics } = compileText(`${CLASSES}
      switch gaming
      let office = weekdays 09:00-17:00
      when office { run batch 200ms every 1s }
      when gaming { run batch 300ms every 1s }
      when owner.demand > 50% { pause build }`);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).to.have.length(1);
    const [first] = diagnostics;
    expect(first?.message).to.include('in mode').and.include('office').and.include('for example at 20');
    expect(first?.related).to.have.length(1);
  });

  it('are none where the guards exclude each other', () => {
    expect(
      codesOf(`${CLASSES}switch gaming
      when gaming { run batch 200ms every 1s } otherwise { run batch 300ms every 1s }`),
    ).to.deep.equal([]);
  });

  it('are none between proportions that agree, or that have one subject in common', () => {
    expect(
      codesOf(`${CLASSES}share cpu among build 4, batch 1\nshare cpu among build 8, batch 2`),
    ).to.deep.equal([]);
    expect(
      codesOf(`${CLASSES}share cpu among build 4, batch 1\nshare cpu among batch 3, video 1`),
    ).to.deep.equal([]);
  });

  it('are none in unions of unions, however many ways lead to a class', () => {
    const levels = Array.from(
      { length: 40 },
      (_, n) => `group a${n + 1} = a${n}, b${n}\ngroup b${n + 1} = b${n}, a${n}\n`,
    );
    const unions = `group a0 = video, build\ngroup b0 = build, video\n${levels.join('')}`;
    expect(codesOf(`${CLASSES}${unions}limit a40 to 1 core`)).to.deep.equal([]);
  });

  it('arise from unions that overlap and both carry totals', () => {
    const text = `${CLASSES}group some = video, build\nlimit some to 2 cores\nlimit lent to 2 cores`;
    expect(codesOf(text)).to.deep.equal(['VMC3007']);
  });

  it('arise from a missing mechanism only where no other can keep the sentence', () => {
    const facts = { ...HOST, mechanisms: ['duty'] as const };
    expect(codesOf(`${CLASSES}reserve video 1ms every 10ms`, facts)).to.deep.equal(['VMC5002']);
    expect(codesOf(`${CLASSES}limit batch to 1 core\nrun build 100ms every 1s`, facts)).to.deep.equal([]);
  });
});

describe('what a setting follows from', () => {
  it('is cited in a text of bounded length, so that a plan does not grow with the square of a sentence', () => {
    const names = Array.from({ length: 300 }, (_, index) => `machine${index}`);
    const classes = names.map((name) => `vm ${name} { match user "${name}" vcpus 1 }`).join('\n');
    const plan = planOf(
      `${classes}\nshare cpu among ${names.map((name, i) => `${name} ${i + 1}`).join(', ')}`,
    );
    const [cited] = plan.schedules.flatMap(({ settings }) => settings.flatMap(({ because }) => because));
    expect(cited?.sentence)
      .to.have.length(501)
      .and.to.match(/^share cpu among machine0 1, .*…$/);
  });

  it('has every one of many equal sentences, on each of their classes', () => {
    const equal = 'limit each lent to 0.5 cores\nrun lent 10ms every 100ms\nyield lent\n'.repeat(3);
    const { settings } = scheduleIn(planOf(`${CLASSES}${equal}`));
    const cited = settings.filter(({ mechanism }) => mechanism === 'quota' || mechanism === 'duty');
    expect(cited.length).to.be.greaterThan(2);
    for (const { because } of cited) expect(because).to.have.length(3);
  });
});
