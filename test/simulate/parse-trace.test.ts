import { expect } from 'chai';
import fc from 'fast-check';
import { columnsOf } from '../../src/simulate/trace/columns-of.js';
import { parseInstant } from '../../src/simulate/trace/parse-instant.js';
import { parseTrace } from '../../src/simulate/trace/parse-trace.js';
import { sliceTrace } from '../../src/simulate/trace/slice-trace.js';
import { syntheticTrace } from '../../src/simulate/trace/synthetic-trace.js';
import { TraceError } from '../../src/simulate/trace/trace.js';
import { CLASSES, planOf } from '../compiler/support.js';

const ZONE = 'Europe/Berlin';
const PLAN = planOf(`${CLASSES} switch gaming signal price number when gaming { pause batch }
  when price > 30 { pause build }`);
const parse = (text: string) => parseTrace(text, columnsOf([PLAN]), ZONE);
const column = (text: string, key: string) => [...(parse(text).columns.get(key) ?? [])];

function mistake(text: string): TraceError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof TraceError) return error;
    throw error;
  }
  throw new Error('the trace was read');
}

describe('a trace', () => {
  it('has the step of most of its rows, and nothing where a row is missing', () => {
    const text = 'seconds,owner.demand\n0,10\n1,20\n2,30\n5,60\n6,70\n';
    const { stepMs, length, startMs } = parse(text);
    expect({ stepMs, length, startMs }).to.deep.equal({ stepMs: 1000, length: 7, startMs: null });
    expect(column(text, 'owner.demand')).to.deep.equal([10, 20, 30, Number.NaN, Number.NaN, 60, 70]);
  });

  it('puts rows that come a little late onto the grid', () => {
    const text = 'seconds,owner.demand\n0,10\n1.02,20\n1.99,30\n3.01,40\n';
    expect(column(text, 'owner.demand')).to.deep.equal([10, 20, 30, 40]);
  });

  it('takes empty cells for unknown, words for Booleans, quotes, comments and carriage returns', () => {
    const text =
      '\uFEFF# recorded\r\nseconds,owner.demand,gaming,"host.on-battery"\r\n0,,on,true\r\n\r\n1,"5",off,0\r\n';
    expect(column(text, 'owner.demand')).to.deep.equal([Number.NaN, 5]);
    expect(column(text, 'switch gaming')).to.deep.equal([1, 0]);
    expect(column(text, 'host.on-battery')).to.deep.equal([1, 0]);
  });

  it('knows classes, others, pushed signals and processes as columns', () => {
    const { columns } = parse(
      'seconds,batch.demand,batch.count,others.demand,price,process blender\n0,1.5,2,0,-3,1\n1,1,2,0,4,0\n',
    );
    expect([...columns.keys()]).to.deep.equal([
      'batch.demand',
      'batch.count',
      'others.demand',
      'price',
      'process blender',
    ]);
  });

  it('begins at the wall-clock time of its first row', () => {
    const { startMs, stepMs } = parse('time,owner.demand\n2026-11-23 10:00,1\n2026-11-23T10:05:00,2\n');
    expect(startMs).to.equal(Date.UTC(2026, 10, 23, 9));
    expect(stepMs).to.equal(300_000);
  });

  const MISTAKES: readonly (readonly [text: string, line: number | null, message: RegExp, hint: RegExp])[] = [
    ['', 1, /empty/, /column names/],
    ['load,owner.demand\n', 1, /first column is 'load'/, /column names/],
    ['seconds,owner.demnd\n', 1, /nothing is known of a column 'owner.demnd'/, /did you mean 'owner.demand'/],
    ['seconds,batch.demand,batch.demand\n', 1, /two columns 'batch.demand'/, /leave one/],
    ['seconds,owner.demand\n0,1\n1\n', 3, /1 cells, and the header 2/, /empty/],
    ['seconds,owner.demand\n0,1\n0,2\n', 3, /not after the row before/, /sort/],
    ['seconds,owner.demand\nzero,1\n', 2, /no number of seconds/, /origin/],
    ['time,owner.demand\n2026-13-23,1\n', 2, /is no time/, /write/],
    ['time,owner.demand\n2026-03-29 02:30,1\n', 2, /is no time/, /write/],
    ['seconds,owner.demand\n0,101\n', 2, /is '101', and is % of cpu, from 0 to 100/, /plain numbers/],
    ['seconds,owner.demand\n0,60%\n', 2, /is '60%'/, /without a unit/],
    ['seconds,batch.count\n0,1.5\n', 2, /whole number of guests/, /plain/],
    ['seconds,batch.demand\n0,-1\n', 2, /cores, 0 or more/, /plain/],
    ['seconds,gaming\n0,maybe\n', 2, /true or false/, /plain/],
    ['seconds,owner.demand\n0,1\n', null, /fewer than two rows/, /step/],
    ['seconds,owner.demand\n0,1\n1,1\n2,1\n99999999999,1\n', 5, /steps of 1s/, /is a time wrong/],
  ];
  for (const [text, line, message, hint] of MISTAKES) {
    it(`that is wrong says where, what and what to do: ${message.source}`, () => {
      const error = mistake(text);
      expect(error.line).to.equal(line);
      expect(error.message).to.match(message);
      expect(error.hint).to.match(hint);
    });
  }

  it('of any text ends in a trace or in such a mistake', () => {
    const cell = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('0', '1', '2', '3.5', '', 'NaN', '"'));
    const row = fc.array(cell, { maxLength: 4 }).map((cells) => cells.join(','));
    const text = fc
      .tuple(fc.constantFrom('seconds,owner.demand', 'time,gaming', ''), fc.array(row))
      .map(([head, rows]) => [head, ...rows].join('\n'));
    fc.assert(
      fc.property(text, (drawn) => {
        try {
          expect(parse(drawn).length).to.be.greaterThan(1);
        } catch (error) {
          expect(error).to.be.instanceOf(TraceError);
        }
      }),
    );
  });

  it('can be cut to a part of it', () => {
    const trace = parse('seconds,owner.demand\n0,1\n1,2\n2,3\n3,4\n');
    expect([...(sliceTrace(trace, 1000, 2000)?.columns.get('owner.demand') ?? [])]).to.deep.equal([2, 3]);
    expect(sliceTrace(trace, 4000, 1000)).to.equal(null);
    expect(sliceTrace(trace, -1000, 1000)).to.equal(null);
  });
});

describe('an invented trace', () => {
  const days = (seed: number, count: number) => {
    const startMs = parseInstant('2026-11-23', ZONE) ?? 0;
    return syntheticTrace({ startMs, stepMs: 60_000, length: count * 1440, zone: ZONE, seed });
  };

  it('is the same for the same seed, and another for another', () => {
    expect(days(7, 2)).to.deep.equal(days(7, 2));
    expect(days(7, 2).columns).to.not.deep.equal(days(8, 2).columns);
  });

  it('has an owner who wants more in office hours than at night, and values that a sensor can have', () => {
    const demand = [...(days(1, 5).columns.get('owner.demand') ?? [])];
    const mean = (fromHour: number, toHour: number) => {
      const inside = demand.filter((_, at) => at % 1440 >= fromHour * 60 && at % 1440 < toHour * 60);
      return inside.reduce((sum, value) => sum + value, 0) / inside.length;
    };
    expect(mean(9, 17)).to.be.greaterThan(3 * mean(0, 6));
    expect(demand.every((value) => value >= 0 && value <= 100)).to.equal(true);
  });
});
