import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { compile } from '../../src/compiler/index.js';
import { Enforcer } from '../../src/enforce/enforcer.js';
import { SimulatedHost } from '../../src/enforce/simulated/simulated-host.js';
import { StatusSchema } from '../../src/enforce/status.js';
import { demoPlan, duty, FACTS, modesOf, onEach, plan, schedule, vm } from './support/plans.js';
import { simulate } from './support/simulation.js';

type Name = 'video' | 'gold' | 'silver' | 'batch';
const NAMES: readonly Name[] = ['video', 'gold', 'silver', 'batch'];

async function demo() {
  const simulation = simulate(demoPlan());
  const { host, enforcer } = simulation;
  const keys = Object.fromEntries(NAMES.map((name) => [name, host.boot({ name })])) as Record<Name, string>;
  host.setOwner('busy');
  await enforcer.start();
  return { ...simulation, keys };
}

describe('Enforcer on the simulated host, with the demonstration', () => {
  it('delivers what every mode promises, by the kernel’s accounting', async () => {
    const { enforcer, host, run } = await demo();
    await run(15);
    host.setOwner('busy', 'busy', 'busy', 'busy');
    await run(20);
    await enforcer.stop();
    const { accounts } = enforcer.status();
    const of = (name: Name, mode: string, mechanism: string) =>
      accounts.find((one) => one.name === name && one.mode === mode && one.mechanism === mechanism);
    for (const mode of ['no', 'yes']) {
      expect(of('video', mode, 'reservation')?.promised).to.be.closeTo(0.2, 1e-9);
      expect(of('video', mode, 'reservation')?.delivered).to.be.closeTo(0.2, 0.2 * 0.02);
      expect(of('gold', mode, 'share')?.promised).to.be.closeTo(0.75, 1e-6);
      expect(of('gold', mode, 'share')?.delivered).to.be.closeTo(0.75, 0.02);
      expect(of('silver', mode, 'share')?.delivered).to.be.closeTo(0.25, 0.02);
      expect(of('gold', mode, 'quota')?.delivered).to.be.at.most(1.0001);
    }
    expect(of('batch', 'no', 'duty')?.delivered).to.be.closeTo(0.5, 0.01);
    expect(of('batch', 'yes', 'duty')?.delivered).to.be.closeTo(0.2, 0.01);
  });

  it('changes mode when owner demand has been high for long enough, and says why', async () => {
    const { enforcer, host, run } = await demo();
    await run(5);
    expect(enforcer.status().mode?.id).to.equal('no');
    host.setOwner('busy', 'busy');
    const { atMs } = enforcer.status();
    await run(5);
    const { mode, conditions } = enforcer.status();
    expect(mode?.id).to.equal('yes');
    expect((mode?.sinceMs ?? 0) - atMs).to.be.within(3000, 4500);
    expect(conditions[0]).to.include({ value: true, sinceMs: mode?.sinceMs });
    const event = enforcer.events.since().findLast(({ kind }) => kind === 'mode-changed');
    expect(event?.causes[0]).to.include({ condition: 'c0', from: false, to: true });
    expect(event?.causes[0]?.atoms[0]).to.include({ sample: 100, value: true });
    expect(event?.causes[0]?.atoms[0]?.text).to.equal('owner.demand > 60 for 3s until < 40 for 3s');
  });

  it('restricts and promises nothing while the signal is lost', async () => {
    const { enforcer, signals, host, keys, run } = await demo();
    await run(5);
    signals.set('owner.demand', null);
    await run(3);
    expect(enforcer.status().mode?.id).to.equal('unknown');
    expect(host.guest(keys.video).vcpus[0]?.server).to.equal(null);
    expect(host.freeBandwidth).to.be.closeTo(1.9, 1e-6);
  });

  it('has a status that fits its schema at every stage of its life', async () => {
    const { enforcer, run } = simulate(demoPlan());
    const errors = () => [...Value.Errors(StatusSchema, enforcer.status())];
    expect(errors()).to.deep.equal([]);
    await enforcer.start();
    expect(errors()).to.deep.equal([]);
    await run(12);
    expect(errors()).to.deep.equal([]);
    await enforcer.stop();
    expect(errors()).to.deep.equal([]);
    expect(enforcer.status()).to.include({ state: 'stopped', mode: null });
  });

  it('takes in a guest that comes, within a second, and forgets one that ends', async () => {
    const { enforcer, host, keys, run } = await demo();
    await run(2);
    host.end(keys.gold);
    const gold = host.boot({ name: 'gold' });
    await run(1.1);
    expect(host.guest(gold).group).to.deep.equal(['pair', 'gold', gold]);
    const kinds = enforcer.events.since().map(({ kind, subject }) => `${kind} ${subject}`);
    expect(kinds).to.include(`guest-gone ${keys.gold}`).and.to.include(`guest-found ${gold}`);
  });

  it('gives everything back when it stops', async () => {
    const { enforcer, host, keys, run } = await demo();
    await run(3.7);
    host.userStops(keys.gold);
    await run(1);
    await enforcer.stop();
    host.advance(1e9);
    expect(host.groupCount).to.equal(0);
    expect(host.freeBandwidth).to.be.closeTo(1.9, 1e-6);
    expect(NAMES.filter((name) => host.guest(keys[name]).stopped)).to.deep.equal(['gold']);
  });
});

