import { expect } from 'chai';
import { classify, NO_ASSIGNMENT } from '../../../src/enforce/classify.js';
import { decidePriorities } from '../../../src/enforce/decide/decide-priorities.js';
import { decideTimetable } from '../../../src/enforce/decide/decide-timetable.js';
import { indexPlan } from '../../../src/enforce/plan-index.js';
import type { GuestSpec } from '../../../src/enforce/simulated/simulated-guest.js';
import { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import { duty, elevated, group, onEach, plan, schedule, timetable, vm } from '../support/plans.js';

const MS = 1e6;

/** Names of the guests that get real-time priority, and codes of findings. */
async function raised(specs: readonly GuestSpec[], stop?: string) {
  const one = plan({
    classes: [vm('a'), vm('b'), group('c', 1)],
    schedules: [
      schedule('s', {
        settings: [
          elevated(onEach('a'), 20 * MS, 100 * MS),
          duty(onEach('b'), 20 * MS, 100 * MS),
          elevated(onEach('c'), 20 * MS, 100 * MS),
        ],
        timetable: timetable(100 * MS, { a: 20 * MS, b: 20 * MS }),
      }),
    ],
  });
  const host = new SimulatedHost({ facts: one.host });
  await host.start();
  for (const spec of specs) {
    const key = host.boot(spec);
    if (spec.name === stop) host.userStops(key);
  }
  const observation = await host.observe();
  const guests = observation.guests.map(({ guest }) => guest);
  const { classified } = classify(one, NO_ASSIGNMENT, guests);
  const [first] = one.schedules;
  if (!first) throw new Error('the plan has a schedule');
  const index = indexPlan(one);
  const times = decideTimetable(index, first, classified, observation).timetable;
  const { settings, findings } = decidePriorities(index, first, classified, times);
  return {
    settings: new Set(settings.values()),
    names: guests.filter(({ key }) => settings.has(key)).map(({ name }) => name),
    findings: findings.map(({ code }) => code),
  };
}

describe('decidePriorities', () => {
  it('raises guests whose cycles stand for reservations, and no others, to the least priority', async () => {
    const found = await raised([{ name: 'a' }, { name: 'b' }, { name: 'foreign' }]);
    expect(found.names).to.deep.equal(['a']);
    expect([...found.settings]).to.deep.equal([{ knob: 'priority', priority: 1 }]);
    expect(found.findings).to.deep.equal([]);
  });

  it('raises none that no window ends, none that its user stopped, and none of another shape than its class', async () => {
    expect((await raised([{ name: 'c-1' }])).names).to.deep.equal([]);
    expect((await raised([{ name: 'a' }], 'a')).names).to.deep.equal([]);
    expect((await raised([{ name: 'a', vcpus: ['busy', 'busy'] }])).names).to.deep.equal([]);
  });

  it('says so where it is not known which threads are virtual CPUs', async () => {
    const found = await raised([{ name: 'a', vcpuSource: 'none' }]);
    expect(found.names).to.deep.equal([]);
    expect(found.findings).to.deep.equal(['no-vcpu-threads']);
  });
});
