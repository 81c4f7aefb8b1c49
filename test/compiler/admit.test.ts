import { expect } from 'chai';
import fc from 'fast-check';
import { type AdmissionAnswer, admit } from '../../src/compiler/admit/index.js';
import type { HostFacts } from '../../src/compiler/facts.js';
import type { Plan } from '../../src/compiler/plan.js';
import { codesOf, HOST, planOf } from './support.js';

const FOUR: HostFacts = { ...HOST, cores: 4 };
const REQUEST_CLASS = (guests: number, vcpus: number) =>
  `group added up to ${guests} vms { match user "newcomer" vcpus ${vcpus} }`;

function answerOf(plan: Plan, text: string): AdmissionAnswer {
  const { answer, problem, diagnostics } = admit(plan, { file: 'request.vmc', text });
  if (answer === null) throw new Error(problem ?? diagnostics.map(({ message }) => message).join('\n'));
  return answer;
}

/** What a request would say with an offer in place of its own sentence. */
function applied(
  request: string,
  { changes, text, value }: AdmissionAnswer['counterOffers'][number],
): string {
  if (changes === 'guests') return request.replace(/up to \d+ vms/, `up to ${value} vms`);
  const [verb = '', ...rest] = text.split(' ');
  return request.replace(new RegExp(`${verb} added .*`), `${verb} added ${rest.join(' ')}`);
}

/** The same, one step better for whom it is for. */
function beyond(request: string, offer: AdmissionAnswer['counterOffers'][number]): string {
  const us = (ns: number) => `${ns / 1000}us`;
  switch (offer.changes) {
    case 'guests':
      return applied(request, { ...offer, value: offer.value + 1 });
    case 'guarantee':
      return applied(request, { ...offer, text: `guarantee ${(offer.value + 0.01).toFixed(2)} cores` });
    case 'budget':
      return applied(request, {
        ...offer,
        text: offer.text.replace(/reserve \S+/, `reserve ${us(offer.value + 1000)}`),
      });
    case 'period':
    case 'window':
      return applied(request, {
        ...offer,
        text: offer.text.replace(/(every|in any) \S+/, `$1 ${us(offer.value - 1000)}`),
      });
  }
}

const policy = fc
  .record({
    vcpus: fc.integer({ min: 1, max: 3 }),
    guests: fc.integer({ min: 1, max: 3 }),
    budgetMs: fc.integer({ min: 1, max: 9 }),
    periodMs: fc.constantFrom(10, 20, 25, 40),
    keep: fc.integer({ min: 0, max: 7 }),
    floor: fc.integer({ min: 0, max: 6 }),
  })
  .map(({ vcpus, guests, budgetMs, periodMs, keep, floor }) =>
    [
      `group present up to ${guests} vms { match user "present" vcpus ${vcpus} }`,
      'group floored up to 4 vms { match user "floored" vcpus 1 }',
      `reserve present ${budgetMs}ms every ${periodMs}ms`,
      ...(keep > 0 ? [`keep ${keep / 4} cores for owner`] : []),
      ...(floor > 0 ? [`guarantee floored ${floor / 4} cores`] : []),
    ].join('\n'),
  );
const request = fc
  .record({
    guests: fc.integer({ min: 1, max: 3 }),
    vcpus: fc.integer({ min: 1, max: 2 }),
    sentence: fc.oneof(
      fc
        .tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(41, 50, 100))
        .map(([budget, period]) => `reserve added ${budget}ms every ${period}ms`),
      fc.integer({ min: 1, max: 60 }).map((tenths) => `guarantee added ${tenths / 10} cores`),
      fc
        .tuple(fc.integer({ min: 1, max: 20 }), fc.constantFrom(30, 60))
        .map(([budget, window]) => `reserve added ${budget}ms in any ${window}ms`),
    ),
  })
  .map(({ guests, vcpus, sentence }) => `${REQUEST_CLASS(guests, vcpus)}\n${sentence}`);

describe('a request beside a plan', () => {
  it('is admitted exactly where the compiler admits policy and request together', () => {
    const seen = { yes: 0, no: 0 };
    fc.assert(
      fc.property(policy, request, (present, asked) => {
        if (codesOf(present, FOUR).length > 0) return;
        const { admitted, refused } = answerOf(planOf(present, FOUR), asked);
        const together = codesOf(`${present}\n${asked}`, FOUR);
        if (admitted) expect(together, asked).to.deep.equal([]);
        else if (refused.every(({ proof }) => proof)) expect(together, asked).not.to.deep.equal([]);
        seen[admitted ? 'yes' : 'no']++;
      }),
      { numRuns: 150 },
    );
    expect(Math.min(seen.yes, seen.no)).to.be.greaterThan(15);
  }).timeout(60_000);

  it('that is refused comes with offers that are admitted, and of which a little more is not', () => {
    let offers = 0;
    fc.assert(
      fc.property(policy, request, (present, asked) => {
        if (codesOf(present, FOUR).length > 0) return;
        const plan = planOf(present, FOUR);
        for (const offer of answerOf(plan, asked).counterOffers) {
          offers++;
          expect(answerOf(plan, applied(asked, offer)).admitted, applied(asked, offer)).to.equal(true);
          const more = beyond(asked, offer);
          const { answer, diagnostics } = admit(plan, { file: 'more.vmc', text: more });
          const refused = answer === null ? diagnostics.length > 0 : !answer.admitted;
          expect(refused, more).to.equal(true);
        }
      }),
      { numRuns: 80 },
    );
    expect(offers).to.be.greaterThan(30);
  }).timeout(60_000);

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

  it('stays below the limit of all guests', () => {
    const plan = planOf('limit guests to 2 cores', HOST);
    const { refused, counterOffers } = answerOf(plan, `${REQUEST_CLASS(3, 1)}\nguarantee added 2.5 cores`);
    expect(refused[0]?.obstacle).to.equal('ceiling');
    expect(counterOffers[0]?.text).to.equal('guarantee 2 cores');
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
    expect(problemOf('limit guests to 1 core')).to.include('one class or one offer');
  });
});
