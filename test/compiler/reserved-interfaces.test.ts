import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import fc from 'fast-check';
import type { HostFacts } from '../../src/compiler/facts.js';
import type { Plan, SettingOf } from '../../src/compiler/plan.js';
import { PlanSchema } from '../../src/compiler/plan-schema.js';
import { renderPlan } from '../../src/compiler/render/render-plan.js';
import { verifyPlan } from '../../src/compiler/verify-plan.js';
import { applyFix } from '../lang/apply-fix.js';
import { LIMITED_HOSTS } from './limited-hosts.js';
import { codesOf, compileText, HOST, planOf, scheduleIn, settingOf } from './support.js';

const TICKS: HostFacts = { ...HOST, hrtickDeadline: false };
const vm = (name: string, rest: string) => `vm ${name} { match name "${name}" and user "alice" ${rest} }\n`;
const VIDEO = vm('video', 'vcpus 1 task decode 7ms every 50ms task audio 9ms every 75ms');

function reserved(plan: Plan, name: string): SettingOf<'reservation'> {
  const setting = settingOf(scheduleIn(plan), name, 'reservation');
  if (!setting) throw new Error(`${name} has no reservation`);
  return setting;
}

const rate = ({ budgetNs, periodNs }: { budgetNs: number; periodNs: number }) => budgetNs / periodNs;

