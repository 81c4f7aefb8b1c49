import { expect } from 'chai';
import fc from 'fast-check';
import { coreList, type HostFacts } from '../../src/compiler/facts.js';
import type { Plan, Schedule } from '../../src/compiler/plan.js';
import { indexPlan } from '../../src/enforce/plan-index.js';
import { classesOf, type Demand } from '../../src/simulate/model/population.js';
import { type Allocation, ScheduleModel } from '../../src/simulate/model/schedule-model.js';
import { standardWeight } from '../../src/simulate/model/share-tree.js';
import { LIMITED_HOSTS } from '../compiler/limited-hosts.js';
import { somePolicy } from '../compiler/some-policy.js';
import { CLASSES, compileText, HOST, HOST_V1, planOf } from '../compiler/support.js';

const coresOf = ({ host }: Plan): number => coreList(host).length;
const SLACK = 1e-6;
const NO_OTHERS = { guests: 0, part: 0 };

const drawnDemand = fc.record({
  ownerPercent: fc.oneof(fc.constantFrom(0, 100), fc.integer({ min: 0, max: 100 })),
  classes: fc.array(fc.record({ guests: fc.nat(4), part: fc.constantFrom(0, 0.1, 0.5, 1) }), {
    minLength: 6,
    maxLength: 6,
  }),
});

function demandFor(
  plan: Plan,
  drawn: { ownerPercent: number; classes: { guests: number; part: number }[] },
): Demand {
  const cores = coresOf(plan);
  const classes = classesOf(plan, cores);
  // By nice values of sessions a promise holds beside one guest of no class.
  const others = plan.host.nice ? 1 : Number.POSITIVE_INFINITY;
  const guests = classes.map((one, at) =>
    Math.min(one.mostGuests, one.plan === null ? others : one.mostGuests, drawn.classes[at]?.guests ?? 0),
  );
  const eachCores = classes.map((one, at) => (drawn.classes[at] ?? NO_OTHERS).part * one.vcpus);
  return { ownerCores: (drawn.ownerPercent * cores) / 100, guests, eachCores };
}

const ceilingsOf = (schedule: Schedule) =>
  schedule.settings.flatMap((one) => (one.mechanism === 'quota' ? [one.ceilingCores] : []));

function allocate(plan: Plan, schedule: Schedule, demand: Demand): { model: ScheduleModel; got: Allocation } {
  const cores = coresOf(plan);
  const model = new ScheduleModel(indexPlan(plan), schedule, classesOf(plan, cores), cores);
  return { model, got: model.allocate(demand, ceilingsOf(schedule)) };
}

/** What the owner's work competes with while it wants so much: threads, or one slice. */
function ownerWeight({ host }: Plan, ownerCores: number): number {
  const isBySlices = host.nice !== undefined || (host.cgroup.ownerAs === 'slices' && host.cgroup.version > 0);
  return standardWeight(host.cgroup.version) * (isBySlices ? Math.min(1, ownerCores) : Math.ceil(ownerCores));
}

/** The owner's busiest work against whom the guests' floors are proved, in threads or slices of standard weight. */
function contendingWeight(plan: Plan, schedule: Schedule): number {
  const proof = plan.certificate.schedules.find((one) => one.schedule === schedule.id);
  const top = proof?.shares.find(
    ({ parent, children }) =>
      parent === 'host' && children.some((one) => one.class !== 'owner' && one.floorCores),
  );
  return top?.children.find((one) => one.class === 'owner')?.weight ?? Number.POSITIVE_INFINITY;
}

