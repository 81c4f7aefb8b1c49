import { expect } from 'chai';
import type { Setting } from '../../../src/compiler/plan.js';
import { classify, NO_ASSIGNMENT } from '../../../src/enforce/classify.js';
import { decideKnobs, stopWithinNs } from '../../../src/enforce/decide/decide-knobs.js';
import { indexPlan } from '../../../src/enforce/plan-index.js';
import type { GuestSpec } from '../../../src/enforce/simulated/simulated-guest.js';
import { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import {
  disk,
  group,
  memory,
  network,
  onEach,
  onSum,
  placement,
  plan,
  schedule,
  share,
  vm,
} from '../support/plans.js';

/** The knobs of guests a, b-1 and b-2 (and what their keys are) under one schedule. */
async function knobs(settings: readonly Setting[], specs: Readonly<Record<string, Partial<GuestSpec>>> = {}) {
  const one = plan({
    classes: [vm('a'), group('b', 2)],
    schedules: [schedule('only', { settings: [...settings] })],
  });
  const host = new SimulatedHost({ facts: one.host });
  await host.start();
  for (const name of ['a', 'b-1', 'b-2']) host.boot({ name, ...specs[name] });
  const observation = await host.observe();
  const { guests } = observation;
  const { classified } = classify(
    one,
    NO_ASSIGNMENT,
    guests.map(({ guest }) => guest),
  );
  const [first] = one.schedules;
  if (!first) throw new Error('the plan has a schedule');
  const decided = decideKnobs(indexPlan(one), first, classified, observation);
  const of = (name: string) => {
    const found = guests.find(({ guest }) => guest.name === name);
    return decided.get(found?.guest.key ?? '') ?? [];
  };
  const stops = classified.map((each) => stopWithinNs(indexPlan(one), first, each));
  return { of, stops };
}

describe('decideKnobs', () => {
  it('gives each guest what is for each, and its part of what is for all of them', async () => {
    const { of } = await knobs([network(onEach('a'), 1000), disk(onSum('b'), 5001, null)]);
    expect(of('a')).to.deep.equal([{ knob: 'network', bytesPerSecond: 1000 }]);
    expect(of('b-1')).to.deep.equal([{ knob: 'disk', bytesPerSecond: 2500, iops: null }]);
    expect(of('b-2')).to.deep.equal(of('b-1'));
  });

  it('divides what is for all of them among those that have something it acts on', async () => {
    const settings = [disk(onSum('b'), 5000, 10), network(onSum('b'), 300)];
    const { of } = await knobs(settings, { 'b-1': { lacks: ['disk'] } });
    expect(of('b-2')).to.deep.equal([
      { knob: 'disk', bytesPerSecond: 5000, iops: 10 },
      { knob: 'network', bytesPerSecond: 150 },
    ]);
    const none = await knobs(settings, { 'b-1': { lacks: ['disk'] }, 'b-2': { lacks: ['disk'] } });
    expect(none.of('b-1')[0]).to.deep.equal({ knob: 'disk', bytesPerSecond: 5000, iops: 10 });
  });

  it('keeps to the strictest number of each knob where several sentences set it', async () => {
    const all = onSum('guests', 'guests');
    const { of } = await knobs([
      memory(onEach('a'), 4000, 100),
      memory({ ...all, scope: 'each' }, 3000, 200),
      disk(onEach('a'), 70, null),
      disk({ ...all, scope: 'each' }, 80, 9),
      placement(onEach('a'), [3, 1, 2]),
      placement({ ...all, scope: 'each' }, [0, 1, 2]),
      network(onEach('a'), 10),
      network(all, 27),
    ]);
    expect(of('a')).to.have.deep.members([
      { knob: 'memory', ceilingBytes: 3000, floorBytes: 200 },
      { knob: 'disk', bytesPerSecond: 70, iops: 9 },
      { knob: 'placement', cores: [1, 2] },
      { knob: 'network', bytesPerSecond: 9 },
    ]);
  });

  it('sets a nice value where the plan gives a share by one, and nothing for any other share', async () => {
    const niced = { ...share(onEach('a'), 300), nice: 5 };
    const { of } = await knobs([niced as Setting, share(onEach('b'), 300)]);
    expect(of('a')).to.deep.equal([{ knob: 'nice', nice: 5 }]);
    expect(of('b-1')).to.deep.equal([]);
  });

  it('lets a guest that several sentences stop have the shortest of their times', async () => {
    const stop = (withinNs: number, subject = onEach('a')): Setting => {
      const { class: name, scope, fidelity, because } = placement(subject, []);
      return { class: name, subject: subject.subject, scope, fidelity, because, mechanism: 'stop', withinNs };
    };
    const { stops } = await knobs([stop(5e9), stop(3e9)]);
    expect(stops).to.deep.equal([3_000_000_000n, null, null]);
  });
});
