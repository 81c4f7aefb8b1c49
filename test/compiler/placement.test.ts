import { expect } from 'chai';
import fc from 'fast-check';
import { effectiveHost } from '../../src/compiler/effective-host.js';
import type { CoreFacts, HostFacts } from '../../src/compiler/facts.js';
import { admitOne } from '../../src/compiler/reservations/admission.js';
import { latenessOf } from '../../src/compiler/reservations/lateness.js';
import { type ServerDemand, server } from '../../src/compiler/reservations/server-demand.js';
import { verifyPlan } from '../../src/compiler/verify-plan.js';
import { compare, rational, ZERO } from '../../src/support/rational.js';
import { CLASSES, compileText, HOST, planOf, scheduleIn, settingOf } from './support.js';

const NO_DECLARATION = { cores: null, memoryBytes: null, timezone: null, mechanisms: null, place: null };
const TICKING: HostFacts = { ...HOST, hrtickDeadline: false };
const MS = 1_000_000n;

const core = (id: number, sibling = id, capacity = 1024): CoreFacts => ({ id, sibling, capacity });

describe('placement where budgets are enforced at ticks', () => {
  const ONE_VCPU = 'group a up to 4 vms { match user "u" vcpus 1 overhead 0.5ms every 10ms }';
  const fidelityOf = (sentence: string, cores: number) =>
    settingOf(scheduleIn(planOf(`${ONE_VCPU}\n${sentence}`, { ...TICKING, cores })), 'a', 'reservation')
      ?.fidelity;

  it('spreads servers that would make each other late, so that their promises are hard', () => {
    expect(fidelityOf('reserve a 8ms every 16ms', 8)?.kind).to.equal('hard');
  });

  it('packs them where there is no room to spread, and says how late they are', () => {
    const fidelity = fidelityOf('reserve a 8ms every 20ms', 2);
    expect(fidelity?.kind).to.equal('bounded');
    expect(fidelity?.note).to.include('late');
  });

  it('still leaves whole cores where promises are hard on fewer', () => {
    const plan = planOf(`${ONE_VCPU}\nreserve a 10ms every 200ms`, TICKING);
    expect(new Set(scheduleIn(plan).servers.map((one) => one.core)).size).to.equal(1);
  });

  it('never has more promises late than packing alone', () => {
    const periods = fc.constantFrom(16n, 20n, 40n, 100n);
    const one = fc.tuple(periods, fc.integer({ min: 1, max: 15 }));
    let hard = 0;
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 8 }), (shapes) => {
        const host = effectiveHost({ ...TICKING, cores: 4 }, NO_DECLARATION);
        const servers = shapes.map(([periodMs, sixteenths], member): ServerDemand => {
          const periodNs = periodMs * MS;
          const budgetNs = (periodNs * BigInt(sixteenths)) / 16n;
          return server({ class: 'c', member, thread: 'vcpu 0', budgetNs, periodNs, cores: null }, host);
        });
        const late = (facts: HostFacts) => {
          const admission = admitOne({ servers, keep: ZERO }, effectiveHost(facts, NO_DECLARATION));
          if (!admission.ok) return null;
          const lateness = latenessOf(servers, admission, host);
          return servers.filter((each) => each.budgetNs >= 8n * MS && lateness(each) > 0n).length;
        };
        // With precise timers servers are packed; both are judged with ticks.
        const [punctual, packed] = [late({ ...TICKING, cores: 4 }), late({ ...HOST, cores: 4 })];
        expect(punctual === null).to.equal(packed === null);
        if (punctual === null || packed === null) return;
        expect(punctual).to.be.at.most(packed);
        if (punctual < packed) hard++;
      }),
      { numRuns: 200 },
    );
    expect(hard).to.be.greaterThan(20);
  });
});

describe('cores that are not alike', () => {
  it('take servers as far as their speed goes', () => {
    const cores = [core(0), core(1, 1, 512)];
    const text = 'vm a { match name "a" and user "u" vcpus 1 overhead 20us every 1s }';
    const plan = planOf(`${text}\nreserve a 40ms every 100ms`, { ...HOST, cores });
    expect(verifyPlan(plan)).to.deep.equal([]);
    const { reservations } = plan.certificate.schedules[0]!;
    const limits = reservations.test === 'partitioned-edf' ? reservations.cores : [];
    expect(limits.map(({ limit }) => limit)).to.deep.equal(['19/20', '19/40']);
    // 0.6 of a fast core is more than a core of half the speed has.
    const onSlow = `${text}\nreserve a 60ms every 100ms\nplace a on cores 1`;
    expect(compileText(onSlow, { ...HOST, cores }).plan).to.equal(null);
    expect(planOf(onSlow.replace('60ms', '45ms'), { ...HOST, cores }).schedules).to.have.length(1);
  });

  it('count as the slowest of them where threads cannot be placed', () => {
    const facts: HostFacts = {
      ...HOST,
      cores: [core(0), core(1, 1, 512)],
      cgroup: { ...HOST.cgroup, cpuset: false },
    };
    const plan = planOf(`${CLASSES}\nreserve video 10ms every 100ms`, facts);
    const { reservations } = plan.certificate.schedules[0]!;
    expect(reservations).to.include({ test: 'gfb', limit: '4249/5000' }); // 2 × 0.475 − 0.1002
    expect(verifyPlan(plan)).to.deep.equal([]);
  });
});

describe('hyperthreads', () => {
  it('of a core are kept for the owner together', () => {
    const cores = [core(0, 0), core(1, 1), core(2, 0), core(3, 1)];
    const plan = planOf(`${CLASSES}\nkeep 2 cores for owner\nreserve build 40ms every 100ms`, {
      ...HOST,
      cores,
    });
    const used = new Set(scheduleIn(plan).servers.map((one) => one.core));
    expect([...used].sort()).to.deep.equal([1, 3]);
    expect(verifyPlan(plan)).to.deep.equal([]);
  });
});

describe('context switches', () => {
  it('cost what the host facts say', () => {
    const text =
      'vm a { match name "a" and user "u" vcpus 1 overhead 20us every 1s }\nreserve a 900us every 1ms';
    expect(compileText(text, HOST).plan).not.to.equal(null);
    const dear: HostFacts = { ...HOST, contextSwitchesNs: 60_000 };
    expect(compileText(text, dear).diagnostics[0]?.code).to.equal('VMC4001');
    const plan = planOf(text.replace('900us', '850us'), dear);
    expect(plan.host.contextSwitchesNs).to.equal(60_000);
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('are in the cost of servers that are derived', () => {
    const text =
      'vm a { match name "a" and user "u" vcpus 1 task t 4ms every 20ms }\nreserve a for its tasks';
    const periodWith = (contextSwitchesNs: number) =>
      settingOf(scheduleIn(planOf(text, { ...HOST, contextSwitchesNs })), 'a', 'reservation')?.periodNs ?? 0;
    expect(periodWith(200_000)).to.be.greaterThan(periodWith(2_000));
  });

  it('leave nothing but the budgets where they cost nothing', () => {
    const plan = planOf(`${CLASSES}\nreserve video 10ms every 100ms`, { ...HOST, contextSwitchesNs: 0 });
    const { reservations } = plan.certificate.schedules[0]!;
    const used = reservations.test === 'partitioned-edf' ? reservations.cores : [];
    const total = used.map(({ utilisation }) => utilisation).filter((text) => text !== '0');
    expect(total).to.deep.equal(['1/4']); // 2 × 0.1 + 0.05
    expect(compare(rational(1n, 4n), rational(19n, 20n))).to.be.lessThan(0);
  });
});
