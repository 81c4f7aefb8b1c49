import { expect } from 'chai';
import { compile } from '../../src/compiler/compile.js';
import type { HostFacts } from '../../src/compiler/facts.js';
import { verifyPlan } from '../../src/compiler/verify-plan.js';
import { CLASSES, compileText, HOST, HOST_V1, planOf, scheduleIn, settingOf } from './support.js';

const WITHOUT_CGROUP: HostFacts = {
  ...HOST,
  cgroup: { version: 0, cpuset: false, freezer: false, gather: false, ownerAs: 'threads' },
  deadlineLimit: 0,
};

describe('mechanism choice', () => {
  it('keeps each kind of sentence by its best mechanism', () => {
    const schedule = scheduleIn(
      planOf(`${CLASSES}
        keep 1 core for owner
        reserve video 5ms every 50ms
        guarantee build 1 core
        limit batch to 2 cores
        run batch 200ms every 1s`),
    );
    expect(schedule.settings.map((one) => `${one.class} ${one.mechanism}`)).to.deep.equal([
      'owner share',
      'guests share',
      'video reservation',
      'build share',
      'batch quota',
      'batch duty',
    ]);
  });

  it('honours a mechanism that is asked for', () => {
    const schedule = scheduleIn(
      planOf(`${CLASSES}pause batch by freezer\nlimit each batch to 0.5 cores by duty`),
    );
    expect(settingOf(schedule, 'batch', 'freezer')?.runNs).to.equal(0);
  });

  it('falls back to a duty cycle where there are no quotas, and says so', () => {
    const { plan, diagnostics } = compileText(`${CLASSES}limit each batch to 25% of a core`, WITHOUT_CGROUP);
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['VMC5004']);
    const duty = plan?.schedules[0]?.settings[0];
    expect(duty).to.include({ mechanism: 'duty', runNs: 25_000_000, periodNs: 100_000_000 });
    expect(plan?.tree).to.deep.equal([]);
  });

  it('bounds how many guests run at once where a limit on a sum is kept by stopping them', () => {
    const { plan } = compileText(`${CLASSES}limit batch to 1.5 cores`, WITHOUT_CGROUP);
    const timetable = plan?.schedules[0]?.timetable;
    expect(timetable?.ceilings).to.deep.equal([{ classes: ['batch'], vcpus: 2 }]);
    const duty = plan?.schedules[0]?.settings[0];
    expect(duty?.mechanism === 'duty' && (4 * duty.runNs) / duty.periodNs).to.be.at.most(1.5);
  });

  it('leaves no limit unkept in silence that would have to stop guests of no class', () => {
    const alone = compileText(`${CLASSES}limit others to 1 core`, WITHOUT_CGROUP);
    expect(alone.diagnostics.map(({ code }) => code)).to.deep.equal(['VMC5002']);
    expect(alone.diagnostics[0]?.message).to.contain('quota');
    const among = compileText(`${CLASSES}limit guests to 2 cores`, WITHOUT_CGROUP);
    expect(among.diagnostics.map(({ code }) => code)).to.deep.equal(['VMC5004']);
    expect(among.diagnostics[0]?.message).to.contain('guests of no class are left out');
  });

  it('keeps proportions by ceilings where there are no weights', () => {
    const facts = { ...HOST, mechanisms: ['quota', 'duty'] as const };
    const schedule = scheduleIn(planOf(`${CLASSES}share cpu among build 3, batch 1`, facts));
    expect(settingOf(schedule, 'build', 'quota')?.ceilingCores).to.equal(6);
    expect(settingOf(schedule, 'batch', 'quota')?.ceilingCores).to.equal(2);
  });

  it("keeps the owner's floor by a ceiling on the guests where there are no weights", () => {
    const facts = { ...HOST, mechanisms: ['quota'] as const };
    const schedule = scheduleIn(planOf(`${CLASSES}keep 2 cores for owner`, facts));
    expect(settingOf(schedule, 'guests', 'quota')?.ceilingCores).to.equal(6);
  });

  it('uses only the mechanisms that the policy lists', () => {
    const schedule = scheduleIn(planOf(`host { mechanisms freezer }\n${CLASSES}run batch 200ms every 1s`));
    expect(settingOf(schedule, 'batch', 'freezer')?.runNs).to.equal(200_000_000);
    expect(schedule.timing).to.equal(null);
  });

  it('can leave out what a host without privileges cannot keep, with a warning for each sentence', () => {
    const text = `${CLASSES}reserve video 5ms every 50ms\nguarantee build 1 core\nrun batch 200ms every 1s`;
    const facts: HostFacts = { ...WITHOUT_CGROUP, mechanisms: ['duty'] };
    const { plan, diagnostics } = compile({ file: 'a.vmc', text }, facts, { degrade: true });
    const codes = diagnostics.map(({ code }) => code).filter((code) => !code.startsWith('VMC6'));
    expect(codes).to.deep.equal(['VMC5008', 'VMC5004']);
    expect(
      plan?.schedules[0]?.settings.map(({ class: name, mechanism }) => `${name} ${mechanism}`),
    ).to.include('batch duty');
  });

  it('treats a mechanism as absent whose means the other facts deny', () => {
    const { diagnostics } = compileText(`${CLASSES}reserve video 5ms every 50ms`, {
      ...HOST,
      deadlineLimit: 0,
    });
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['VMC5002']);
  });

  it('plans for the cores that the policy declares, and warns where the machine has fewer', () => {
    const { plan, diagnostics } = compileText(`host { cores 16 }\n${CLASSES}limit batch to 25% of cpu`);
    expect(plan?.host.cores).to.equal(16);
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['VMC5005']);
  });

  it('gives cores that the machine lacks ids that none of its own has', () => {
    const cores = [2, 3].map((id) => ({ id, sibling: id, capacity: 1024 }));
    const plan = planOf(`host { cores 4 }\n${CLASSES}reserve build 60ms every 100ms`, { ...HOST, cores });
    const ids = typeof plan.host.cores === 'number' ? [] : plan.host.cores.map(({ id }) => id);
    expect(ids).to.deep.equal([2, 3, 4, 5]);
    expect(verifyPlan(plan)).to.deep.equal([]);
  });
});

