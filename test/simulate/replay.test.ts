import { expect } from 'chai';
import fc from 'fast-check';
import { calendarContains } from '../../src/compiler/calendar/calendar-contains.js';
import type { Plan, Truth } from '../../src/compiler/plan.js';
import {
  type ConditionStates,
  NO_CONDITIONS,
  stepConditions,
} from '../../src/enforce/conditions/condition-states.js';
import { replay, type Span } from '../../src/simulate/replay/replay.js';
import type { Setting } from '../../src/simulate/replay/replay-world.js';
import { simulate } from '../../src/simulate/simulate.js';
import { parseInstant } from '../../src/simulate/trace/parse-instant.js';
import { syntheticTrace } from '../../src/simulate/trace/synthetic-trace.js';
import type { Trace } from '../../src/simulate/trace/trace.js';
import { CLASSES, planOf } from '../compiler/support.js';
import { MONDAY, traceOf, ZONE } from './support.js';

const HOUR_MS = 3_600_000;

function spansOf(
  plan: Plan,
  trace: Trace,
  startMs = MONDAY,
  settings: readonly Setting[] = [],
): readonly Span[] {
  const spans: Span[] = [];
  replay(plan, trace, { startMs, settings }, (span) => spans.push(span));
  return spans;
}

/** For each span, from its start in ms, the value of a condition. */
const valuesOf = (
  plan: Plan,
  spans: readonly Span[],
  id: string,
  startMs = MONDAY,
): readonly [number, Truth][] =>
  spans.map(({ fromMs, mode }) => [
    fromMs - startMs,
    plan.modes.find((one) => one.id === mode.id)?.when[id] ?? 'unknown',
  ]);

/** Instants at which a condition took another value. */
function changesOf(plan: Plan, spans: readonly Span[], id: string): readonly [number, Truth][] {
  const values = valuesOf(plan, spans, id);
  return values.filter(([, value], at) => at === 0 || values[at - 1]?.[1] !== value);
}