describe('what a schedule delivers in the fluid model', () => {
  for (const [name, facts] of [
    ['cgroup v2 under slices', HOST],
    ['cgroup v1 beside threads', HOST_V1],
    ...Object.entries(LIMITED_HOSTS).filter(([, { mechanisms }]) => mechanisms.length > 1),
  ] as const satisfies readonly (readonly [string, HostFacts])[]) {
    it(`is all there is, within vCPUs, wishes and quotas, and keeps every floor and reservation (${name})`, () => {
      let [schedules, promises] = [0, 0];
      fc.assert(
        fc.property(somePolicy, drawnDemand, (policy, drawn) => {
          const { plan } = compileText(policy, facts);
          if (plan === null) return;
          const demand = demandFor(plan, drawn);
          const index = indexPlan(plan);
          const cores = coresOf(plan);
          const classes = classesOf(plan, cores);
          for (const schedule of plan.schedules) {
            schedules += 1;
            const { model, got } = allocate(plan, schedule, demand);
            const total = got.delivered.reduce((sum, cores) => sum + cores, got.ownerCores + got.idleCores);
            expect(total, 'delivered, owner and idle').to.be.closeTo(cores, SLACK);
            expect(got.ownerCores).to.be.at.most(demand.ownerCores + SLACK);
            got.delivered.forEach((cores, at) => {
              expect(cores, classes[at]?.name).to.be.within(0, (got.usable[at] ?? 0) + SLACK);
            });
            const bound = schedule.timetable !== null || model.quotas.length > 0;
            if (got.idleCores > SLACK && !bound) {
              expect(got.ownerCores, 'owner beside idle cores').to.be.closeTo(demand.ownerCores, SLACK);
              got.delivered.forEach((cores, at) => {
                expect(cores, `${classes[at]?.name} beside idle cores`).to.be.closeTo(
                  got.usable[at] ?? 0,
                  SLACK,
                );
              });
            }
            for (const quota of model.quotas) {
              const under = classes.flatMap((one, at) =>
                index.appliesTo(quota, one.plan) &&
                !schedule.servers.some((server) => server.class === one.plan)
                  ? [at]
                  : [],
              );
              const most = (at: number) =>
                quota.scope === 'each' ? (demand.guests[at] ?? 0) * quota.ceilingCores : 0;
              if (quota.scope === 'sum') {
                const sum = under.reduce((all, at) => all + (got.delivered[at] ?? 0), 0);
                expect(sum, `quota of ${quota.class}`).to.be.at.most(quota.ceilingCores + SLACK);
              } else for (const at of under) expect(got.delivered[at]).to.be.at.most(most(at) + SLACK);
            }
            if (ownerWeight(plan, demand.ownerCores) > contendingWeight(plan, schedule)) continue;
            model.promises.forEach(({ kind, subject }, at) => {
              const { promised, delivered } = got.promises[at] ?? { promised: 1, delivered: 0 };
              if (promised > 0) promises += 1;
              expect(delivered, `${kind} of ${subject} in\n${policy}`).to.be.at.least(promised - SLACK);
            });
          }
        }),
        // Of what is promised little can be kept without reservations.
        { numRuns: facts.mechanisms.some((one) => one === 'reservation') ? 90 : 360 },
      );
      expect(schedules).to.be.greaterThan(10);
      expect(promises).to.be.greaterThan(2);
    });
  }

  const only = (policy: string) => {
    const plan = planOf(`${CLASSES}${policy}`);
    return { plan, schedule: plan.schedules[0] as Schedule };
  };
  const all = (plan: Plan, ownerCores: number): Demand => {
    const classes = classesOf(plan, coresOf(plan));
    return {
      ownerCores,
      guests: classes.map((one) => one.usualGuests),
      eachCores: classes.map((one) => one.vcpus),
    };
  };

  it('gives idle weights nothing while another wants the CPU, and then what is left', () => {
    const { plan, schedule } = only('yield batch limit guests to 5 cores');
    const { got } = allocate(plan, schedule, all(plan, 2));
    // video 2 and build 4 would take 6 of the 5.
    expect(got.delivered[2]).to.equal(0);
    const quiet = allocate(plan, schedule, { ...all(plan, 4), guests: [1, 0, 4, 0] }).got;
    expect(quiet.delivered).to.deep.equal([2, 0, 2, 0]);
  });

  it('lets a quota be used up by whoever runs meanwhile, whatever the weights, where cores are free', () => {
    const { plan, schedule } = only('limit lent to 2 cores share cpu among build 3, batch 1 pause video');
    const alone = allocate(plan, schedule, all(plan, 0)).got;
    // 4 and 4 vCPUs on 8 cores: each runs for a quarter of every period. Weights would say 1.5 and 0.5.
    expect(alone.delivered.slice(1, 3)).to.deep.equal([1, 1]);
    expect(allocate(plan, schedule, all(plan, 8)).got.delivered[1]).to.be.greaterThan(1.2);
  });

  it('lets those who had to wait for a new quota catch up, but have no more than they want', () => {
    const { plan, schedule } = only('limit lent to 2 cores pause video');
    const { got } = allocate(plan, schedule, { ...all(plan, 0), eachCores: [0, 0.5, 1, 0] });
    // Build is done with its 0.5 in an eighth of the period, in which batch has as much.
    expect(got.delivered[1]).to.be.closeTo(0.5, SLACK);
    expect(got.delivered[2]).to.be.closeTo(1.5, SLACK);
  });

  it('lets a guest on a duty cycle use its vCPUs for the part of the time in which it runs', () => {
    const { plan, schedule } = only('run batch 200ms every 1s pause build');
    const { got } = allocate(plan, schedule, all(plan, 0));
    expect(got.delivered[2]).to.be.closeTo(4 * 0.2, SLACK);
    expect(got.delivered[1]).to.equal(0);
  });

  it('catches up in its windows on what a guest on a duty cycle wanted meanwhile', () => {
    const { plan, schedule } = only('run batch 500ms every 1s');
    const demand = { ...all(plan, 0), eachCores: [0, 0, 0.3, 0] };
    const { got } = allocate(plan, schedule, demand);
    expect(got.delivered[2]).to.be.closeTo(4 * 0.3, SLACK);
  });

  it('gives a reservation its rate and no more, whatever the owner wants', () => {
    const { plan, schedule } = only('reserve video 3ms every 10ms');
    const { got } = allocate(plan, schedule, all(plan, 8));
    expect(got.delivered[0]).to.be.closeTo(0.6, SLACK);
  });
});
