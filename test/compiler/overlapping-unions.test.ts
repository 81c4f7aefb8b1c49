import { expect } from 'chai';
import { verifyPlan } from '../../src/compiler/verify-plan.js';
import { codesOf, compileText, planOf, scheduleIn } from './support.js';

const CLASSES = `
vm a { match user "a" vcpus 2 }
vm b { match user "b" vcpus 2 }
group c up to 3 vms { match user "c" vcpus 2 }
group left = a, b
group right = b, c
switch s
`;

/** Ceilings of quotas in the mode in which \`s\` has this value. */
function quotas(text: string, s: boolean): Record<string, number> {
  const plan = planOf(CLASSES + text);
  expect(verifyPlan(plan)).to.deep.equal([]);
  const { settings } = scheduleIn(plan, { s });
  return Object.fromEntries(
    settings.flatMap((one) => (one.mechanism === 'quota' ? [[one.class, one.ceilingCores]] : [])),
  );
}

describe('unions that overlap', () => {
  it('may both be limited where the limits are never in force together', () => {
    const text = 'when s { limit left to 1 core } otherwise { limit right to 4 cores }';
    expect([quotas(text, true), quotas(text, false)]).to.deep.equal([{ left: 1 }, { b: 1, c: 3 }]);
    expect(
      codesOf(`${CLASSES}when weekdays { limit left to 1 core } when weekends { limit right to 1 core }`),
    ).to.be.empty;
  });

  it('are refused with the mode that shows it where they may be, as under a condition that may be unknown', () => {
    const text = 'when host.load > 3 { limit left to 1 core } otherwise { limit right to 4 cores }';
    const [diagnostic] = compileText(CLASSES + text).diagnostics.filter(({ code }) => code === 'VMC3007');
    expect(diagnostic?.message).to.include('share b').and.to.include('(host.load > 3) unknown');
    expect(diagnostic?.related).to.have.length(1);
  });

  it('keep what is promised and reserved in them while a limit is divided among their classes', () => {
    const text = 'when s { limit left to 1 core guarantee a 0.8 cores } otherwise { guarantee right 1 core }';
    expect(quotas(text, true)).to.deep.equal({ a: 0.9, b: 0.1 });
    const reserved =
      'when s { limit left to 1 core reserve a 10ms every 40ms } otherwise { guarantee right 1 core }';
    const { b, ...others } = quotas(reserved, true);
    expect(others).to.deep.equal({});
    expect(b).to.be.greaterThan(0).and.to.be.at.most(0.5);
    expect(
      codesOf(
        `${CLASSES}when s { limit left to 1 core guarantee a 1.2 cores } otherwise { guarantee right 1 core }`,
      ),
    ).to.deep.equal(['VMC3005']);
  });

  it('have the lower end of an elastic limit divided', () => {
    const text =
      'when s { limit left to 4 cores - owner.demand between 1 core and 3 cores } otherwise { guarantee right 1 core }';
    expect(quotas(text, true)).to.deep.equal({ a: 0.5, b: 0.5 });
  });

  it('have the one in the nest that needs a cgroup, and may not both need one', () => {
    const one = 'when s { limit left to 1 core } otherwise { guarantee right 1 core }';
    expect(planOf(CLASSES + one).tree.map(({ name }) => name)).to.include('right');
    const both = 'when s { limit left to 1 GiB memory } otherwise { guarantee right 1 core }';
    expect(codesOf(CLASSES + both)).to.deep.equal(['VMC3007']);
  });

  it('are held to their limits by assertions and limits of the whole', () => {
    const text =
      'limit left to 1 core\nassert left at most 1 core\nwhen s { limit guests to 5 cores }\nassert right at most 9 cores';
    expect(codesOf(CLASSES + text)).to.deep.equal([]);
    const exclusive = `when s { limit left to 1 core } otherwise { limit right to 4 cores }
assert left at most 1 core while s\nassert right at most 4 cores while not s`;
    expect(codesOf(CLASSES + exclusive)).to.deep.equal([]);
  });
});
