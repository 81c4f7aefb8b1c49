import { expect } from 'chai';
import { type AdmissionAnswer, admit } from '../../../src/compiler/admit/index.js';
import type { HostFacts } from '../../../src/compiler/facts.js';
import type { Plan } from '../../../src/compiler/plan.js';
import { HOST, planOf } from '../support.js';

const REQUEST_CLASS = (guests: number, vcpus: number) =>
  `group added up to ${guests} vms { match user "newcomer" vcpus ${vcpus} }`;

function answerOf(plan: Plan, text: string): AdmissionAnswer {
  const { answer, problem, diagnostics } = admit(plan, { file: 'request.vmc', text });
  if (answer === null) throw new Error(problem ?? diagnostics.map(({ message }) => message).join('\n'));
  return answer;
}

describe('a request beside a plan', () => {
  const PLAN = `vm video { match name "v" and user "u" vcpus 2 }
switch gaming
reserve video 10ms every 40ms
when gaming { reserve video 30ms every 40ms }`;

  it('names the modes in which it would fit, and what it would get there', () => {
    const plan = planOf(PLAN, { ...HOST, cores: 2 });
    const { admitted, granted, refused } = answerOf(
      plan,
      `${REQUEST_CLASS(1, 1)}\nreserve added 40ms every 100ms`,
    );
    expect(admitted).to.equal(false);
    expect(granted.flatMap(({ modes }) => modes)).to.deep.equal(['not gaming']);
    expect(granted[0]?.servers.map(({ thread }) => thread)).to.deep.equal(['vcpu 0', 'main']);
    expect(refused.flatMap(({ modes }) => modes)).to.deep.equal(['gaming']);
  });

  it('leaves the servers of the plan on their cores where that is possible', () => {
    const plan = planOf(PLAN, { ...HOST, cores: 8 });
    const { granted } = answerOf(plan, `${REQUEST_CLASS(1, 2)}\nreserve added 80ms every 100ms`);
    expect(granted.map(({ moved }) => moved)).to.deep.equal([0, 0]);
  });

  it('may be called like a class of the plan', () => {
    const plan = planOf(PLAN, HOST);
    const text = 'vm video { match name "w" and user "u" vcpus 2 }\nreserve video 10ms every 40ms';
    expect(answerOf(plan, text).granted[0]?.servers).to.have.length(3);
  });

  it('may be an offer, with memory', () => {
    const plan = planOf('keep 24 GiB memory for owner', HOST);
    const text = (gib: number) => `offer 2 vms some { vcpus 1 memory ${gib} GiB guarantee 0.5 cores }`;
    expect(answerOf(plan, text(4)).admitted).to.equal(true);
    const { admitted, refused, counterOffers } = answerOf(plan, text(5));
    expect([admitted, refused[0]?.obstacle]).to.deep.equal([false, 'memory']);
    expect(counterOffers.map(({ text: offer }) => offer)).to.deep.equal(['1 vm as asked for']);
  });

  it('stays below the limit of all guests, with a little for those that are promised nothing', () => {
    const plan = planOf('limit guests to 2 cores', HOST);
    const { refused, counterOffers } = answerOf(plan, `${REQUEST_CLASS(3, 1)}\nguarantee added 2.5 cores`);
    expect(refused[0]?.obstacle).to.equal('restriction');
    expect(counterOffers[0]?.text).to.equal('guarantee 1.99 cores');
  });

  it('does not cost what the plan holds under global EDF its hardness', () => {
    const facts: HostFacts = { ...HOST, cores: 2, cgroup: { ...HOST.cgroup, cpuset: false } };
    const plan = planOf('vm a { match name "a" and user "u" vcpus 1 }\nreserve a 30ms every 100ms', facts);
    expect(plan.certificate.schedules[0]?.reservations.test).to.equal('gfb');
    const { admitted } = answerOf(plan, `${REQUEST_CLASS(1, 1)}\nreserve added 80ms every 100ms`);
    expect(admitted).to.equal(false);
  });

  it('that no server could keep on a core by itself is refused with what one could', () => {
    const { refused, counterOffers } = answerOf(
      planOf(PLAN, HOST),
      `${REQUEST_CLASS(1, 1)}\nreserve added 95ms in any 100ms`,
    );
    expect(refused[0]?.obstacle).to.equal('interface');
    expect(counterOffers.map(({ changes }) => changes)).to.deep.equal(['budget', 'window']);
  });

  it('is not about the owner, conditions, or several classes', () => {
    const problemOf = (text: string) => admit(planOf(PLAN, HOST), { file: 'r.vmc', text }).problem;
    expect(problemOf(`${REQUEST_CLASS(1, 1)} keep 1 core for owner`)).to.include('keep 1 core');
    expect(problemOf(`${REQUEST_CLASS(1, 1)} switch s when s { guarantee added 1 core }`)).to.include(
      'condition',
    );
    expect(problemOf(REQUEST_CLASS(1, 1))).to.include('asks for something');
    expect(problemOf(`${REQUEST_CLASS(1, 1)} guarantee added 1 core limit guests to 1 core`)).to.include(
      'its own guests',
    );
    expect(problemOf('limit guests to 1 core')).to.include('one class or one offer');
  });
});
