import { expect } from 'chai';
import { verifyPlan } from '../../src/compiler/verify-plan.js';
import { CLASSES, codesOf, HOST, HOST_V1, planOf, scheduleIn, settingOf } from './support.js';

const only = (sentences: string) => scheduleIn(planOf(CLASSES + sentences));

describe('yield', () => {
  it('is a share that is idle', () => {
    const share = settingOf(only('yield batch'), 'batch', 'share');
    expect([share?.idle, share?.weight, share?.floorCores]).to.deep.equal([true, 1, null]);
    expect(share?.because.map(({ sentence }) => sentence)).to.deep.equal(['yield batch']);
  });

  it('has the least weight of the older cgroups too', () => {
    const schedule = scheduleIn(planOf(`${CLASSES}yield batch`, HOST_V1));
    expect(settingOf(schedule, 'batch', 'share')?.weight).to.equal(2);
  });

  it('makes all guests idle where every gathered one is', () => {
    expect(settingOf(only('yield batch'), 'guests', 'share')?.idle).to.equal(true);
    expect(settingOf(only('yield guests\nkeep 1 core for owner'), 'guests', 'share')?.idle).to.equal(true);
    const some = only('yield batch\nlimit build to 1 core');
    expect(settingOf(some, 'guests', 'share')).to.equal(undefined);
    expect(settingOf(some, 'batch', 'share')?.fidelity.note).to.match(/beside the owner/);
  });

  it('takes no part in the weights of the others', () => {
    const plan = planOf(
      `${CLASSES}share cpu among video 1, build 3, batch 4\nguarantee video 1 core\nyield batch`,
    );
    const schedule = scheduleIn(plan);
    expect(settingOf(schedule, 'batch', 'share')?.idle).to.equal(true);
    const proof = plan.certificate.schedules[0]?.shares.find(({ parent }) => parent === 'guests');
    expect(proof?.children.map((child) => child.class)).to.deep.equal(['video', 'build', 'others']);
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('is restrictive: in force while its guard is unknown', () => {
    const plan = planOf(`${CLASSES}when owner.demand > 60% { yield batch }`);
    expect(settingOf(scheduleIn(plan, { 'owner.demand > 60%': 'unknown' }), 'batch', 'share')?.idle).to.equal(
      true,
    );
    expect(scheduleIn(plan, { 'owner.demand > 60%': false }).settings).to.deep.equal([]);
  });

  it('goes with duty cycles and limits', () => {
    const schedule = only('yield batch\nrun batch 200ms every 1s\nlimit batch to 2 cores');
    expect(
      schedule.settings.filter((one) => one.class === 'batch').map(({ mechanism }) => mechanism),
    ).to.deep.equal(['share', 'quota', 'duty']);
  });

  it('breaks what is promised to the same guests', () => {
    expect(codesOf(`${CLASSES}yield video\nreserve video 5ms every 20ms`)).to.deep.equal(['VMC3004']);
    expect(codesOf(`${CLASSES}yield lent\nguarantee build 1 core`)).to.deep.equal(['VMC3005']);
  });

  it('needs cgroups', () => {
    const facts = { ...HOST, mechanisms: ['duty'] as const };
    expect(codesOf(`${CLASSES}yield batch`, facts)).to.deep.equal(['VMC5002']);
  });
});

describe('place', () => {
  it('confines every class of its subject to the cores', () => {
    const schedule = only('place lent on cores 0-3,6');
    expect(settingOf(schedule, 'build', 'placement')?.cores).to.deep.equal([0, 1, 2, 3, 6]);
    expect(settingOf(schedule, 'batch', 'placement')?.cores).to.deep.equal([0, 1, 2, 3, 6]);
    expect(settingOf(schedule, 'video', 'placement')).to.equal(undefined);
  });

  it('confines to the cores that several placements have in common', () => {
    const placement = settingOf(
      only('place batch on cores 0-3\nplace lent on cores 2-5'),
      'batch',
      'placement',
    );
    expect(placement?.cores).to.deep.equal([2, 3]);
    expect(placement?.because).to.have.length(2);
    expect(codesOf(`${CLASSES}place batch on cores 0-3\nplace lent on cores 4-5`)).to.deep.equal(['VMC3012']);
  });

  it('is no conflict between the arms of a condition that is unknown: the first that leaves a core holds', () => {
    const plan = planOf(`${CLASSES}
      when owner.demand > 60% { place batch on cores 0-1 } otherwise { place batch on cores 2-7 }`);
    const cores = (value: boolean | 'unknown') =>
      settingOf(scheduleIn(plan, { 'owner.demand > 60%': value }), 'batch', 'placement')?.cores;
    expect([cores(true), cores(false), cores('unknown')]).to.deep.equal([
      [0, 1],
      [2, 3, 4, 5, 6, 7],
      [0, 1],
    ]);
  });

  it('refuses cores that the host does not have', () => {
    expect(codesOf(`${CLASSES}place batch on cores 7-8`)).to.deep.equal(['VMC5009']);
    expect(codesOf(`host { cores 2 }\n${CLASSES}place batch on cores 2`)).to.deep.equal(['VMC5009']);
  });

  it('keeps every server of a reserved guest on its cores', () => {
    const plan = planOf(
      `${CLASSES}reserve video 5ms every 20ms\nplace video on cores 3,5\nreserve batch 5ms every 20ms`,
    );
    const servers = scheduleIn(plan).servers.filter((server) => server.class === 'video');
    expect(new Set(servers.map(({ core }) => core))).to.satisfy((cores: Set<number>) =>
      [...cores].every((core) => core === 3 || core === 5),
    );
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('refuses reservations that fit on the host, and not on the cores', () => {
    const two = 'reserve video 12ms every 20ms';
    expect(codesOf(`${CLASSES}${two}\nplace video on cores 3-4`)).to.deep.equal([]);
    expect(codesOf(`${CLASSES}${two}\nplace video on cores 3`)).to.deep.equal(['VMC4001']);
  });

  it('keeps servers on their cores in every mode, whichever they are', () => {
    const plan = planOf(`${CLASSES}switch away
      reserve video 5ms every 20ms
      when away { place video on cores 0 } otherwise { place video on cores 1 }`);
    const cores = (away: boolean) => new Set(scheduleIn(plan, { away }).servers.map(({ core }) => core));
    expect([...cores(true)]).to.deep.equal([0]);
    expect([...cores(false)]).to.deep.equal([1]);
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('does not go with a reservation where threads cannot be confined', () => {
    const facts = { ...HOST, cgroup: { ...HOST.cgroup, cpuset: false } };
    expect(codesOf(`${CLASSES}reserve video 5ms every 20ms\nplace video on cores 3`, facts)).to.deep.equal([
      'VMC5011',
    ]);
    expect(codesOf(`${CLASSES}place video on cores 3`, facts)).to.deep.equal([]);
  });

  it('breaks a guarantee of more cores than it leaves', () => {
    expect(codesOf(`${CLASSES}guarantee build 2 cores\nplace build on cores 1`)).to.deep.equal(['VMC3005']);
    expect(codesOf(`${CLASSES}guarantee build 2 cores\nplace build on cores 1-2`)).to.deep.equal([]);
  });

  it('breaks guarantees that do not fit on the cores together', () => {
    const text = (second: string) =>
      `${CLASSES}guarantee video 0.7 cores\nguarantee build 0.7 cores\nplace video on cores 1\nplace build on cores ${second}`;
    expect(codesOf(text('1'))).to.deep.equal(['VMC4002']);
    expect(codesOf(text('1-2'))).to.deep.equal([]);
  });
});

describe('stop', () => {
  const plan = () =>
    planOf(
      `${CLASSES}when owner.demand > 90% { stop batch within 2min }\nwhen host.on-battery { stop lent within 5min }`,
    );

  it('is set for every class of its subject; of two the shorter time holds', () => {
    const both = scheduleIn(plan(), { 'owner.demand > 90%': true, 'host.on-battery': true });
    expect(settingOf(both, 'batch', 'stop')?.withinNs).to.equal(120e9);
    expect(settingOf(both, 'build', 'stop')?.withinNs).to.equal(300e9);
  });

  it('never acts on what is unknown', () => {
    const unknown = scheduleIn(plan(), { 'owner.demand > 90%': 'unknown', 'host.on-battery': 'unknown' });
    expect(unknown.settings).to.deep.equal([]);
  });

  it('breaks what is promised to the same guests', () => {
    expect(codesOf(`${CLASSES}stop video within 1min\nreserve video 5ms every 20ms`)).to.deep.equal([
      'VMC3004',
    ]);
    expect(codesOf(`${CLASSES}stop build within 1min\nguarantee build 1 core`)).to.deep.equal(['VMC3005']);
  });
});

describe('an equal share', () => {
  it('gives the members of a union equal parts', () => {
    const schedule = only('share cpu equally within lent\nguarantee video 1 core');
    const [build, batch] = ['build', 'batch'].map((name) => settingOf(schedule, name, 'share'));
    expect(build?.weight).to.equal(batch?.weight);
    expect(build?.because.map(({ sentence }) => sentence)).to.deep.equal(['share cpu equally within lent']);
  });

  it('says nothing new of a class, whose guests are alike', () => {
    expect(
      only('share cpu equally within batch').settings.filter((one) => one.class === 'batch'),
    ).to.deep.equal([]);
  });

  it('contradicts other proportions of the same parts', () => {
    expect(
      codesOf(`${CLASSES}share cpu equally within lent\nshare cpu among build 4, batch 1`),
    ).to.deep.equal(['VMC3002']);
    expect(
      codesOf(`${CLASSES}share cpu equally within lent\nshare cpu among build 2, batch 2`),
    ).to.deep.equal([]);
  });
});
