import { expect } from 'chai';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { Truth } from '../../../src/compiler/plan.js';
import { NO_CONDITIONS, stepConditions } from '../../../src/enforce/conditions/condition-states.js';
import { ALL_OFF, setSwitch } from '../../../src/enforce/conditions/switches.js';
import { HOST, planOf } from '../support.js';
import { runPolicy } from './support.js';

const HOUR_NS = 3_600_000_000_000n;
const ZONE = 'Europe/Berlin';

const ATOMS = [
  'gaming',
  'host.on-battery',
  'owner.demand > 60% for 30s until < 40% for 60s',
  'owner.demand < 30% for 1min until >= 50%',
  'owner.demand >= 50%',
  'price <= 2.5',
  'forecast(owner.demand over 30s at 95%) > 70%',
  'weekdays 09:00-17:30',
  '(daily 22:00-06:00 except sat,sun)',
  '2026-03-01..2026-11-15',
];

const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...ATOMS),
    fc
      .tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('condition').map((operand) => `not (${operand})`),
    fc.tuple(tie('condition'), fc.boolean()).map(([operand, value]) => `(${operand} assuming ${value})`),
  ),
}));

const percent = fc.oneof(fc.constantFrom(0, 30, 40, 50, 60, 70), fc.integer({ min: 0, max: 100 }));
const world = fc.record({
  day: fc.integer({ min: 0, max: 364 }),
  minute: fc.integer({ min: 0, max: 1439 }),
  gaming: fc.boolean(),
  battery: fc.constantFrom<Truth>(true, false, 'unknown'),
  demand: fc.option(percent),
  forecast: percent,
  price: fc.option(fc.constantFrom(0, 2.5, 3)),
});
type DrawnWorld = typeof world extends fc.Arbitrary<infer W> ? W : never;

const timeOf = ({ day, minute }: DrawnWorld) =>
  Temporal.PlainDateTime.from('2026-01-01T00:00').add({ days: day, minutes: minute });

function linesOf(drawn: DrawnWorld): string {
  const { gaming, battery, demand, forecast, price } = drawn;
  const time = timeOf(drawn);
  return [
    `at ${time.toPlainDate()} ${time.toPlainTime().toString({ smallestUnit: 'minute' })}`,
    `given ${gaming ? '' : 'not '}gaming`,
    battery === 'unknown' ? 'given host.on-battery unknown' : `given ${battery ? '' : 'not '}host.on-battery`,
    demand === null ? 'given owner.demand unknown' : `given owner.demand = ${demand}%`,
    // An unknown signal has no forecast.
    ...(demand === null ? [] : [`given forecast(owner.demand over 30s at 95%) = ${forecast}%`]),
    price === null ? 'given price unknown' : `given price = ${price}`,
  ].join('\n');
}

/** Values of a plan's conditions when the world has been so for an hour, by the code that the daemon runs. */
function enforced(policy: string, drawn: DrawnWorld): readonly Truth[] {
  const { gaming, battery, demand, forecast, price } = drawn;
  const plan = planOf(policy, HOST);
  const values: Readonly<Record<string, number | null>> = {
    'host.on-battery': battery === 'unknown' ? null : Number(battery),
    'owner.demand': demand,
    price,
  };
  const signals = {
    latest: (signal: string) => values[signal] ?? null,
    limit: () => (demand === null ? null : forecast),
  };
  const switches = setSwitch(ALL_OFF, 'gaming', gaming, 0n, null);
  const end = Number(timeOf(drawn).toZonedDateTime(ZONE).epochMilliseconds);
  const inputs = { zone: ZONE, signals, switches };
  const before = stepConditions(plan, NO_CONDITIONS, {
    ...inputs,
    nowNs: 0n,
    wallMs: end - 3_600_000,
  } as never);
  const after = stepConditions(plan, before, { ...inputs, nowNs: HOUR_NS, wallMs: end } as never);
  return plan.conditions.map(({ id }) => after.conditions.get(id)?.value ?? 'unknown');
}

const exists = (drawn: DrawnWorld): boolean =>
  timeOf(drawn).toZonedDateTime(ZONE).toPlainDateTime().equals(timeOf(drawn));

describe('the conditions of a test', () => {
  it('are what the enforcer makes of the same world when it has lasted', () => {
    fc.assert(
      fc.property(
        fc.array(condition, { minLength: 1, maxLength: 3 }),
        world.filter(exists),
        (conditions, drawn) => {
          const policy = `
          group batch up to 4 vms { match user "g" vcpus 1 }
          switch gaming
          signal price number
          ${conditions.map((one) => `when ${one} { limit batch to 1 core }`).join('\n')}`;
          const { tests } = runPolicy(
            `${policy}\ntest "it" {\n${linesOf(drawn)}\nexpect batch at most 4 cores\n}`,
          );
          expect(tests[0]?.values).to.deep.equal(enforced(policy, drawn));
        },
      ),
      { numRuns: 150 },
    );
  });
});
