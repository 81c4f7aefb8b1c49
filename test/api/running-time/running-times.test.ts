import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { KeptOutcomes } from '../../../src/api/running-time/kept-outcomes.js';
import { RunningTimes } from '../../../src/api/running-time/running-times.js';
import { type RunningTime, RunningTimeSchema } from '../../../src/api/running-time-schema.js';
import type { Plan } from '../../../src/compiler/plan.js';
import { SignalStore } from '../../../src/rps/index.js';
import { HOST_V1, planOf } from '../../compiler/support.js';
import { status } from '../fake-services.js';

const POLICY = `
vm lent { match name "lent" and user "*" vcpus 1 }
switch quiet
when quiet { pause lent }
`;

const plan: Plan = planOf(POLICY, { ...HOST_V1, cores: 2 });
const clock = { monotonicNs: () => 300_000_000_000n, wallMs: () => 1_800_000_000_000 };

/** In the mode in which `quiet` is so, with a record of 300 s of these signals. */
function running(signals: Readonly<Record<string, number>>, quiet = false): RunningTimes {
  const store = new SignalStore({ clock });
  for (const [signal, value] of Object.entries(signals)) {
    for (let second = 1n; second <= 300n; second++) store.record(signal, value, second * 1_000_000_000n);
  }
  const mode = plan.modes.find(({ when }) => Object.values(when).includes(quiet))!;
  return new RunningTimes({
    signals: store,
    plan: () => plan,
    status: () => ({
      ...status,
      guests: [],
      mode: { id: mode.id, schedule: mode.schedule, sinceMs: 0, settling: false, causes: [] },
    }),
    outcomes: new KeptOutcomes(undefined, { warn: () => {} }),
    clock,
  });
}

const question = { workNs: 1e9, class: 'lent', level: 0.95 };

describe('running times under a plan', () => {
  it('are never, and say until when, while the class is paused', () => {
    const answer = running({ 'owner.threads': 0 }, true).ask(question) as RunningTime;
    expect([...Value.Errors(RunningTimeSchema, answer)]).to.deep.equal([]);
    expect(answer).to.include({ id: null, expectedNs: null, lowerNs: null, upperNs: null });
    expect(answer.never).to.equal('not while mode quiet holds: lent gets no processor');
    expect(answer.basis).to.include({ kind: 'paused', aloneCores: 0, expectedCores: null });
  });

  it('are never, and say so, where the work takes longer than anybody can say', () => {
    const answer = running({ 'owner.threads': 0 }).ask({
      ...question,
      workNs: 1001 * 86_400e9,
    }) as RunningTime;
    expect(answer).to.include({
      expectedNs: null,
      never: 'not within 1000 days, at the rate that lent gets',
    });
    const within = running({ 'owner.threads': 0 }).ask({
      ...question,
      workNs: 999 * 86_400e9,
    }) as RunningTime;
    expect(within.expectedNs).to.be.closeTo(999 * 86_400e9, 1e12);
  });

  it('are times again in the other mode', () => {
    const answer = running({ 'owner.threads': 0 }).ask(question) as RunningTime;
    expect(answer.expectedNs).to.be.closeTo(1e9, 1e6);
    expect(answer.never).to.equal(null);
  });

  it('rest on the use of processors where it is not known how many threads wait', () => {
    const answer = running({ 'host.cpu': 75 }).ask({ ...question, class: null }) as RunningTime;
    expect(answer.basis.signal).to.equal('host.cpu');
    expect(answer.basis.threads).to.be.closeTo(1.5, 1e-9);
    expect(answer.expectedNs).to.be.closeTo(1e9 / ((1 + 2 / 3) / 2), 1e6);
  });

  it('are not answered without any load, nor for a class that there is not', () => {
    expect(running({}).ask(question)).to.equal('no-load');
    expect(running({ 'owner.threads': 1 }).ask({ ...question, class: 'lend' })).to.equal('unknown-class');
  });

  it('keep no more answers open than so many', () => {
    const times = running({ 'owner.threads': 1 });
    const first = times.ask({ ...question, class: null }) as RunningTime;
    for (let i = 0; i < 4096; i++) times.ask({ ...question, class: null });
    expect(times.tell(first.id!, 1e9)).to.equal(null);
  }).timeout(60_000);
});
