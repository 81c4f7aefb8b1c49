import { expect } from 'chai';
import type { Plan, Schedule } from '../../src/compiler/plan.js';
import type { Action } from '../../src/enforce/host.js';
import { modesOf, plan, reservation, schedule, server, vm } from './support/plans.js';
import { simulate } from './support/simulation.js';

const MS = 1e6;
const PERIOD = 400 * MS;
type Placed = Readonly<Record<string, readonly [core: number, percent: number]>>;

function reserved(id: string, placed: Placed): Schedule {
  const all = Object.entries(placed);
  return schedule(id, {
    settings: all.map(([name, [, percent]]) => reservation(name, percent * 4 * MS, PERIOD)),
    servers: all.map(([name, [core, percent]]) => server(name, 'vcpu 0', core, percent * 4 * MS, PERIOD)),
  });
}

const planOf = (before: Placed, after: Placed, steps: 'direct' | 'two-step'): Plan =>
  plan({
    classes: [vm('a'), vm('b'), vm('d')],
    ...modesOf({ id: 'flag', kind: 'signal', signal: 'flag' }, { no: 's0', yes: 's1', unknown: 's1' }),
    schedules: [reserved('s0', before), reserved('s1', after)],
    transitions: [
      { from: 's0', to: 's1', steps },
      { from: 's1', to: 's0', steps },
    ],
  });

/** The mode with `before` for a while, then the change to `after`; the answer: actions on reservations from then on. */
async function changed(
  one: Plan,
  refuse: ((action: Action, name: string | null) => boolean) | null = null,
  seconds = 5,
) {
  const simulation = simulate(one);
  const { host, signals, enforcer, run } = simulation;
  const keys = Object.fromEntries(['a', 'b', 'd'].map((name) => [name, host.boot({ name })]));
  signals.set('flag', 0);
  await enforcer.start();
  await run(2.3);
  const [from, fromNs] = [host.log.length, host.kernel.nowNs];
  const nameOf = (key: string) => host.guests.find((guest) => guest.key === key)?.name ?? null;
  host.refuse = (action) =>
    'guest' in action && refuse?.(action, nameOf(action.guest))
      ? { ok: false, code: 'EPERM', message: 'injected', retry: false }
      : null;
  signals.set('flag', 1);
  await run(seconds);
  const actions = host.log
    .slice(from)
    .flatMap(({ atNs, action, outcome }) =>
      'guest' in action && outcome.ok
        ? [{ afterNs: atNs - fromNs, kind: action.kind, name: nameOf(action.guest) }]
        : [],
    );
  const server = (name: string) => host.guest(keys[name] ?? '').vcpus[0]?.server ?? null;
  return { ...simulation, actions, server };
}

describe('A change of mode', () => {
  it('in two steps shrinks, waits the longest period, and only then grows', async () => {
    const one = planOf({ a: [0, 60], b: [0, 30] }, { a: [0, 30], b: [0, 60] }, 'two-step');
    const { actions, host, server } = await changed(one);
    expect(actions.map(({ name }) => name)).to.deep.equal(['a', 'b']);
    expect((actions[1]?.afterNs ?? 0) - (actions[0]?.afterNs ?? 0)).to.be.within(PERIOD, PERIOD + 60 * MS);
    expect(server('b')?.bandwidth.budgetNs).to.equal(240 * MS);
    expect(host.kernel.peakCoreUtilisation).to.be.at.most(0.9 + 1e-9);
  });

  it('says in the status that it is settling, until growth is over', async () => {
    const one = planOf({ a: [0, 60], b: [0, 30] }, { a: [0, 30], b: [0, 60] }, 'two-step');
    const { enforcer, run } = await changed(one, null, 0.8);
    expect(enforcer.status().mode).to.include({ id: 'yes', settling: true });
    await run(1);
    expect(enforcer.status().mode).to.include({ id: 'yes', settling: false });
  });

  it('that is safe at once is made in one step', async () => {
    const one = planOf({ a: [0, 30], b: [1, 30] }, { a: [0, 60], b: [1, 20] }, 'direct');
    const { actions } = await changed(one);
    expect(actions.map(({ name, kind }) => `${kind} ${name}`)).to.deep.equal(['reserve b', 'reserve a']);
    expect(actions[0]?.afterNs).to.equal(actions[1]?.afterNs);
  });

  it('lets two reservations change places on full cores without ever overloading one', async () => {
    const one = planOf({ a: [0, 90], b: [1, 90] }, { a: [1, 90], b: [0, 90] }, 'two-step');
    const { host, server, enforcer } = await changed(one);
    expect([server('a')?.core, server('b')?.core]).to.deep.equal([1, 0]);
    expect(host.kernel.peakCoreUtilisation).to.be.at.most(0.9 + 1e-9);
    expect(enforcer.status().findings).to.deep.equal([]);
  });

  it('never piles a reservation upon one that could not be taken away, and serves the other cores meanwhile', async () => {
    const one = planOf({ a: [0, 90] }, { b: [0, 80], d: [1, 80] }, 'direct');
    const stuck = (action: Action, name: string | null) => action.kind !== 'reserve' && name === 'a';
    const { host, server, enforcer, run } = await changed(one, stuck);
    expect(server('a')?.core).to.equal(0);
    expect(server('b')).to.equal(null);
    expect(server('d')?.core).to.equal(1);
    expect(enforcer.status().findings.map(({ code }) => code)).to.have.members([
      'refused-release',
      'no-room',
    ]);
    host.refuse = null;
    await run(3);
    expect(server('b')?.core).to.equal(0);
    expect(host.kernel.peakCoreUtilisation).to.be.at.most(0.9 + 1e-9);
    expect(enforcer.status().findings).to.deep.equal([]);
  });

  it('waits out EBUSY within the 0-lag time of what was freed, without a finding', async () => {
    const one = planOf({ a: [0, 90], b: [1, 90] }, { d: [0, 90] }, 'direct');
    const { server, enforcer, host } = await changed(one, null, 1.8);
    const busy = host.log.filter(({ outcome }) => !outcome.ok && outcome.code === 'EBUSY');
    expect(busy.length).to.be.greaterThan(0);
    expect(server('d')?.core).to.equal(0);
    expect(enforcer.events.since().filter(({ kind }) => kind === 'finding')).to.deep.equal([]);
  });

  it('reaches the guests within 1.5 s of the sample that makes it', async () => {
    const one = planOf({ a: [0, 30] }, { a: [0, 60] }, 'direct');
    for (const [event] of (await changed(one)).actions.entries()) expect(event).to.equal(0);
    const { actions } = await changed(one);
    expect(actions[0]?.afterNs).to.be.at.most(1.5e9);
  });
});
