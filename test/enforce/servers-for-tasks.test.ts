import { expect } from 'chai';
import { compile } from '../../src/compiler/compile.js';
import type { HostFacts } from '../../src/compiler/facts.js';
import type { Plan } from '../../src/compiler/plan.js';
import { FACTS } from './support/plans.js';
import { simulate } from './support/simulation.js';

function planOf(text: string, facts: Partial<HostFacts> = {}): Plan {
  const { plan, diagnostics } = compile({ file: 'test.vmc', text }, { ...FACTS, ...facts });
  if (!plan) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return plan;
}

const RT = `
vm rt {
  match name "rt"
  vcpus 2
  task a 6ms every 10ms
  task b 4ms every 9ms
}
`;

describe('the enforcer, with a reservation for tasks', () => {
  it('gives each vCPU thread the server of its own tasks', async () => {
    const plan = planOf(`${RT}reserve rt for its tasks`, { hrtickDeadline: true, deadlineLimit: 0.99 });
    const { host, enforcer, run } = simulate(plan);
    const key = host.boot({ name: 'rt', vcpus: ['busy', 'busy'] });
    await enforcer.start();
    await run(3);
    const [setting] = plan.schedules[0]?.settings ?? [];
    const wanted = setting?.mechanism === 'reservation' ? (setting.vcpus ?? []) : [];
    expect(wanted.map(({ tasks }) => tasks)).to.deep.equal([['a'], ['b']]);
    expect(host.guest(key).vcpus.map(({ server }) => server?.bandwidth)).to.deep.equal(
      wanted.map(({ budgetNs, periodNs }) => ({ budgetNs, periodNs })),
    );
  });
});

describe('a guest with an amount in any window, on a kernel that enforces budgets at ticks', () => {
  it('gets it in every window, beside others that want as much as they can get', async () => {
    const text = `
vm one { match name "one" vcpus 1 }
vm two { match name "two" vcpus 1 }
reserve one 10ms in any 80ms
reserve two 12ms every 40ms`;
    const plan = planOf(text);
    const cores = plan.schedules[0]?.servers.flatMap(({ thread, core }) =>
      thread === 'vcpu 0' ? [core] : [],
    );
    expect(new Set(cores).size).to.equal(1);
    const { host, enforcer, run } = simulate(plan);
    const key = host.boot({ name: 'one' });
    host.boot({ name: 'two' });
    host.setOwner('busy', 'busy');
    await enforcer.start();
    await run(2);
    const used: number[] = [];
    for (let ms = 0; ms <= 3000; ms++) {
      used.push(host.guest(key).vcpus[0]?.cpuNs ?? 0);
      await run(0.001);
    }
    const windows = used.slice(80).map((at, index) => at - (used[index] ?? 0));
    expect(Math.min(...windows)).to.be.at.least(10_000_000);
  });
});
