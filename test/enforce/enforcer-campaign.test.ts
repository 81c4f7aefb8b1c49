import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Action } from '../../src/enforce/host.js';
import type { Refused } from '../../src/enforce/simulated/simulated-host.js';
import { StatusSchema } from '../../src/enforce/status.js';
import { arbitraryPlan, GUEST_NAMES } from './support/arbitrary-plan.js';
import { simulate } from './support/simulation.js';

type Simulation = ReturnType<typeof simulate>;

const KINDS: readonly Action['kind'][] = [
  'create-group',
  'remove-group',
  'set-weight',
  'set-quota',
  'gather',
  'reserve',
  'unreserve',
  'set-timetable',
  'release',
];

/** Everything that can happen to a host while it is enforced. */
const happening = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('boot' as const), name: fc.constantFrom(...GUEST_NAMES) }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('end' as const), at: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('user-stops' as const), at: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('user-continues' as const), at: fc.nat(20) }) },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant('flag' as const), value: fc.constantFrom(0, 1, null) }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('owner' as const), threads: fc.nat(4) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('refuse' as const),
      kind: fc.constantFrom(...KINDS),
      code: fc.constantFrom('EBUSY' as const, 'EPERM' as const, 'EIO' as const, 'GONE' as const),
      times: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('blind' as const), times: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('throw' as const), kind: fc.constantFrom(...KINDS) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('clock' as const), byMs: fc.integer({ min: -9e6, max: 9e6 }) }),
  },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;
const campaign = fc.array(fc.tuple(happening, fc.constantFrom(0, 0.03, 0.4, 1, 2.5)), {
  minLength: 1,
  maxLength: 25,
});

function happen({ host, signals }: Simulation, event: Happening): void {
  const guest = 'at' in event ? host.guests[event.at % Math.max(1, host.guests.length)] : undefined;
  switch (event.what) {
    case 'boot':
      host.boot({ name: event.name, vcpus: event.name === 'a' ? ['busy', 'busy'] : ['busy'] });
      return;
    case 'end':
      if (guest) host.end(guest.key);
      return;
    case 'user-stops':
      // One that is held is stopped already: the kernel cannot tell its user's wish from ours.
      if (guest && !guest.heldByUs) host.userStops(guest.key);
      return;
    case 'user-continues':
      if (guest) host.userContinues(guest.key);
      return;
    case 'flag':
      signals.set('flag', event.value);
      return;
    case 'owner':
      host.setOwner(...Array.from({ length: event.threads }, () => 'busy' as const));
      return;
    case 'refuse': {
      let left = event.times;
      const refused: Refused = {
        ok: false,
        code: event.code,
        message: 'injected',
        retry: event.code === 'EBUSY',
      };
      host.refuse = (action) => (action.kind === event.kind && left-- > 0 ? refused : null);
      return;
    }
    case 'blind': {
      let left = event.times;
      host.beforeObserve = () => {
        if (left-- > 0) throw new Error('injected: /proc is not there');
      };
      return;
    }
    case 'throw': {
      let left = 1;
      host.refuse = (action) => {
        if (action.kind === event.kind && left-- > 0) throw new Error('injected: a bug in the host');
        return null;
      };
      return;
    }
    case 'clock':
      host.jumpWallClock(event.byMs);
      return;
  }
}

describe('Enforcer in random campaigns of guests, users, modes and faults', () => {
  it('never overloads a core, comes to rest within the plan, and gives everything back', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPlan, campaign, async (plan, events) => {
        const simulation = simulate(plan);
        const { host, signals, enforcer, run } = simulation;
        signals.set('flag', 0);
        await enforcer.start();
        for (const [event, seconds] of events) {
          happen(simulation, event);
          if (seconds > 0) await run(seconds);
          else await enforcer.step();
        }
        host.refuse = null;
        host.beforeObserve = null;
        await run(4);
        const before = host.log.length;
        await run(2);
        expect(host.log.slice(before), 'actions although nothing happens').to.deep.equal([]);
        const status = enforcer.status();
        expect([...Value.Errors(StatusSchema, status)]).to.deep.equal([]);
        const surprising = status.findings.filter(({ code }) => code !== 'excess-guest');
        expect(surprising).to.deep.equal([]);
        for (const guest of status.guests) {
          const open = guest.controls.filter(({ inForce }) => !inForce);
          if (guest.state !== 'stopped-by-user') expect(open).to.deep.equal([]);
        }
        expect(host.kernel.peakCoreUtilisation).to.be.at.most(0.95 + 1e-9);

        await enforcer.stop();
        await enforcer.stop();
        for (const guest of host.guests) {
          expect(guest.stopped, `${guest.name} stopped`).to.equal(guest.stoppedByUser);
          expect(guest.group).to.equal(null);
        }
        expect(host.groupCount).to.equal(0);
        host.advance(5e9);
        expect(host.kernel.ledger.leaked).to.equal(0);
        expect(host.freeBandwidth).to.be.closeTo(1.9, 1e-6);
      }),
      { numRuns: 250 },
    );
  });
});
