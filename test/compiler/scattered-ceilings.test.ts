import { expect } from 'chai';
import fc from 'fast-check';
import type { Plan } from '../../src/compiler/plan.js';
import { LIMITED_HOSTS } from './limited-hosts.js';
import { planOf, scheduleIn } from './support.js';

const SCATTERED = LIMITED_HOSTS['guests stay where they are'];
const CLASSES = `
vm mail { match user "m" vcpus 2 }
vm web { match user "w" vcpus 4 }
group batch up to 3 vms { match user "b" vcpus 2 }
group lent = mail, web, batch
group pair = mail, web
`;

/** Of each class what each guest of it may use, in cores. */
function quotasIn(plan: Plan): Record<string, number> {
  const quotas = scheduleIn(plan).settings.filter((one) => one.mechanism === 'quota');
  return Object.fromEntries(quotas.map(({ class: name, ceilingCores }) => [name, ceilingCores]));
}

describe('limits where guests stay in cgroups of their own', () => {
  const quotas = (text: string) => quotasIn(planOf(`${CLASSES}${text}`, SCATTERED));

  it('are divided by the number of vCPUs', () => {
    expect(quotas('limit lent to 6 cores')).to.deep.equal({ mail: 1, web: 2, batch: 1 });
  });

  it('are divided by the proportions asked for, where all of the limit have one', () => {
    expect(quotas('limit pair to 3 cores  share cpu among mail 2, web 1')).to.deep.equal({ mail: 2, web: 1 });
    expect(quotas('limit lent to 6 cores  share cpu among mail 3, web 1, batch 2')).to.deep.equal({
      mail: 3,
      web: 1,
      batch: 2 / 3,
    });
  });

  it('are divided by the number of vCPUs where some have no proportion', () => {
    const { mail, web } = quotas('limit lent to 6 cores  share cpu among mail 2, web 1');
    expect([mail, web]).to.deep.equal([1, 2]);
  });

  it('of classes of several guests are limits of each, equally', () => {
    expect(quotas('limit batch to 2 cores')).to.deep.equal({ batch: 2 / 3 });
  });

  it('hold together whatever they are', () => {
    const tenths = fc.integer({ min: 5, max: 80 });
    const part = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(tenths, fc.option(fc.tuple(part, part, part)), (limit, parts) => {
        const share = parts ? `share cpu among mail ${parts[0]}, web ${parts[1]}, batch ${parts[2]}` : '';
        const { mail = 0, web = 0, batch = 0 } = quotas(`limit lent to ${limit / 10} cores  ${share}`);
        expect(mail + web + 3 * batch).to.be.closeTo(limit / 10, 1e-9);
      }),
      { numRuns: 40 },
    );
  });
});