describe('fidelity', () => {
  const reservation = (sentence: string, facts: HostFacts) =>
    settingOf(scheduleIn(planOf(CLASSES + sentence, facts)), 'video', 'reservation')?.fidelity;
  const ticking: HostFacts = { ...HOST, hrtickDeadline: false };

  it('of a reservation with precise timers is hard with a gap of 2(P − Q)', () => {
    expect(reservation('reserve video 1ms every 10ms', HOST)).to.include({
      kind: 'hard',
      worstGapNs: 18_000_000,
    });
  });

  it('of a reservation of two ticks and more is hard, with the overrun of a tick in the gap', () => {
    const gap = 2 * (40 - 8) + 0 * 40 + 4;
    expect(reservation('reserve video 8ms every 40ms', ticking)).to.include({
      kind: 'hard',
      worstGapNs: gap * 1e6,
    });
  });

  it('of a smaller one is bounded: by two overruns running, each made good by as many periods as a tick has budgets', () => {
    const text = `vm a { match name "a" and user "u" vcpus 1 overhead 5us every 1s }`;
    const of = (sentence: string) =>
      settingOf(scheduleIn(planOf(`${text}\n${sentence}`, { ...ticking, cores: 1 })), 'a', 'reservation');
    expect(of('reserve a 1ms every 10ms')?.fidelity.kind).to.equal('bounded');
    // The slack of the core in a second makes good what its main loop and vmc's own thread overrun.
    const tenth = of('reserve a 100ms every 1s')?.fidelity;
    expect(tenth).to.include({ kind: 'hard', worstGapNs: (2 * 900 + 4) * 1e6 });
    expect(of('reserve a 1ms every 10ms')?.fidelity.worstGapNs).to.be.at.least((2 * 4 * 9 + 4) * 1e6);
    expect(of('reserve a 0.2ms every 1ms')?.fidelity.worstGapNs).to.be.at.least((2 * 20 * 0.8 + 4) * 1e6);
  });

  it('of a reservation on a crowded core with ticks counts what the others there may overrun', () => {
    const text = `group two up to 2 vms { match user "u" vcpus 1 overhead 5us every 1s }
      reserve two 9ms every 24ms`;
    const fidelity = settingOf(
      scheduleIn(planOf(text, { ...ticking, cores: 1 })),
      'two',
      'reservation',
    )?.fidelity;
    // Four servers: three others, a tick each, less what is spared of 24 ms by 2 × 9.02 and 2 × 25 us a second.
    const spareUs = Math.floor((1 - 2 * (9.02 / 24) - 2 * 0.000025) * 24_000);
    const lateUs = 12_000 - spareUs;
    expect(fidelity?.kind).to.equal('bounded');
    expect(fidelity?.worstGapNs).to.be.closeTo((2 * 15_000 + 4000 + lateUs) * 1000, 1000);
  });

  it('of a reservation under global EDF that only bounds tardiness is bounded', () => {
    const facts: HostFacts = { ...HOST, cores: 2, cgroup: { ...HOST.cgroup, cpuset: false } };
    const fidelity = reservation('reserve video 70ms every 100ms', facts);
    expect(fidelity?.kind).to.equal('bounded');
    expect(fidelity?.worstGapNs).to.be.greaterThan(60e6);
  });

  it('of a duty cycle is the time for which it is stopped', () => {
    const duty = settingOf(scheduleIn(planOf(`${CLASSES}run batch 200ms every 1s`)), 'batch', 'duty');
    expect(duty?.fidelity).to.include({ kind: 'bounded', worstGapNs: 800_000_000 });
  });

  it('of a duty cycle without a server for the timing thread is best effort', () => {
    const duty = settingOf(
      scheduleIn(planOf(`${CLASSES}run batch 200ms every 1s`, WITHOUT_CGROUP)),
      'batch',
      'duty',
    );
    expect(duty?.fidelity.kind).to.equal('best-effort');
  });

  it('of a quota is what is left of its period when all vCPUs have used it up', () => {
    const quota = settingOf(scheduleIn(planOf(`${CLASSES}limit batch to 2 cores`)), 'batch', 'quota');
    expect(quota?.fidelity).to.include({ kind: 'bounded', worstGapNs: 100_000_000 - 200_000_000 / 4 });
  });

  it('of a share bounds no gap', () => {
    const share = settingOf(
      scheduleIn(planOf(`${CLASSES}share cpu among build 3, batch 1`)),
      'build',
      'share',
    );
    expect(share?.fidelity).to.deep.equal({ kind: 'best-effort', worstGapNs: null, rateError: 0 });
  });
});

