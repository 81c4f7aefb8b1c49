import { expect } from 'chai';
import fc from 'fast-check';
import { compile } from '../../../src/compiler/compile.js';
import { explainPolicy } from '../../../src/compiler/explain/explain-policy.js';
import type { Plan } from '../../../src/compiler/plan.js';
import { somePolicy } from '../some-policy.js';
import { CLASSES, HOST } from '../support.js';
import { deciding, explanationOf, pointOf, told, treatmentsOf } from './support.js';

const OFFICE = 'let office = weekdays 09:00-17:00\nlet busy = owner.demand > 60%\nswitch gaming\n';

describe('an explanation', () => {
  it('tells each way of being treated with the conditions under which it comes about', () => {
    const explanation = explanationOf(
      `${CLASSES}${OFFICE}
      when office { limit batch to 25% of cpu when busy { run batch 200ms every 1s } }
      when gaming { pause batch }`,
      'batch',
    );
    expect(told(explanation)).to.deep.equal([
      'gaming: paused',
      'office and busy (or unknown): runs 200ms every 1s; at most 0.8 cores (10% of cpu), each guest at most 0.2 cores (2.5% of cpu)',
      'office: at most 2 cores (25% of cpu)',
      '-: at most 4 cores (50% of cpu)',
    ]);
  });

  it('says of several limits which decides, and what they all come to', () => {
    const point = pointOf(
      explanationOf(
        `${CLASSES}limit batch to 3 cores\nlimit each batch to 0.5 cores\nlimit guests to 6 cores`,
        'batch',
      ),
      'most',
    );
    expect(point.says).to.equal('at most 2 cores (25% of cpu), each guest at most 0.5 cores (6.25% of cpu)');
    expect(deciding(point)).to.deep.equal(['limit each batch to 0.5 cores']);
    expect(point.from.map(({ text }) => text)).to.include.members([
      'limit batch to 3 cores',
      'limit guests to 6 cores',
    ]);
    expect(point.leastOf).to.deep.equal([
      '4 guests × 1 vCPU = 4 cores',
      '4 guests × 0.5 cores = 2 cores',
      '3 cores',
      '6 cores for all guests together',
      '8 cores of the host',
    ]);
  });

  it('shows a pause over a run', () => {
    const text = `${CLASSES}switch off\nrun build 100ms every 1s\nwhen off { pause build }`;
    const running = pointOf(explanationOf(text, { subject: 'build', given: ['off'] }), 'running');
    expect(running.says).to.equal('paused');
    expect(deciding(running)).to.deep.equal(['pause build']);
    expect(running.from.find(({ decides }) => !decides)?.role).to.contain('if nothing stricter held');
  });

  it('shows a promise that a pause suspends', () => {
    const text = `${CLASSES}switch off\nguarantee build 1 core\nwhen off { pause build }`;
    const least = pointOf(explanationOf(text, { subject: 'build', given: ['off'] }), 'least');
    expect(least.says).to.equal('promised nothing');
    expect(deciding(least)).to.deep.equal(['pause build']);
    expect(least.from.find(({ decides }) => !decides)?.role).to.contain('suspended');
  });

  it('divides what weights divide, level by level', () => {
    const point = pointOf(explanationOf(`${CLASSES}share cpu among build 3, batch 1`, 'batch'), 'weights');
    expect(point.steps).to.have.length(2);
    expect(point.steps[0]).to.match(
      /^8 cores, what reservations leave, are divided among guests \d+ and owner \d+/,
    );
    const [, parent, fraction, result] =
      /([\d.]+) cores of guests are divided.*: [\d.]+ × (\d+\/\d+) = ([\d.]+) cores/.exec(
        point.steps[1] ?? '',
      ) ?? [];
    const [weight = 0, total = 1] = (fraction ?? '').split('/').map(Number);
    expect((Number(parent) * weight) / total).to.be.closeTo(Number(result), 1e-3);
    expect(point.says).to.equal(`about ${result} cores while everything wants CPU`);
  });

  it('goes from the tasks of a guest to its servers, their cores and the sums there', () => {
    const point = pointOf(
      explanationOf(
        'vm plc { match user "plc" vcpus 1 task a 1ms every 10ms task b 4ms every 40ms within 20ms }\nreserve plc for its tasks',
        'plc',
      ),
      'reservation',
    );
    expect(point.says).to.match(/^reserved [\d.]+(?:us|ms) every [\d.]+ms on its vCPU/);
    expect(point.steps[0]).to.contain('a 1ms every 10ms and b 4ms every 40ms within 20ms');
    expect(point.steps[1]).to.match(/may need [\d.]+ms and are sure of [\d.]+ms/);
    expect(point.steps.join('\n')).to.match(/core \d+: .*vCPU 0.* of at most 0\.95/);
  });

  it('shows when the guests of a duty cycle run', () => {
    const [running] =
      treatmentsOf(explanationOf(`${CLASSES}run build 200ms every 1s`, 'build'))[0]?.points ?? [];
    expect(running?.steps).to.deep.equal(['in every 1s: from 0s to 200ms']);
  });

  it('says why it is this mechanism: the first choice, asked for, or what it stands in for', () => {
    const why = (sentence: string, facts = HOST) =>
      pointOf(explanationOf(`${CLASSES}${sentence}`, 'batch', facts), 'most').means.map((one) => one.why);
    expect(why('limit batch to 2 cores')).to.deep.equal(["the first choice for 'limit'"]);
    expect(why('limit batch to 2 cores by duty')).to.deep.equal(['the sentence asks for it: by duty']);
    const scattered = { ...HOST, cgroup: { ...HOST.cgroup, gather: false } };
    expect(why('share cpu among batch 1, build 3', scattered)[0]).to.match(
      /^'share' would better be kept by share \(guests cannot be put into one cgroup here\); by quota a ceiling holds/,
    );
    const withHost = `host { mechanisms duty }\n${CLASSES}limit batch to 2 cores`;
    expect(pointOf(explanationOf(withHost, 'batch'), 'most').means[0]?.why).to.contain(
      'ruled out by the policy',
    );
  });

  it('knows unions, all guests, the others, the owner and offers', () => {
    const text = `${CLASSES}
      keep 2 cores and 4 GiB memory for owner
      limit lent to 3 cores
      place batch on cores 0-1,3
      budget batch 20 core-hours per day then pause
      offer 2 vms later { vcpus 1 guarantee 1 core }`;
    expect(told(explanationOf(text, 'lent')).join()).to.contain('at most 3 cores');
    expect(told(explanationOf(text, 'lent')).join()).to.contain('batch paused');
    expect(told(explanationOf(text, 'owner')).join()).to.contain('2 cores (25% of cpu) whenever');
    expect(told(explanationOf(text, 'owner'), 'memory').join()).to.contain('at least 4 GiB');
    expect(told(explanationOf(text, 'guests'), 'memory').join()).to.contain('at most 28 GiB');
    expect(told(explanationOf(text, 'batch'), 'cores').join()).to.equal('-: only on cores 0-1, 3');
    expect(told(explanationOf(text, 'batch'), 'budget').join()).to.contain(
      '20 core-hours per day, then paused',
    );
    const offer = explanationOf(text, 'later');
    expect(offer.subject.kind).to.equal('offer');
    expect(told(offer).join()).to.contain('promised 2 cores');
    expect(told(explanationOf(text, 'others')).join()).to.contain('at most 8 cores');
  });

  it('marks what is in force only because its condition is unknown', () => {
    const given = ['host.on-battery unknown'];
    const explanation = explanationOf(`${CLASSES}when host.on-battery { pause batch }`, {
      subject: 'batch',
      given,
    });
    expect(treatmentsOf(explanation)[0]?.points[0]?.from[0]).to.deep.include({
      certain: false,
      when: 'host.on-battery',
    });
  });

  it('has something to say of whom no sentence speaks', () => {
    const explanation = explanationOf(CLASSES, 'build');
    expect(told(explanation)).to.deep.equal(['-: at most 4 cores (50% of cpu)']);
  });

  it('is none where the policy has no plan, but is one where only an assertion is broken', () => {
    const answer = (text: string) =>
      explainPolicy({ file: 't.vmc', text: `${CLASSES}${text}` }, HOST, { subject: 'batch' });
    expect(answer('reserve video 90ms every 100ms\nreserve video 20ms every 30ms').kind).to.equal('refused');
    expect(answer('limit batch to 2 corse').kind).to.equal('refused');
    const broken = answer('limit batch to 3 cores\nassert batch at most 2 cores');
    expect(broken.kind).to.equal('explained');
    expect(broken.diagnostics.map(({ code }) => code)).to.include('VMC3020');
  });
});