describe('a replay', () => {
  it('is in calendar modes for as long as the calendar holds, in a week in which the clocks change', () => {
    const plan = planOf(
      `${CLASSES} let office = weekdays 09:00-17:30 let night = daily 22:00-06:00 except sat
       when office { pause batch } when night { limit guests to 3 cores }`,
    );
    const startMs = parseInstant('2026-10-23', ZONE) ?? 0;
    const endMs = parseInstant('2026-10-30', ZONE) ?? 0;
    expect(endMs - startMs).to.equal((7 * 24 + 1) * HOUR_MS);
    // A step that divides no window: spans end where calendars change, not where steps do.
    const stepMs = 7 * 60_000;
    const trace = traceOf({ 'owner.demand': Array(Math.ceil((endMs - startMs) / stepMs)).fill(5) }, stepMs);
    const spans = spansOf(plan, trace, startMs);
    const lengthMs = trace.length * stepMs;
    for (const name of ['office', 'night']) {
      const atom = plan.atoms.find((one) => plan.conditions.find(({ id }) => id === name)?.text === one.id);
      if (atom?.kind !== 'calendar') throw new Error(`no calendar ${name}`);
      let expectedMs = 0;
      for (let now = startMs; now < startMs + lengthMs; now += 60_000) {
        if (calendarContains(atom.calendar, now, ZONE)) expectedMs += 60_000;
      }
      const heldMs = spans
        .filter(({ mode }) => plan.modes.find(({ id }) => id === mode.id)?.when[name] === true)
        .reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
      expect(heldMs, name).to.equal(expectedMs);
    }
  });

  it('has no holes and no overlaps', () => {
    const plan = planOf(
      `${CLASSES} when owner.demand > 50% for 90s { pause batch } budget batch 1 core-hour per day then pause`,
    );
    const trace = syntheticTrace({ startMs: MONDAY, stepMs: 60_000, length: 1440, zone: ZONE, seed: 3 });
    const spans = spansOf(plan, trace);
    spans.forEach(({ fromMs, toMs }, at) => {
      expect(fromMs).to.equal(at === 0 ? MONDAY : spans[at - 1]?.toMs);
      expect(toMs).to.be.greaterThan(fromMs);
    });
    expect(spans.at(-1)?.toMs).to.equal(MONDAY + 1440 * 60_000);
  });

  it('runs the clocks of conditions between two steps', () => {
    const plan = planOf(
      `${CLASSES} let busy = owner.demand > 60% for 90s until < 40% for 30s when busy { pause batch }`,
    );
    const trace = traceOf({ 'owner.demand': [80, 80, 80, 20, 20] }, 60_000);
    expect(changesOf(plan, spansOf(plan, trace), 'busy')).to.deep.equal([
      [0, false],
      [90_000, true],
      [210_000, false],
    ]);
  });

  it('has conditions unknown where the trace is, and restrictions in force', () => {
    const plan = planOf(`${CLASSES} let busy = owner.demand > 60% when busy { pause batch }`);
    const trace = traceOf({ 'owner.demand': [10, Number.NaN, 10, 80] });
    const spans = spansOf(plan, trace);
    expect(changesOf(plan, spans, 'busy')).to.deep.equal([
      [0, false],
      [1000, 'unknown'],
      [2000, false],
      [3000, true],
    ]);
    expect(spans.map(({ allocation }) => allocation.delivered[2])).to.deep.equal([
      spans[0]?.allocation.delivered[2],
      0,
      spans[0]?.allocation.delivered[2],
      0,
    ]);
    expect(spans[0]?.allocation.delivered[2]).to.be.greaterThan(0);
  });

  it('flips switches and pushes signals just as long as it is told to', () => {
    const plan = planOf(
      `${CLASSES} switch gaming signal price number when gaming { pause batch } when price > 30 { pause build }`,
    );
    const trace = traceOf({ 'owner.demand': [1, 1, 1, 1] });
    const settings = [
      { key: 'switch gaming', value: 1, fromMs: MONDAY + 500, toMs: MONDAY + 2000 },
      { key: 'price', value: 40, fromMs: MONDAY + 1000, toMs: MONDAY + 3000 },
    ];
    const spans = spansOf(plan, trace, MONDAY, settings);
    expect(changesOf(plan, spans, 'gaming')).to.deep.equal([
      [0, false],
      [500, true],
      [2000, false],
    ]);
    expect(changesOf(plan, spans, 'price > 30')).to.deep.equal([
      [0, 'unknown'],
      [1000, true],
      [3000, 'unknown'],
    ]);
  });

  it('uses a budget up at the instant at which it is, and begins anew at midnight', () => {
    const plan = planOf(`${CLASSES} budget batch 8 core-hours per day then pause`);
    const trace = traceOf({ 'owner.demand': Array(48).fill(0) }, HOUR_MS);
    const { report } = simulate(plan, trace, { startMs: MONDAY });
    const [budget] = report.budgets;
    const rate = 4 * (8 / 10);
    const spentHours = 8 / rate;
    expect(budget?.periods).to.equal(2);
    expect(budget?.periodsSpent).to.equal(2);
    expect(budget?.mostCoreHours).to.be.closeTo(8, 0.001);
    expect(report.classes.find((one) => one.class === 'batch')?.deliveredCoreHours).to.be.closeTo(16, 0.01);
    expect(spentHours).to.be.within(2, 3);
    expect(budget?.spentSeconds).to.be.closeTo(2 * (24 - 8 / batchRate(plan)) * 3600, 5);
  });

  it('ends guests that a stop has ended, after its time, while it is in force', () => {
    const plan = planOf(`${CLASSES} switch s when s { stop batch within 2s }`);
    const settings = [{ key: 'switch s', value: 1, fromMs: MONDAY + 1000, toMs: MONDAY + 5000 }];
    const spans = spansOf(plan, traceOf({ 'owner.demand': Array(7).fill(0) }), MONDAY, settings);
    expect(spans.map(({ demand }) => demand.guests[2])).to.deep.equal([4, 4, 4, 0, 0, 4, 4]);
  });

  it('follows an elastic limit with the signal', () => {
    const plan = planOf(
      `${CLASSES} limit batch to 50% of cpu - owner.demand between 5% and 40% of cpu limit build to 1 core limit video to 1 core`,
    );
    const trace = traceOf({ 'owner.demand': [0, 20, 45, 100] });
    const got = spansOf(plan, trace).map(({ allocation }) => Number(allocation.delivered[2]?.toFixed(4)));
    expect(got.slice(0, 3)).to.deep.equal([3.2, 2.4, 0.4]);
    expect(got[3]).to.be.at.most(0.4);
  });

  it('computes the use that conditions speak of from what it delivers', () => {
    const plan = planOf(`${CLASSES} when batch.cpu > 10% for 2s { pause video }`);
    const spans = spansOf(plan, traceOf({ 'batch.count': [0, 0, 4, 4, 4, 4, 4] }));
    expect(changesOf(plan, spans, 'batch.cpu > 10% for 2s')).to.deep.equal([
      [0, false],
      [5000, true],
    ]);
  });

  it('is the same for the same trace', () => {
    const plan = planOf(
      `${CLASSES} let rush = forecast(owner.demand over 30s at 95%) > 70% when rush { run batch 200ms every 1s }`,
    );
    const trace = () =>
      syntheticTrace({ startMs: MONDAY, stepMs: 1000, length: 40_000, zone: ZONE, seed: 5 });
    const [one, other] = [trace(), trace()].map((drawn) => simulate(plan, drawn, { startMs: MONDAY }));
    expect(one).to.deep.equal(other);
    expect(one?.report.modes.length).to.be.greaterThan(1);
  });
});