describe('Enforcer on the simulated host, with a plan by the compiler', () => {
  const POLICY = `
    vm video { match name "video" vcpus 1 }
    vm gold { match name "gold" vcpus 1 }
    vm silver { match name "silver" vcpus 1 }
    vm batch { match name "batch" vcpus 1 }
    group pair = gold, silver
    let busy = owner.demand > 60% for 3s until < 40% for 3s
    reserve video 20ms every 100ms
    share cpu among gold 3, silver 1
    limit pair to 1 core
    when busy { run batch 200ms every 1s } otherwise { run batch 500ms every 1s }
  `;

  for (const version of [1, 2] as const) {
    it(`keeps every promise in both modes, on cgroup v${version}`, async () => {
      const facts = { ...FACTS, cgroup: { ...FACTS.cgroup, version } };
      const { plan: compiled } = compile({ file: 'test.vmc', text: POLICY }, facts);
      if (compiled === null) throw new Error('the policy compiles');
      const { host, enforcer, run } = simulate(compiled);
      for (const name of NAMES) host.boot({ name });
      host.setOwner('busy');
      await enforcer.start();
      await run(12);
      host.setOwner('busy', 'busy', 'busy', 'busy');
      await run(12);
      expect(enforcer.status().findings).to.deep.equal([]);
      await enforcer.stop();
      const { accounts } = enforcer.status();
      const told = (name: Name, mechanism: string) =>
        accounts
          .filter((one) => one.name === name && one.mechanism === mechanism)
          .map(({ delivered }) => delivered);
      for (const delivered of told('video', 'reservation')) expect(delivered).to.be.closeTo(0.2, 0.004);
      for (const delivered of told('gold', 'share')) expect(delivered).to.be.closeTo(0.75, 0.02);
      const [calm, busy] = told('batch', 'duty');
      expect(calm).to.be.closeTo(0.5, 0.01);
      expect(busy).to.be.closeTo(0.2, 0.01);
      for (const mechanism of ['reservation', 'share', 'duty']) {
        expect(accounts.filter((one) => one.mechanism === mechanism).length).to.be.at.least(2);
      }
    });
  }
});

