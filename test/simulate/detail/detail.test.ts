import { expect } from 'chai';
import fc from 'fast-check';
import type { HostFacts } from '../../../src/compiler/facts.js';
import type { Plan, Setting } from '../../../src/compiler/plan.js';
import { simulateInDetail } from '../../../src/simulate/detail/simulate-in-detail.js';
import { StretchRecord } from '../../../src/simulate/detail/stretch-record.js';
import { classesOf } from '../../../src/simulate/model/population.js';
import { replay } from '../../../src/simulate/replay/replay.js';
import type { DetailReport } from '../../../src/simulate/report/detail-report.js';
import { simulateWithDetail } from '../../../src/simulate/simulate.js';
import type { Trace } from '../../../src/simulate/trace/trace.js';
import { somePolicy } from '../../compiler/some-policy.js';
import { CLASSES, compileText, HOST, HOST_V1, planOf } from '../../compiler/support.js';
import { MONDAY, traceOf } from '../support.js';

const TICKS: HostFacts = { ...HOST, hrtickDeadline: false };
const FEW_CORES: HostFacts = { ...HOST, cores: [2, 5].map((id) => ({ id, sibling: id, capacity: 1024 })) };

async function detailOf(plan: Plan, trace: Trace): Promise<DetailReport> {
  const { report } = await simulateWithDetail(plan, trace, { startMs: MONDAY });
  if (report.detail === null) throw new Error('there is no detail');
  return report.detail;
}

const controlOf = ({ controls }: DetailReport, name: string, mechanism: string) => {
  const found = controls.find((one) => one.class === name && one.mechanism === mechanism);
  if (found === undefined) throw new Error(`nothing of ${name} by ${mechanism}`);
  return found;
};

/** The plan with every setting of these changed. */
const tampered = (plan: Plan, change: (setting: Setting) => Setting): Plan => ({
  ...plan,
  schedules: plan.schedules.map((one) => ({ ...one, settings: one.settings.map(change) })),
});

/** Reservations that change places: the two of a core cannot both be large. */
const SWAP = `vm a { match name "a" vcpus 1 } vm b { match name "b" vcpus 1 }
  keep 1 core for owner
  when owner.demand > 50% { reserve a 60ms every 100ms reserve b 10ms every 100ms }
  otherwise { reserve a 10ms every 100ms reserve b 60ms every 100ms }`;
const QUIET_THEN_BUSY = traceOf({ 'owner.demand': [...Array(5).fill(10), ...Array(5).fill(90)] }, 10_000);

