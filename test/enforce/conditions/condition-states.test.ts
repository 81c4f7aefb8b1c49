import { expect } from 'chai';
import type { Atom, Plan, PlanCondition } from '../../../src/compiler/plan.js';
import { atomText } from '../../../src/enforce/conditions/atom-text.js';
import {
  causesBetween,
  findMode,
  NO_CONDITIONS,
  nextChangeNs,
  stepConditions,
} from '../../../src/enforce/conditions/condition-states.js';
import { ALL_OFF, setSwitch } from '../../../src/enforce/conditions/switches.js';
import { BUSY, plan } from '../support/plans.js';

const ZONE = 'Europe/Berlin';
const RUSH: Atom = {
  id: 'rush',
  kind: 'comparison',
  subject: { kind: 'forecast', signal: 'owner.demand', overNs: 10e9, side: 'upper', level: 0.95 },
  start: { operator: '>', value: 70, forNs: 0 },
  until: null,
};
const GAMING: Atom = { id: 'gaming', kind: 'switch', name: 'gaming' };
const BATTERY: Atom = { id: 'battery', kind: 'signal', signal: 'host.on-battery' };
const OFFICE: Atom = {
  id: 'office',
  kind: 'calendar',
  calendar: { kind: 'days', weekdays: ['mon'], windows: [{ startMinute: 540, endMinute: 1050 }] },
};
const atom = (id: string) => ({ op: 'atom' as const, atom: id });
const CONDITIONS: readonly PlanCondition[] = [
  { id: 'c0', text: 'busy or rush', expression: { op: 'or', left: atom('busy'), right: atom('rush') } },
  {
    id: 'c1',
    text: 'gaming and not host.on-battery assuming true',
    expression: {
      op: 'assuming',
      operand: { op: 'and', left: atom('gaming'), right: { op: 'not', operand: atom('battery') } },
      value: true,
    },
  },
];
const PLAN: Plan = plan({
  switches: ['gaming'],
  atoms: [BUSY, RUSH, GAMING, BATTERY, OFFICE],
  conditions: [...CONDITIONS],
  modes: [
    { id: 'calm', when: { c0: false, c1: false }, example: null, schedule: 'only' },
    { id: 'rushing', when: { c0: true, c1: false }, example: null, schedule: 'only' },
  ],
});
const MONDAY_NOON = Date.parse('2026-11-23T12:00:00+01:00');

interface Facts {
  readonly demand?: number | null;
  readonly forecast?: number | null;
  readonly battery?: number | null;
  readonly gaming?: boolean;
  readonly second?: number;
}

function step(facts: Facts, previous = NO_CONDITIONS) {
  const asked: unknown[] = [];
  const second = facts.second ?? 0;
  const switches = facts.gaming ? setSwitch(ALL_OFF, 'gaming', true, 0n, 90_000_000_000n) : ALL_OFF;
  const states = stepConditions(PLAN, previous, {
    nowNs: BigInt(second) * 1_000_000_000n,
    wallMs: MONDAY_NOON + second * 1000,
    zone: ZONE,
    processes: () => false,
    switches,
    signals: {
      latest: (signal) => (signal === 'owner.demand' ? (facts.demand ?? null) : (facts.battery ?? null)),
      limit: (...question) => {
        asked.push(question);
        return facts.forecast ?? null;
      },
    },
  });
  return {
    states,
    asked,
    values: Object.fromEntries([...states.conditions].map(([id, { value }]) => [id, value])),
  };
}

describe('Conditions at run time', () => {
  it('are evaluated in three values over the atoms', () => {
    expect(step({}).values).to.deep.equal({ c0: 'unknown', c1: false });
    expect(step({ demand: 10, forecast: 10, battery: 0 }).values).to.deep.equal({ c0: false, c1: false });
    expect(step({ forecast: 80 }).values).to.deep.equal({ c0: true, c1: false });
    expect(step({ demand: 10 }).values).to.deep.equal({ c0: 'unknown', c1: false });
    expect(step({ gaming: true }).values['c1']).to.equal(true);
    expect(step({ gaming: true, battery: 1 }).values['c1']).to.equal(false);
  });

  it('ask for the prediction limit that the policy names', () => {
    expect(step({}).asked).to.deep.equal([['owner.demand', 10e9, 'upper', 0.95]]);
  });

  it('find the mode whose vector they are, and none where the plan has none', () => {
    expect(findMode(PLAN, step({ demand: 10, forecast: 10 }).states)?.id).to.equal('calm');
    expect(findMode(PLAN, step({ demand: 10, forecast: 90 }).states)?.id).to.equal('rushing');
    expect(findMode(PLAN, step({}).states)).to.equal(null);
  });

  it('name what changed between two instants, down to the sample', () => {
    const before = step({ demand: 10, forecast: 10 }).states;
    const after = step({ demand: 10, forecast: 90, second: 5 }, before).states;
    expect(causesBetween(PLAN, before, after)).to.deep.equal([
      {
        condition: 'c0',
        text: 'busy or rush',
        from: false,
        to: true,
        atoms: [
          {
            id: 'rush',
            text: 'forecast(owner.demand over 10s at 95%) > 70',
            value: true,
            sinceMs: MONDAY_NOON + 5000,
            sample: 90,
          },
        ],
      },
    ]);
    expect(causesBetween(PLAN, after, after)).to.deep.equal([]);
  });

  it('know since when they are what they are', () => {
    const first = step({ demand: 10, forecast: 10 }).states;
    const later = step({ demand: 12, forecast: 10, second: 9 }, first).states;
    expect(later.conditions.get('c0')?.since.wallMs).to.equal(MONDAY_NOON);
    expect(later.atoms.get('busy')?.sample).to.equal(12);
  });

  it('know when the next of them changes by itself: a `for`, an expiry, a calendar', () => {
    const now = { nowNs: 0n, wallMs: MONDAY_NOON };
    const untilEvening = BigInt(5.5 * 3600) * 1_000_000_000n;
    expect(nextChangeNs(step({ demand: 10, forecast: 10 }).states, now)).to.equal(untilEvening);
    expect(nextChangeNs(step({ demand: 10, forecast: 10, gaming: true }).states, now)).to.equal(
      90_000_000_000n,
    );
    expect(nextChangeNs(step({ demand: 90, forecast: 10, gaming: true }).states, now)).to.equal(
      3_000_000_000n,
    );
    expect(nextChangeNs(NO_CONDITIONS, now)).to.equal(null);
  });

  it('are told in the policy’s words', () => {
    expect([BUSY, RUSH, GAMING, BATTERY, OFFICE].map(atomText)).to.deep.equal([
      'owner.demand > 60 for 3s until < 40 for 3s',
      'forecast(owner.demand over 10s at 95%) > 70',
      'gaming',
      'host.on-battery',
      'mon 09:00-17:30',
    ]);
  });
});