describe('Enforcer', () => {
  it('does nothing to the others’ loss when one guest’s action is refused, or throws', async () => {
    const { enforcer, host, keys } = await demo();
    await enforcer.stop();
    for (const code of ['EPERM', null] as const) {
      const second = simulate(demoPlan());
      const [video, gold] = [second.host.boot({ name: 'video' }), second.host.boot({ name: 'gold' })];
      second.host.refuse = (action) => {
        if (!('guest' in action) || action.guest !== gold) return null;
        if (code === null) throw new Error('injected');
        return { ok: false, code, message: 'not yours to move', retry: false };
      };
      second.host.setOwner('busy');
      await second.enforcer.start();
      expect(second.host.guest(video).vcpus[0]?.server?.bandwidth.budgetNs).to.equal(20e6);
      const [finding] = second.enforcer.status().findings;
      expect(finding).to.include({ code: 'refused-gather', subject: gold });
      expect(finding?.fallback).to.be.a('string');
      second.host.refuse = null;
      await second.run(1.1);
      expect(second.enforcer.status().findings).to.deep.equal([]);
      expect(second.host.guest(gold).group).to.deep.equal(['pair', 'gold', gold]);
    }
    expect(host.guest(keys.gold).group).to.equal(null);
  });

  it('survives an observation that fails, and says so while it does', async () => {
    const { enforcer, host, run } = await demo();
    host.beforeObserve = () => {
      throw new Error('/proc is not there');
    };
    await run(3);
    const { findings } = enforcer.status();
    expect(findings.map(({ code }) => code)).to.deep.equal(['step-failed']);
    host.beforeObserve = null;
    await run(1.1);
    expect(enforcer.status().findings).to.deep.equal([]);
  });

  it('restricts as strictly as any mode and promises nothing where the plan has no mode', async () => {
    const one = demoPlan();
    const { enforcer, host, signals, run } = simulate({
      ...one,
      modes: one.modes.filter(({ id }) => id !== 'unknown'),
    });
    const [video, batch] = [host.boot({ name: 'video' }), host.boot({ name: 'batch' })];
    signals.set('owner.demand', null);
    await enforcer.start();
    await run(2);
    expect(enforcer.status().findings.map(({ code }) => code)).to.deep.equal(['no-mode']);
    expect(host.guest(batch).heldByUs).to.equal(true);
    expect(host.guest(video).vcpus[0]?.server).to.equal(null);
    signals.set('owner.demand', 10);
    await run(2);
    expect(enforcer.status().mode?.id).to.equal('no');
    expect(enforcer.status().findings).to.deep.equal([]);
  });

  it('flips switches for a time, and names those it has when asked for another', async () => {
    const one = plan({
      classes: [vm('batch')],
      switches: ['gaming'],
      ...modesOf(
        { id: 'gaming', kind: 'switch', name: 'gaming' },
        { no: 'free', yes: 'paused', unknown: 'paused' },
      ),
      schedules: [schedule('free', {}), schedule('paused', { settings: [duty(onEach('batch'), 0, 1e9)] })],
    });
    const { enforcer, host, run } = simulate(one);
    const batch = host.boot({ name: 'batch' });
    await enforcer.start();
    enforcer.setSwitch('gaming', true, 2_000_000_000n);
    await enforcer.step();
    expect(host.guest(batch).heldByUs).to.equal(true);
    expect(enforcer.status().switches).to.deep.include({
      name: 'gaming',
      on: true,
      untilMs: host.clock.wallMs() + 2000,
    });
    await run(2.1);
    expect(host.guest(batch).heldByUs).to.equal(false);
    expect(() => enforcer.setSwitch('game', true)).to.throw(RangeError, 'gaming');
  });

  it('replaces its plan without letting go of what both plans ask for', async () => {
    const { enforcer, host, keys, run } = await demo();
    await run(3);
    const before = host.log.length;
    await enforcer.replacePlan(demoPlan());
    await run(3);
    const touched = host.log.slice(before).filter(({ action }) => 'guest' in action);
    expect(touched).to.deep.equal([]);
    expect(enforcer.status().mode?.id).to.equal('no');
    await enforcer.replacePlan(plan({ classes: [vm('video')] }));
    await run(3);
    expect(host.groupCount).to.equal(0);
    for (const name of NAMES) expect(host.guest(keys[name]).stopped).to.equal(false);
  });

  it('does nothing when stopped before it was started, and stops once however often it is told', async () => {
    const { enforcer, host } = simulate(demoPlan());
    await enforcer.stop();
    expect(enforcer.status().state).to.equal('new');
    await enforcer.start();
    await Promise.all([enforcer.stop(), enforcer.stop(), enforcer.step()]);
    expect(host.groupCount).to.equal(0);
    expect(enforcer.events.since().filter(({ kind }) => kind === 'stopped')).to.have.length(1);
  });

  it('rejects a start that the host refuses, and can then be left alone', async () => {
    const { enforcer, host } = simulate(demoPlan());
    host.start = () => Promise.reject(new Error('another daemon holds the lock: pid 4711'));
    await enforcer.start().then(
      () => expect.fail('it started'),
      (error: Error) => expect(error.message).to.contain('4711'),
    );
    await enforcer.stop();
    expect(enforcer.status().state).to.equal('new');
  });

  it('makes its steps by itself, on real timers, until it is stopped', async () => {
    const one = demoPlan();
    const host = new SimulatedHost({ facts: one.host });
    let observed = 0;
    host.beforeObserve = () => {
      observed += 1;
      host.advance(1e9);
    };
    const signals = { latest: () => 10, limit: () => null };
    const enforcer = new Enforcer({ host, plan: one, signals });
    await enforcer.start();
    const deadline = Date.now() + 20_000;
    while (observed < 4 && Date.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
    expect(observed).to.be.at.least(4);
    await enforcer.stop();
  });
});
