import { expect } from 'chai';
import type { Plan } from '../../src/compiler/plan.js';
import { planOf } from './support.js';

const PAIR = `vm build { match name "build" and user "a" vcpus 4 }
  group batch up to 6 vms { match user "grid" vcpus 1 }
`;
const SINGLE = `vm mail { match name "mail" and user "a" vcpus 1 }
  vm web { match name "web" and user "a" vcpus 1 }
  group batch up to 6 vms { match user "grid" vcpus 1 }
`;

const quotas = ({ schedules: [schedule] }: Plan): Readonly<Record<string, number>> =>
  Object.fromEntries(
    (schedule?.settings ?? []).flatMap((one) =>
      one.mechanism === 'quota' ? [[one.class, one.ceilingCores]] : [],
    ),
  );

describe('promises under a limit by quota', () => {
  it('need no limits of their own where weights keep them while the quota is used up', () => {
    // On 8 cores build has at least 8/3 of them while there is a quota, a third of whatever that is.
    expect(quotas(planOf(`${PAIR}limit guests to 4 cores guarantee build 1 core`))).to.deep.equal({
      guests: 4,
    });
  });

  it('bound whoever could use the quota up before one vCPU has what is promised to it', () => {
    // With all of 8 cores in use mail has one of them for a quarter of the time.
    const {
      guests,
      mail,
      batch = 0,
      web = 0,
      others = 0,
    } = quotas(planOf(`${SINGLE}limit guests to 2 cores guarantee mail 0.8 cores`));
    expect(guests).to.equal(2);
    expect(mail, 'only one is promised something: it may use all').to.equal(undefined);
    expect(batch + web + others).to.be.closeTo(1.2, 1e-9);
  });

  it('divide the limit where there are several', () => {
    const {
      mail = 1,
      web = 1,
      batch = 0,
      others = 0,
    } = quotas(planOf(`${SINGLE}limit guests to 2 cores guarantee mail 0.8 cores guarantee web 0.5 cores`));
    expect(Math.min(mail, 1) + Math.min(web, 1) + batch + others).to.be.closeTo(2, 1e-9);
    expect(mail).to.be.at.least(0.8);
    expect(web).to.be.at.least(0.5);
  });

  it('bound the others where the guests that they are made to are stopped at times', () => {
    const { batch = 0, others = 0 } = quotas(
      planOf(`${PAIR}limit guests to 4 cores guarantee build 1 core run build 500ms every 1s`),
    );
    expect(batch + others).to.be.closeTo(3, 1e-9);
  });

  it('need none where all that others can use leaves room', () => {
    const policy = `${SINGLE}limit lent to 3 cores guarantee mail 1 core group lent = mail, web`;
    expect(quotas(planOf(policy))).to.deep.equal({ lent: 3 });
  });
});