/**
 * Every mode of every aspect is in one treatment; every setting of a class's own is among the means there.
 */
function checkAgainst(plan: Plan, text: string, name: string): void {
  const explanation = explanationOf(text, name);
  expect(explanation.modes).to.have.length(plan.modes.length);
  for (const { treatments } of explanation.aspects) {
    const modes = treatments.flatMap((one) => one.modes);
    expect([...modes].sort((a, b) => a - b)).to.deep.equal([...plan.modes.keys()]);
  }
  for (const [index, mode] of plan.modes.entries()) {
    const points = explanation.aspects.flatMap(({ treatments }) =>
      treatments.filter((one) => one.modes.includes(index)).flatMap((one) => one.points),
    );
    const schedule = plan.schedules.find(({ id }) => id === mode.schedule);
    const paused = points.some(({ says }) => says === 'paused');
    const reserved = points.some(({ topic }) => topic === 'reservation');
    const own = schedule?.settings.filter((one) => one.class === name) ?? [];
    const explained = new Set(
      points.flatMap(({ means }) => means.filter(({ on }) => on === name).map((one) => one.mechanism)),
    );
    for (const { mechanism } of own) {
      // Weights divide nothing among those who do not run or have their own.
      if (mechanism === 'share' && (paused || reserved || explained.has('stop'))) continue;
      expect([...explained], `${name} in ${mode.id}`).to.include(mechanism);
    }
    const most = points.find(({ topic }) => topic === 'most');
    if (most && most.leastOf.length > 0) {
      const [, amount = ''] = /^at most ((?:about )?[\d.]+ cores?)/.exec(most.says) ?? [];
      expect(most.leastOf.join('; ')).to.contain(amount);
    }
  }
}

describe('explanations of any policy', () => {
  it('tell every mode once in each aspect, and name every mechanism that is set for a class', () => {
    let compared = 0;
    fc.assert(
      fc.property(somePolicy, fc.constantFrom('a', 'b', 'c', 'd'), (text, name) => {
        const { plan } = compile({ file: 'test.vmc', text }, HOST);
        if (plan === null) return;
        compared++;
        checkAgainst(plan, text, name);
      }),
      { numRuns: 200 },
    );
    expect(compared).to.be.greaterThan(40);
  });
});
