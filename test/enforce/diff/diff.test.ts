import { expect } from 'chai';
import fc from 'fast-check';
import { classify, NO_ASSIGNMENT } from '../../../src/enforce/classify.js';
import { decide } from '../../../src/enforce/decide/decide.js';
import { NOTHING_DESIRED } from '../../../src/enforce/decide/desired.js';
import { diff } from '../../../src/enforce/diff/diff.js';
import type { Action } from '../../../src/enforce/host.js';
import { indexPlan } from '../../../src/enforce/plan-index.js';
import { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import { arbitraryPlan, GUEST_NAMES } from '../support/arbitrary-plan.js';
import { demoPlan, elevated, onEach, plan, schedule, timetable, vm } from '../support/plans.js';

/** Guests without reservations' 0-lag times in the way: time passes between two schedules. */
const LONG = 5e9;

describe('diff', () => {
  it('leads to what is desired, after which there is nothing to do, from any schedule to any other and back to none', async () => {
    const visits = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 });
    const guests = fc.subarray([...GUEST_NAMES]);
    await fc.assert(
      fc.asyncProperty(arbitraryPlan, visits, guests, async (plan, order, names) => {
        const host = new SimulatedHost({ facts: plan.host });
        await host.start();
        for (const name of names) host.boot({ name, vcpus: name === 'a' ? ['busy', 'busy'] : ['busy'] });
        const index = indexPlan(plan);
        for (const at of order) {
          const before = await host.observe();
          const schedule = plan.schedules[at];
          if (!schedule) throw new Error('no schedule');
          const { classified } = classify(
            plan,
            NO_ASSIGNMENT,
            before.guests.map(({ guest }) => guest),
          );
          const desired = decide(index, schedule, classified, before);
          for (const action of diff(before, desired)) {
            const outcome = await host.act(action);
            // What leaves in this very change may be counted until its 0-lag time; all else must be accepted.
            if (!outcome.ok && outcome.code === 'EBUSY' && outcome.retry) {
              host.advance(LONG);
              expect(await host.act(action)).to.deep.equal({ ok: true });
            } else {
              expect(outcome, JSON.stringify(action, stringify)).to.deep.equal({ ok: true });
            }
          }
          // Where time has passed meanwhile, that of a guest which is to stop may be over.
          const left = diff(await host.observe(), desired).filter(({ kind }) => kind !== 'end-guest');
          expect(left).to.deep.equal([]);
          host.advance(LONG);
        }
        for (const action of diff(await host.observe(), NOTHING_DESIRED)) {
          expect(await host.act(action)).to.deep.equal({ ok: true });
        }
        host.advance(LONG);
        expect(diff(await host.observe(), NOTHING_DESIRED)).to.deep.equal([]);
        expect(host.groupCount).to.equal(0);
        expect(host.freeBandwidth).to.be.closeTo(1.9, 1e-6);
        expect(host.kernel.ledger.leaked).to.equal(0);
      }),
      { numRuns: 200 },
    );
  });

  it('frees before it takes: remove, shrink, grow, add', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPlan, async (plan) => {
        const host = new SimulatedHost({ facts: plan.host });
        await host.start();
        for (const name of GUEST_NAMES)
          host.boot({ name, vcpus: name === 'a' ? ['busy', 'busy'] : ['busy'] });
        const index = indexPlan(plan);
        for (const schedule of plan.schedules) {
          const before = await host.observe();
          const { classified } = classify(
            plan,
            NO_ASSIGNMENT,
            before.guests.map(({ guest }) => guest),
          );
          const actions = diff(before, decide(index, schedule, classified, before));
          const rank = (action: (typeof actions)[number]): number => {
            if (action.kind === 'unreserve' || action.kind === 'release') return 0;
            if (action.kind !== 'reserve') return -1;
            const old = before.guests
              .find(({ guest }) => guest.key === action.guest)
              ?.servers.get(action.tid);
            if (!old) return 3;
            return action.budgetNs * old.periodNs > old.budgetNs * action.periodNs ? 2 : 1;
          };
          const ranks = actions.map(rank).filter((one) => one >= 0);
          expect(ranks).to.deep.equal([...ranks].sort((a, b) => a - b));
          for (const action of actions) await host.act(action);
          host.advance(LONG);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('gives real-time priority under a timetable only: last when it comes, first when it goes', async () => {
    const settings = [elevated(onEach('a'), 20e6, 100e6)];
    const one = plan({
      classes: [vm('a')],
      schedules: [schedule('s', { settings, timetable: timetable(100e6, { a: 20e6 }) })],
    });
    const host = new SimulatedHost({ facts: one.host });
    await host.start();
    host.boot({ name: 'a' });
    const before = await host.observe();
    const { classified } = classify(
      one,
      NO_ASSIGNMENT,
      before.guests.map(({ guest }) => guest),
    );
    const [first] = one.schedules;
    if (!first) throw new Error('the plan has a schedule');
    const desired = decide(indexPlan(one), first, classified, before);
    const about = (actions: readonly Action[]) =>
      actions.map(({ kind }) => kind).filter((kind) => /knob|timetable/.test(kind));
    const actions = diff(before, desired);
    expect(about(actions)).to.deep.equal(['set-timetable', 'set-knob']);
    for (const action of actions) expect(await host.act(action)).to.deep.equal({ ok: true });
    expect(diff(await host.observe(), desired)).to.deep.equal([]);
    expect(about(diff(await host.observe(), NOTHING_DESIRED))).to.deep.equal(['unset-knob', 'set-timetable']);
    const again = { ...desired, timetable: { hyperperiodNs: 1n, entries: [] } };
    for (const action of diff(await host.observe(), { ...again, guests: new Map() })) await host.act(action);
    const [knob] = actions.filter(({ kind }) => kind === 'set-knob');
    expect(knob && (await host.act(knob))).to.include({ ok: false, code: 'ENOTSUP' });
  });

  it('creates groups and tightens them before a guest enters, and removes them last', async () => {
    const plan = demoPlan();
    const host = new SimulatedHost({ facts: plan.host });
    await host.start();
    host.boot({ name: 'gold' });
    const before = await host.observe();
    const { classified } = classify(
      plan,
      NO_ASSIGNMENT,
      before.guests.map(({ guest }) => guest),
    );
    const schedule = plan.schedules[0];
    if (!schedule) throw new Error('the demonstration has a schedule');
    const actions = diff(before, decide(indexPlan(plan), schedule, classified, before));
    const text = actions.map((action) =>
      'path' in action ? `${action.kind} ${action.path.join('/')}` : action.kind,
    );
    const leaf = `pair/gold/${before.guests[0]?.guest.key}`;
    expect(text.slice(0, 4)).to.deep.equal([
      'create-group ',
      'create-group pair',
      'create-group pair/gold',
      `create-group ${leaf}`,
    ]);
    expect(text.indexOf('set-quota pair')).to.be.within(4, text.indexOf(`gather ${leaf}`));
    expect(text.indexOf('set-weight pair/gold')).to.be.within(4, text.indexOf(`gather ${leaf}`));
    for (const action of actions) await host.act(action);
    const back = diff(await host.observe(), NOTHING_DESIRED);
    expect(back.map(({ kind }) => kind)).to.deep.equal([
      'release',
      'remove-group',
      'remove-group',
      'remove-group',
      'remove-group',
    ]);
  });
});

const stringify = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