describe('parts of a replay on the simulated kernel', () => {
  for (const [name, facts] of [
    ['with precise timers', HOST],
    ['with ticks', TICKS],
    ['on cores with other numbers', FEW_CORES],
  ] as const) {
    it(`have reservations at their rates, with gaps as the plan states them, through changes (${name})`, async () => {
      const detail = await detailOf(planOf(SWAP, facts), QUIET_THEN_BUSY);
      expect(detail.first).to.deep.equal([]);
      expect(detail.moments).to.equal(2);
      for (const [who, rate] of [
        ['a', 0.35],
        ['b', 0.35],
      ] as const) {
        const use = controlOf(detail, who, 'reservation');
        expect(use.promised).to.be.closeTo(rate, 1e-9);
        expect(use.delivered).to.be.closeTo(rate, 0.01);
        expect(use.longestGapMs).to.be.within(40, use.statedGapMs ?? 0);
      }
    });
  }

  it('change between schedules in two steps where the plan says so, and never fill a core above its limit', async () => {
    const plan = planOf(SWAP, FEW_CORES);
    const detail = await detailOf(plan, QUIET_THEN_BUSY);
    expect(plan.transitions.map(({ steps }) => steps)).to.include('two-step');
    const [change] = detail.changes;
    expect(change).to.include({ from: 'not (owner.demand > 50%)', to: 'owner.demand > 50%', times: 1 });
    expect(change?.at).to.equal('2026-11-23T00:00:50+01:00[Europe/Berlin]');
    // The longest period is waited for, and nothing is refused then.
    expect(change?.settledMs).to.be.closeTo(100, 1);
    expect(change?.refused).to.equal(0);
    expect(detail.cores.map(({ core }) => core)).to.deep.equal([5]);
    for (const { peakCores, changePeakCores, limitCores } of detail.cores) {
      expect(changePeakCores).to.be.at.most(peakCores);
      expect(peakCores).to.be.within(0.8, limitCores);
    }
  });

  it('find a core that is filled above its limit when a plan says that a change is safe and it is not', async () => {
    const plan = planOf(SWAP, FEW_CORES);
    const rash = {
      ...plan,
      transitions: plan.transitions.map((one) => ({ ...one, steps: 'direct' as const })),
    };
    const detail = await detailOf(rash, QUIET_THEN_BUSY);
    expect(detail.first.map(({ kind }) => kind)).to.include('bandwidth');
  });

  it('find a gap that is longer than a plan says, and when it began', async () => {
    const plan = tampered(planOf(SWAP), (one) =>
      one.class === 'a' ? { ...one, fidelity: { ...one.fidelity, worstGapNs: 45e6 } } : one,
    );
    const { first, violations } = await detailOf(plan, QUIET_THEN_BUSY);
    expect(violations).to.be.at.least(1);
    expect(first[0]).to.include({ kind: 'gap', stated: 45, unit: 'ms' });
    expect(first[0]?.what).to.contain('reservation of a');
    expect(first[0]?.measured).to.be.greaterThan(45);
    expect(first[0]?.at).to.match(/^2026-11-23T00:00:/);
  });

  it('find a rate that is not delivered although a plan promises it', async () => {
    const plan = tampered(
      planOf(`${CLASSES} guarantee build 1 core share cpu among build 1, batch 1 pause video`),
      (one) => (one.class === 'build' && one.mechanism === 'share' ? { ...one, floorCores: 3.5 } : one),
    );
    const detail = await detailOf(plan, traceOf({ 'owner.demand': Array(4).fill(100) }));
    const use = controlOf(detail, 'build', 'share');
    expect(use.promised).to.equal(3.5);
    expect(use.violations).to.be.greaterThan(0);
    expect(use.delivered).to.be.closeTo(use.fluid ?? 0, 0.05);
  });

  it('have guests that want what the trace says: alternating work and sleep, or all their vCPUs', async () => {
    const plan = planOf(`${CLASSES} reserve video 3ms every 10ms share cpu among build 1, batch 1`);
    const columns = { 'owner.demand': [25], 'video.demand': [0.2], 'build.demand': [9], 'batch.demand': [1] };
    const detail = await detailOf(plan, traceOf(columns));
    expect(controlOf(detail, 'video', 'reservation').delivered).to.be.closeTo(0.2, 0.01);
    expect(controlOf(detail, 'build', 'share').delivered).to.be.closeTo(4, 0.05);
    expect(controlOf(detail, 'batch', 'share').delivered).to.be.closeTo(1, 0.02);
    expect(detail).to.include({ violations: 0, disagreeing: 0 });
  });

  it('hold guests on duty cycles as the timetable has them, and let them catch up', async () => {
    const plan = planOf(`${CLASSES} run batch 300ms every 1s`);
    const detail = await detailOf(plan, traceOf({ 'owner.demand': [0], 'batch.demand': [0.8] }));
    const duty = controlOf(detail, 'batch', 'duty');
    expect(duty).to.include({ unit: 'fraction', bound: 'exactly', promised: 0.3, violations: 0 });
    expect(duty.delivered).to.be.closeTo(0.3, 1e-6);
    expect(duty.longestGapMs).to.be.within(600, duty.statedGapMs ?? 0);
    expect(detail.disagreeing).to.equal(0);
  });

  it('have quotas used up as the kernel does, with the gaps that follow', async () => {
    const plan = planOf(`${CLASSES} limit batch to 1 core`);
    const detail = await detailOf(plan, traceOf({ 'owner.demand': [0] }));
    const quota = controlOf(detail, 'batch', 'quota');
    expect(quota).to.include({ bound: 'at most', promised: 1, statedGapMs: 75, violations: 0 });
    expect(quota.delivered).to.be.closeTo(1, 1e-6);
    // Its four vCPUs and six others are on eight cores: together they have three, and are done after a third.
    expect(quota.longestGapMs).to.be.closeTo(200 / 3, 0.01);
  });

  it('say what the simulated kernel does not know, and where the rates of the replay are not the kernel’s', async () => {
    const plan = planOf(`${CLASSES} place batch on cores 0`);
    const detail = await detailOf(plan, traceOf({ 'owner.demand': [0] }));
    const batch = detail.disagreements.find((one) => one.class === 'batch');
    expect(batch?.fluidCores).to.equal(1);
    expect(batch?.kernelCores).to.be.greaterThan(2);
    expect(detail.findings.join('\n')).to.contain('placement on cores (batch)');
  });

  it('go on without guests that a sentence ends in them', async () => {
    const plan = planOf(`${CLASSES} stop batch within 1s`);
    const detail = await detailOf(plan, traceOf({ 'owner.demand': [0] }));
    expect(detail.violations).to.equal(0);
  });

  it('follow elastic limits with the signal that the replay had', async () => {
    const plan = planOf(
      `${CLASSES} limit batch to 50% of cpu - owner.demand between 5% and 40% of cpu pause video pause build`,
    );
    const detail = await detailOf(plan, traceOf({ 'owner.demand': Array(3).fill(20) }));
    const quota = controlOf(detail, 'batch', 'quota');
    expect(quota.promised).to.be.closeTo(2.4, 1e-9);
    expect(quota.delivered).to.be.closeTo(2.4, 0.01);
  });

  it('are left out where they would cost more events than there may be', async () => {
    const plan = planOf(SWAP);
    const record = new StretchRecord();
    replay(plan, QUIET_THEN_BUSY, { startMs: MONDAY }, (span) => record.add(span));
    const stretches = record.stretches();
    const detail = await simulateInDetail(plan, classesOf(plan, 8), stretches, { mostEvents: 20_000 });
    expect(detail.moments + detail.changed).to.equal(2);
    expect(detail.leftOut).to.equal(stretches.length - 2);
    expect(detail.events).to.be.at.most(20_000 * 1.2);
  });

  it('are the same for the same replay', async () => {
    const plan = planOf(SWAP);
    expect(await detailOf(plan, QUIET_THEN_BUSY)).to.deep.equal(await detailOf(plan, QUIET_THEN_BUSY));
  });

  it('keep every reservation, duty cycle and core, whatever the policy and whoever wants what', async () => {
    const row = fc.record({
      owner: fc.integer({ min: 0, max: 100 }),
      a: fc.integer({ min: 0, max: 20 }),
      c: fc.integer({ min: 0, max: 30 }),
      isOn: fc.nat(1),
    });
    let [ran, compared, disagreeing] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(
        somePolicy,
        fc.constantFrom(HOST, HOST_V1, TICKS, FEW_CORES),
        fc.array(row, { minLength: 4, maxLength: 4 }),
        async (policy, facts, rows) => {
          const { plan } = compileText(policy, facts);
          if (plan === null) return;
          ran += 1;
          const columns = {
            'owner.demand': rows.map(({ owner }) => owner),
            'a.demand': rows.map(({ a }) => a / 10),
            'c.demand': rows.map(({ c }) => c / 10),
            'switch s': rows.map(({ isOn }) => isOn),
          };
          const detail = await detailOf(plan, traceOf(columns, 5000));
          compared += detail.compared;
          disagreeing += detail.disagreeing;
          // What weights promise below limits and duty cycles is the compiler's to prove: see allocation.test.ts.
          const broken = detail.first.filter(
            ({ what, kind }) => kind === 'bandwidth' || /^(reserv|duty|free)/.test(what),
          );
          expect(broken, policy).to.deep.equal([]);
        },
      ),
      { numRuns: 40 },
    );
    expect(ran).to.be.greaterThan(10);
    expect(disagreeing / compared).to.be.below(0.2);
  });
});