/** Cores that batch has while nobody is paused. */
function batchRate(plan: Plan): number {
  const [span] = spansOf(plan, traceOf({ 'owner.demand': [0, 0] }));
  return span?.allocation.delivered[2] ?? 0;
}

describe('stepping conditions only where something can change', () => {
  const CONDITIONS = [
    'owner.demand > 60% for 3s until < 40% for 2s',
    'owner.demand >= 50%',
    'owner.demand > 20% until < 80%',
    'not (host.on-battery assuming false) and owner.demand < 30% for 1s',
    'user.idle > 3s for 2s',
  ];
  const sample = fc.oneof(fc.constantFrom(0, 30, 50, 70, 90), fc.constant(Number.NaN));
  const samples = fc.array(sample, { minLength: 30, maxLength: 30 });

  it('gives the modes that stepping at every place gives', () => {
    const plan = planOf(
      `${CLASSES} ${CONDITIONS.map((text, at) => `when ${text} { limit batch to ${at + 1} cores }`).join('\n')}`,
    );
    fc.assert(
      fc.property(samples, samples, samples, (demand, idle, battery) => {
        const columns = {
          'owner.demand': demand,
          'user.idle': idle.map((one) => one / 10),
          'host.on-battery': battery,
        };
        const trace = traceOf(columns);
        const spans = spansOf(plan, trace);
        let states: ConditionStates = NO_CONDITIONS;
        for (let place = 0; place < trace.length; place++) {
          const wallMs = MONDAY + place * 1000;
          states = stepConditions(plan, states, {
            nowNs: BigInt(place) * 1_000_000_000n,
            wallMs,
            zone: ZONE,
            signals: {
              latest: (signal) => {
                const value = trace.columns.get(signal)?.[place] ?? Number.NaN;
                return Number.isNaN(value) ? null : value;
              },
              limit: () => null,
            },
            switches: new Map(),
            processes: () => false,
          });
          const span = spans.find(({ fromMs, toMs }) => fromMs <= wallMs && wallMs < toMs);
          const when = plan.modes.find(({ id }) => id === span?.mode.id)?.when;
          const expected = Object.fromEntries([...states.conditions].map(([id, { value }]) => [id, value]));
          expect(when, `at ${place}`).to.deep.equal(expected);
        }
      }),
      { numRuns: 200 },
    );
  });
});