describe('a reservation for tasks', () => {
  it('is a server from which EDF meets their deadlines, with the points that prove it', () => {
    const plan = planOf(`${VIDEO}reserve video for its tasks`);
    const setting = reserved(plan, 'video');
    expect(setting.keeps).to.deep.equal({ tasks: true, windows: [] });
    expect(setting.vcpus?.map(({ tasks }) => tasks)).to.deep.equal([['decode', 'audio']]);
    expect(setting.fidelity.kind).to.equal('hard');
    // A server of 2.786 ms every 10 ms is the least of that period, and no period is cheaper than the one chosen.
    const cost = (setting.budgetNs + 20_000) / setting.periodNs;
    expect(cost).to.be.within(16 / 75, (2_786_000 + 20_000) / 10_000_000);
    const [proof] = plan.certificate.interfaces ?? [];
    expect(proof?.tasks).to.deep.equal(['decode', 'audio']);
    expect(proof?.points[0]).to.include({ windowNs: 50_000_000, demandNs: 7_000_000 });
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('is what the plan says in words, with its proof', () => {
    const text = renderPlan(planOf(`${VIDEO}reserve video for its tasks`), { width: 300 });
    expect(text).to.match(/vcpu 0: [\d.]+[mu]s every [\d.]+ms, for decode, audio; main loop/);
    expect(text).to.match(/video vcpu 0: EDF meets all deadlines, by \d+ points up to/);
  });

  it('asks for more where budgets are enforced at ticks', () => {
    const text = `${VIDEO}reserve video for its tasks`;
    const [pure, ticks] = [reserved(planOf(text), 'video'), reserved(planOf(text, TICKS), 'video')];
    expect(rate(ticks)).to.be.greaterThan(rate(pure));
    expect(verifyPlan(planOf(text, TICKS))).to.deep.equal([]);
  });

  it('gives each vCPU its own server, and one without tasks what the main loop gets', () => {
    const tasks =
      'task a 6ms every 10ms task b 4ms every 9ms task c 1ms every 100ms overhead 0.4ms every 8ms';
    const plan = planOf(`${vm('rt', `vcpus 3 ${tasks}`)}reserve rt for its tasks`);
    const servers = reserved(plan, 'rt').vcpus ?? [];
    expect(servers.flatMap((one) => one.tasks).sort()).to.deep.equal(['a', 'b', 'c']);
    expect(servers[2]).to.deep.equal({ budgetNs: 400_000, periodNs: 8_000_000, tasks: [] });
    const own = scheduleIn(plan).servers.filter(({ thread }) => thread.startsWith('vcpu'));
    expect(own.map(({ budgetNs, periodNs }) => ({ budgetNs, periodNs }))).to.deep.equal(
      servers.map(({ budgetNs, periodNs }) => ({ budgetNs, periodNs })),
    );
    expect(servers[0]?.budgetNs).not.to.equal(servers[1]?.budgetNs);
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('on a union is one interface for each class of it', () => {
    const classes =
      vm('a', 'vcpus 1 task x 1ms every 10ms') +
      vm('b', 'vcpus 1 task y 2ms every 50ms') +
      'group both = a, b\n';
    const plan = planOf(`${classes}reserve both for its tasks`);
    expect(reserved(plan, 'a').vcpus?.[0]?.tasks).to.deep.equal(['x']);
    expect(reserved(plan, 'b').vcpus?.[0]?.tasks).to.deep.equal(['y']);
    expect(reserved(plan, 'a').periodNs).not.to.equal(reserved(plan, 'b').periodNs);
    expect(plan.certificate.interfaces).to.have.lengthOf(2);
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('in an offer is admitted for all guests that it offers', () => {
    const plan = planOf('offer 2 vms small { vcpus 1 task loop 1ms every 10ms reserve for its tasks }');
    expect(scheduleIn(plan).servers.filter(({ thread }) => thread === 'vcpu 0')).to.have.lengthOf(2);
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('under a condition has a period of at most a second', () => {
    const slow = vm('slow', 'vcpus 1 task log 1ms every 1h');
    const always = reserved(planOf(`${slow}reserve slow for its tasks`), 'slow');
    expect(always.periodNs).to.be.greaterThan(1_000_000_000);
    const plan = planOf(`${slow}switch day\nwhen day { reserve slow for its tasks }`);
    const guarded = settingOf(scheduleIn(plan, { day: true }), 'slow', 'reservation');
    expect(guarded?.periodNs).to.be.at.most(1_000_000_000);
  });

  it('takes part in what does not fit, as a sentence without a number of its own', () => {
    const heavy = vm('heavy', 'vcpus 1 task x 5ms every 10ms');
    const { diagnostics } = compileText(
      `${heavy}${vm('other', 'vcpus 1')}reserve heavy for its tasks\nreserve other 50ms every 100ms`,
      { ...HOST, cores: 1 },
    );
    const [found] = diagnostics.filter(({ code }) => code === 'VMC4001');
    expect(found?.message).to.match(/heavy takes 1 × 0\.5\d+ for vCPUs/);
    expect(found?.related.map(({ message }) => message)).to.not.deep.equal([]);
    expect(found?.hint ?? '').to.not.include('for its tasks');
  });
});

describe('a reservation in any window', () => {
  const ONE = vm('one', 'vcpus 2');

  it('is the same server for each vCPU, with what it supplies in the window', () => {
    const plan = planOf(`${ONE}reserve one 5ms in any 30ms`);
    const setting = reserved(plan, 'one');
    expect(setting.vcpus).to.equal(undefined);
    expect(setting.keeps).to.deep.equal({
      tasks: false,
      windows: [{ budgetNs: 5_000_000, windowNs: 30_000_000 }],
    });
    const windows = plan.certificate.interfaces?.[0]?.windows;
    expect(windows?.[0]?.supplyNs).to.be.at.least(5_000_000);
    expect(renderPlan(plan, { width: 300 })).to.include('for 5ms in any 30ms');
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('that no server keeps is refused with what the best one supplies, and a fix that is as much as there is', () => {
    const { diagnostics } = compileText(`${ONE}reserve one 29ms in any 30ms`);
    const [found] = diagnostics;
    expect(found?.code).to.equal('VMC4012');
    expect(found?.message).to.match(/29ms is asked for in any 30ms.* is sure to supply 28\.\d+ms/);
    if (!found?.fix) throw new Error('there is no fix');
    const text = `${ONE}reserve one 29ms in any 30ms`;
    const mended = applyFix({ file: 'test.vmc', text }, found.fix);
    expect(codesOf(mended)).to.deep.equal([]);
    const more = mended.replace(
      /reserve one ([\d.]+)ms/,
      (_, most) => `reserve one ${(Number.parseFloat(most) + 0.001).toFixed(3)}ms`,
    );
    expect(codesOf(more)).to.deep.equal(['VMC4012']);
  });
});

describe('two reservations of one subject', () => {
  const TASK = vm('rt', 'vcpus 2 task loop 1ms every 10ms');

  it('for tasks and windows are kept by one server for each vCPU', () => {
    const plan = planOf(
      `${TASK}reserve rt for its tasks\nreserve rt 10ms in any 50ms\nreserve rt 1ms in any 9ms`,
    );
    const setting = reserved(plan, 'rt');
    expect(setting.keeps?.tasks).to.equal(true);
    expect(setting.keeps?.windows).to.have.lengthOf(2);
    expect(setting.because).to.have.lengthOf(3);
    expect(setting.vcpus?.map(({ tasks }) => tasks)).to.deep.equal([['loop'], []]);
    for (const one of setting.vcpus ?? []) expect(rate(one)).to.be.greaterThan(0.2);
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('of which one is a budget in every period are that budget where it includes the other', () => {
    const plan = planOf(
      `${TASK}reserve rt 2ms every 4ms\nreserve rt for its tasks\nreserve rt 10ms in any 50ms`,
    );
    const setting = reserved(plan, 'rt');
    expect([setting.budgetNs, setting.periodNs]).to.deep.equal([2_000_000, 4_000_000]);
    expect(setting.keeps).to.deep.equal({
      tasks: true,
      windows: [{ budgetNs: 10_000_000, windowNs: 50_000_000 }],
    });
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('are a conflict where it does not: a budget in every period is exact', () => {
    expect(codesOf(`${TASK}reserve rt 2ms every 10ms\nreserve rt for its tasks`)).to.deep.equal(['VMC3006']);
    expect(codesOf(`${TASK}reserve rt 2ms every 4ms\nreserve rt 30ms in any 50ms`)).to.deep.equal([
      'VMC3006',
    ]);
  });

  it('differ from mode to mode as their conditions do', () => {
    const plan = planOf(
      `${TASK}switch day\nreserve rt for its tasks\nwhen day { reserve rt 30ms in any 50ms }`,
    );
    const [day, night] = [true, false].map((value) =>
      settingOf(scheduleIn(plan, { day: value }), 'rt', 'reservation'),
    );
    expect(day && night && rate(day)).to.be.greaterThan(night ? rate(night) : 1);
    expect(plan.certificate.interfaces?.length).to.be.at.least(3);
    expect(verifyPlan(plan)).to.deep.equal([]);
  });
});

describe('tasks that no vCPU can serve', () => {
  const refusal = (text: string, facts = HOST) => {
    const { plan, diagnostics } = compileText(text, facts);
    expect(plan).to.equal(null);
    const [found] = diagnostics;
    if (!found || diagnostics.length !== 1) throw new Error(`${diagnostics.length} diagnostics`);
    expect(found.code).to.equal('VMC4012');
    return found;
  };
  const classOf = (rest: string) => `${vm('rt', rest)}reserve rt for its tasks`;

  it('are refused with the window that fails, the demand and the supply in it', () => {
    const { message, related } = refusal(
      classOf(
        'vcpus 1 task idle 1ms every 1s task a 5ms every 10ms within 7ms task b 4ms every 10ms within 7ms',
      ),
    );
    expect(message).to.match(/7ms can hold 9ms of tasks a and b on one vCPU/);
    expect(message).to.match(/the best server of at most 0\.95 of a core .* is sure to supply 6\.\d+ms/);
    expect(related.map((one) => one.message)).to.deep.equal(['rt is declared here']);
  });

  it('come with the least changes that help, each of which does', () => {
    const { hint = '' } = refusal(classOf('vcpus 1 task a 6ms every 10ms task b 6ms every 10ms'));
    const [first = '', second = '', third = ''] = hint.replace(/^.*?: |\.$/g, '').split('; ');
    expect(third).to.equal('vcpus 2');
    expect(codesOf(classOf(`vcpus 1 ${first} task b 6ms every 10ms`))).to.deep.equal([]);
    expect(codesOf(classOf(`vcpus 1 task a 6ms every 10ms ${second}`))).to.deep.equal([]);
    expect(codesOf(classOf(`${third} task a 6ms every 10ms task b 6ms every 10ms`))).to.deep.equal([]);
    const more = first.replace(/[\d.]+ms/, (most) => `${(Number.parseFloat(most) + 0.001).toFixed(3)}ms`);
    expect(codesOf(classOf(`vcpus 1 ${more} task b 6ms every 10ms`))).to.deep.equal(['VMC4012']);
  });

  it('may need no more than a later deadline', () => {
    const { hint } = refusal(classOf('vcpus 1 task a 5ms every 50ms within 5ms'));
    const within = /task a (within [\d.]+ms)/.exec(hint ?? '')?.[1];
    expect(codesOf(classOf(`vcpus 1 task a 5ms every 50ms ${within}`))).to.deep.equal([]);
  });

  it('are named with their sum where each fits a vCPU and they do not fit on those there are', () => {
    const { message } = refusal(
      classOf('vcpus 2 task a 6ms every 10ms task b 6ms every 10ms task c 6ms every 10ms'),
    );
    expect(message).to.include('need 1.8 cores in all').and.include('cannot be divided among 2 vCPUs');
  });

  it('are not analysed where there are too many of them', () => {
    const tasks = Array.from({ length: 257 }, (_, index) => `task t${index} 1us every 1s`);
    expect(refusal(classOf(`vcpus 1 ${tasks.join(' ')}`)).message).to.include('at most 256 can be analysed');
    expect(codesOf(classOf(`vcpus 1 ${tasks.slice(1).join(' ')}`))).to.deep.equal([]);
  });

  it('may fail for ticks alone, which is said', () => {
    const text = classOf('vcpus 1 task a 1ms every 4ms');
    expect(codesOf(text)).to.deep.equal([]);
    expect(refusal(text, TICKS).message).to.include('enforced at ticks of 4ms');
  });
});

/** Guests with a few tasks of some milliseconds. */
const guests = fc.array(
  fc.record({
    vcpus: fc.integer({ min: 1, max: 3 }),
    tasks: fc.array(
      fc
        .tuple(
          fc.integer({ min: 4, max: 200 }),
          fc.integer({ min: 1, max: 30 }),
          fc.integer({ min: 50, max: 100 }),
        )
        .map(([period, percent, part]) => {
          const cost = Math.max(0.001, (period * percent) / 100);
          return { cost, period, deadline: Math.max(cost, (period * part) / 100) };
        }),
      { minLength: 1, maxLength: 5 },
    ),
    window: fc.option(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 40, max: 200 }))),
  }),
  { minLength: 1, maxLength: 3 },
);

describe('the certificate of an interface', () => {
  it('verifies for whatever guests there are, and the plan keeps to its schema', () => {
    let planned = 0;
    fc.assert(
      fc.property(guests, fc.constantFrom(0, 1_000_000, 4_000_000), (all, tickNs) => {
        const text = all
          .map(({ vcpus, tasks, window }, index) => {
            const declared = tasks.map(
              ({ cost, period, deadline }, task) =>
                `task t${task} ${cost.toFixed(3)}ms every ${period}ms within ${deadline.toFixed(3)}ms`,
            );
            const also = window ? `reserve g${index} ${window[0]}ms in any ${window[1]}ms\n` : '';
            return `${vm(`g${index}`, `vcpus ${vcpus} ${declared.join(' ')}`)}reserve g${index} for its tasks\n${also}`;
          })
          .join('');
        const facts = { ...HOST, hrtickDeadline: tickNs === 0, tickNs: Math.max(tickNs, 1_000_000) };
        const { plan, diagnostics } = compileText(text, facts);
        if (plan === null) {
          expect(diagnostics.map(({ code }) => code)).to.satisfy((codes: string[]) =>
            codes.every((code) => code.startsWith('VMC4')),
          );
          return;
        }
        planned++;
        expect(verifyPlan(plan)).to.deep.equal([]);
        expect(Value.Check(PlanSchema, JSON.parse(JSON.stringify(plan)))).to.equal(true);
      }),
      { numRuns: 100 },
    );
    expect(planned).to.be.greaterThan(20);
  });

  const TEXT = `${VIDEO}${vm('one', 'vcpus 1')}reserve video for its tasks\nreserve one 5ms in any 30ms`;
  type Tamper = (
    plan: Plan,
    setting: SettingOf<'reservation'>,
    points: Plan['certificate']['interfaces'],
  ) => void;
  const wrong: Record<string, Tamper> = {
    'finds a proof that is gone': (plan) => {
      delete plan.certificate.interfaces;
    },
    'finds a point that is left out where it is needed': (_plan, _setting, proofs) => {
      proofs?.[0]?.points.splice(1, 1);
    },
    'finds points that end too early': (_plan, _setting, proofs) => {
      proofs?.[0]?.points.splice(-1);
    },
    'finds less demand than there is': (_plan, _setting, proofs) => {
      Object.assign(proofs?.[0]?.points[0] ?? {}, { demandNs: 1 });
    },
    'finds more supply than there is': (_plan, _setting, proofs) => {
      Object.assign(proofs?.[0]?.points[0] ?? {}, { supplyNs: 49_000_000 });
    },
    'finds a task on no vCPU': (_plan, setting) => {
      setting.vcpus?.[0]?.tasks.splice(0, 1);
    },
    'finds a task that takes longer': (plan) => {
      Object.assign(plan.classes[0]?.tasks?.[0] ?? {}, { costNs: 8_000_000 });
    },
    'finds a task with an earlier deadline': (plan) => {
      Object.assign(plan.classes[0]?.tasks?.[0] ?? {}, { deadlineNs: 8_000_000 });
    },
    'finds tasks that need more than the server gives in the long run': (plan) => {
      Object.assign(plan.classes[0]?.tasks?.[1] ?? {}, { periodNs: 20_000_000, deadlineNs: 20_000_000 });
    },
    'finds a host that enforces budgets at ticks': (plan) => {
      Object.assign(plan.host, { hrtickDeadline: false });
    },
    'finds a smaller budget, wherever it says so': (plan, setting, proofs) => {
      const less = { budgetNs: setting.budgetNs - 1000 };
      Object.assign(setting, less);
      Object.assign(setting.vcpus?.[0] ?? {}, less);
      Object.assign(proofs?.[0] ?? {}, less);
      Object.assign(scheduleIn(plan).servers.find(({ thread }) => thread === 'vcpu 0') ?? {}, less);
    },
    'finds a larger amount in a window': (plan) => {
      const window = reserved(plan, 'one').keeps?.windows[0];
      Object.assign(window ?? {}, { budgetNs: 6_000_000 });
    },
    'finds another vCPU’s server': (_plan, setting) => {
      Object.assign(setting.vcpus?.[0] ?? {}, { budgetNs: setting.budgetNs + 1000 });
    },
  };

  it('has points for each mechanism that keeps the same server, of which one waits for ticks', () => {
    const plan = planOf(
      `${vm('video', 'vcpus 1 task decode 5ms every 100ms')}switch s
when s { reserve video 20ms every 50ms  reserve video for its tasks }
otherwise { reserve video 20ms every 50ms by duty  reserve video for its tasks by duty }`,
      LIMITED_HOSTS['no cgroups'],
    );
    expect(plan.certificate.interfaces?.map(({ points }) => points[0]?.supplyNs)).to.have.members([
      20_000_000, 16_000_000,
    ]);
    expect(verifyPlan(plan)).to.deep.equal([]);
  });

  it('has points that are all needed, so that each that is gone would be missed', () => {
    const { interfaces } = planOf(TEXT).certificate;
    expect(interfaces?.[0]?.points.length).to.be.greaterThan(2);
  });

  for (const [name, tamper] of Object.entries(wrong)) {
    it(name, () => {
      const plan = structuredClone(planOf(TEXT));
      expect(verifyPlan(plan)).to.deep.equal([]);
      tamper(plan, reserved(plan, 'video'), plan.certificate.interfaces);
      expect(verifyPlan(plan).join()).to.match(/video|one/);
    });
  }
});