describe('quotas', () => {
  const quota = (sentences: string, name: string) =>
    settingOf(scheduleIn(planOf(CLASSES + sentences)), name, 'quota');

  it('have a period long enough for the least quota of the kernel', () => {
    expect(quota('limit build to 0.5% of a core', 'build')).to.include({
      ceilingCores: 0.005,
      periodNs: 200_000_000,
    });
    expect(quota('limit build to 2 cores', 'build')).to.include({ periodNs: 100_000_000 });
  });

  it('leave out what reservations take, which the bandwidth controller does not see', () => {
    const guests = quota('limit guests to 4 cores\nreserve video 10ms every 20ms', 'guests');
    expect(guests?.ceilingCores).to.equal(4 - 2 * 0.5 - 0.05);
  });

  it('act on each guest or on the sum, as the sentence says', () => {
    expect(quota('limit each batch to 0.5 cores', 'batch')?.scope).to.equal('each');
    expect(quota('limit batch to 0.5 cores', 'batch')?.scope).to.equal('sum');
    expect(quota('limit each build to 0.5 cores', 'build')?.scope).to.equal('sum');
  });
});

describe('shares', () => {
  const share = (plan: ReturnType<typeof planOf>, name: string) => settingOf(scheduleIn(plan), name, 'share');

  it("set the guests' slice against the owner's slice so that it keeps its floor", () => {
    const plan = planOf(`${CLASSES}keep 2 cores for owner`);
    expect(share(plan, 'guests')?.weight).to.equal(Math.floor((100 * (8 - 2)) / 2));
    expect(share(plan, 'owner')?.floorCores).to.equal(2);
  });

  it("set the guests' slice against the owner's threads so that it keeps its floor", () => {
    expect(share(planOf(`${CLASSES}keep 2 cores for owner`, HOST_V1), 'guests')?.weight).to.equal(
      1024 * (8 - 2),
    );
  });

  it('count only what reservations leave', () => {
    const plan = planOf(`${CLASSES}keep 2 cores for owner\nreserve video 10ms every 20ms`, HOST_V1);
    const reserved = (2 * 10.02) / 20 + 0.52 / 10;
    expect(share(plan, 'guests')?.weight).to.equal(Math.floor(1024 * (8 - reserved - 2)));
  });

  it('nest classes in unions that carry totals, and keep proportions across them', () => {
    const plan = planOf(`${CLASSES}limit lent to 4 cores\nshare cpu among build 3, batch 1, video 4`);
    expect(plan.tree).to.deep.equal([
      { name: 'lent', parent: null, subject: 'union' },
      { name: 'video', parent: null, subject: 'class' },
      { name: 'build', parent: 'lent', subject: 'class' },
      { name: 'batch', parent: 'lent', subject: 'class' },
    ]);
    expect([share(plan, 'lent')?.weight, share(plan, 'video')?.weight]).to.deep.equal([100, 100]);
    expect([share(plan, 'build')?.weight, share(plan, 'batch')?.weight]).to.deep.equal([150, 50]);
  });

  it('divide between owner and guests', () => {
    expect(share(planOf(`${CLASSES}share cpu among owner 1, guests 3`), 'guests')?.weight).to.equal(300);
    expect(share(planOf(`${CLASSES}share cpu among owner 1, guests 3`, HOST_V1), 'guests')?.weight).to.equal(
      3 * 8 * 1024,
    );
  });

  it('prove every guarantee against an owner with twice as many threads as cores', () => {
    const plan = planOf(`${CLASSES}guarantee build 3 cores\nguarantee batch 2 cores`, HOST_V1);
    const [top, inner] = plan.certificate.schedules[0]?.shares ?? [];
    expect(top?.children[0]).to.include({ class: 'owner', weight: 2 * 8 * 1024 });
    const build = inner?.children.find((child) => child.class === 'build');
    const [num = '0', den = '1'] = (build?.guaranteedCores ?? '0').split('/');
    expect(Number(num) / Number(den)).to.be.at.least(3);
  });

  it("say against how many of the owner's threads guarantees hold where more cannot be had", () => {
    const plan = planOf(`${CLASSES}keep 4 cores for owner\nguarantee build 3 cores`, HOST_V1);
    expect(share(plan, 'guests')?.fidelity.note).to.match(/at most \d+ threads/);
  });
});

