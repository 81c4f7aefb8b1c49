import { expect } from 'chai';
import { verifyPlan } from '../../src/compiler/verify-plan.js';
import { applyFix } from '../lang/apply-fix.js';
import { CLASSES, codesOf, compileText, planOf, scheduleIn, settingOf } from './support.js';

const OFFER = 'offer 2 vms small { vcpus 1 memory 2 GiB reserve 10ms every 40ms limit to 0.5 cores }';

describe('an offer', () => {
  it('is in the plan with the modes in which it holds', () => {
    const plan = planOf(`${CLASSES}switch away\nwhen away { ${OFFER} }`);
    expect(plan.offers.map(({ because: _, ...offer }) => offer)).to.deep.equal([
      { name: 'small', count: 2, vcpus: 1, memoryBytes: 2_147_483_648, modes: ['away'] },
    ]);
  });

  it('is a class that no guest matches, with servers for all the guests offered', () => {
    const plan = planOf(`${CLASSES}${OFFER}`);
    expect(plan.classes.at(-1)).to.deep.equal({
      name: 'small',
      kind: 'group',
      maxGuests: 2,
      vcpus: 1,
      memoryBytes: 2_147_483_648,
      match: [],
    });
    expect(
      scheduleIn(plan).servers.map(({ class: name, member, thread }) => [name, member, thread]),
    ).to.deep.equal([
      ['small', 0, 'vcpu 0'],
      ['small', 0, 'main'],
      ['small', 1, 'vcpu 0'],
      ['small', 1, 'main'],
    ]);
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('is admitted with everything else: an offer that could not be honoured is refused', () => {
    const six = 'offer 6 vms big { vcpus 1 reserve 80ms every 100ms }';
    expect(codesOf(`${CLASSES}${six}`)).to.deep.equal([]);
    expect(
      codesOf(`${CLASSES}reserve video 40ms every 50ms\nreserve build 40ms every 50ms\n${six}`),
    ).to.deep.equal(['VMC4001']);
  });

  it('that does not fit is offered a change of its own number, and of no other among its terms', () => {
    const text = 'offer 9 vms big { vcpus 1 overhead 1ms every 10ms reserve 99ms every 100ms }';
    const fix = compileText(text).diagnostics[0]?.fix;
    if (!fix) throw new Error('there is no fix');
    const mended = applyFix({ file: 'test.vmc', text }, fix);
    expect(mended).to.match(
      /^offer 9 vms big \{ vcpus 1 overhead 1ms every 10ms reserve [\d.]+(?:us|ms) every 100ms \}$/,
    );
    expect(codesOf(mended)).to.deep.equal([]);
  });

  it('promises the memory that it declares', () => {
    const declared = 'offer 2 vms large { vcpus 1 memory 12 GiB }';
    expect(codesOf(`keep 8 GiB memory for owner\n${declared}`)).to.deep.equal([]);
    expect(codesOf(`keep 8.1 GiB memory for owner\n${declared}`)).to.deep.equal(['VMC4002']);
  });

  it('has a guarantee and a limit for each of its guests', () => {
    const schedule = scheduleIn(
      planOf(`${CLASSES}offer 3 vms idle { vcpus 2 guarantee 0.5 cores limit to 1 core }`),
    );
    expect(settingOf(schedule, 'idle', 'share')?.floorCores).to.equal(1.5);
    const quota = settingOf(schedule, 'idle', 'quota');
    expect([quota?.scope, quota?.ceilingCores]).to.deep.equal(['each', 1]);
  });

  it('holds no longer than its guard is true', () => {
    const plan = planOf(`${CLASSES}when owner.demand < 20% { ${OFFER} }`);
    expect(plan.offers[0]?.modes).to.deep.equal(['owner.demand < 20%']);
    expect(scheduleIn(plan, { 'owner.demand < 20%': 'unknown' }).servers).to.deep.equal([]);
  });
});