describe('duty cycles', () => {
  const timetableOf = (sentences: string) => scheduleIn(planOf(CLASSES + sentences)).timetable;

  it('of guests with one period follow each other instead of starting together', () => {
    const timetable = timetableOf('run batch 200ms every 1s');
    expect(timetable?.windows.map(({ startNs }) => startNs / 1e6)).to.deep.equal([0, 200, 400, 600]);
  });

  it('that fill their period many times over do not all start at once', () => {
    const starts = timetableOf('run batch 600ms every 1s')?.windows.map(({ startNs }) => startNs) ?? [];
    expect(new Set(starts).size).to.equal(4);
  });

  it('of different periods repeat after the least common multiple', () => {
    const timetable = timetableOf('run batch 20ms every 100ms\nrun build 50ms every 150ms');
    expect(timetable?.hyperperiodNs).to.equal(300_000_000);
    expect(timetable?.windows.filter((one) => one.class === 'build')).to.have.length(2);
  });

  it('of a pause have no window', () => {
    expect(timetableOf('pause batch')?.windows).to.deep.equal([]);
  });

  it('of guests of no class are one window for all of them', () => {
    expect(timetableOf('run others 200ms every 1s')?.windows).to.deep.equal([
      { class: 'others', member: 0, startNs: 0, endNs: 200_000_000 },
    ]);
  });

  it('under a limit that is kept by stopping guests must fit it', () => {
    const { diagnostics } = compileText(`${CLASSES}run batch 500ms every 1s\nlimit batch to 1 core by duty`);
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['VMC4005']);
  });
});
