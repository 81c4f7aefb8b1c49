import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { backtest } from '../../../src/rps/backtest/backtest.js';
import { bareModel, published } from '../../../src/rps/backtest/forecaster.js';
import { parseSeries, SeriesError } from '../../../src/rps/backtest/parse-series.js';
import { originsOf } from '../../../src/rps/backtest/protocol.js';
import { defaultModel, type ModelSize, modelNamed } from '../../../src/rps/models/model-catalogue.js';
import { Predictor } from '../../../src/rps/predictor.js';
import { trace } from '../support/golden.js';

/** R's scores: by the file's own columns. */
function scoresOfR(protocol: string): Record<string, string>[] {
  const text = readFileSync(new URL(`../fixtures/r-${protocol}-scores.csv`, import.meta.url), 'utf8');
  const [header = [], ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [header[i]!, cell])));
}

const LIMITS = ['cov80', 'cov95', 'iscore80', 'iscore95'] as const;

/** R's name of each of ours, and which of its limits are not ours. */
const MODELS = [
  ['LAST', 'LAST', true],
  ['MEAN', 'MEAN', false],
  ['BM(32)', 'BM32', false],
  ['AR(16)', 'AR16yw', true],
  ['BURG(16)', 'AR16burg', true],
  ['BURG(64)', 'AR64burg', true],
] as const;

describe('the backtest', () => {
  for (const protocol of ['p1', 'p2'] as const) {
    const reference = scoresOfR(protocol);
    for (const series of new Set(reference.map((row) => row['series']!))) {
      const samples = trace(series.split('/')[1]!);
      for (const [name, theirs, limits] of MODELS) {
        const rows = reference.filter((row) => row['series'] === series && row['model'] === theirs);
        if (rows.length === 0) continue;
        it(`scores ${name} on ${series} with ${protocol} as R does`, () => {
          const scores = backtest(samples, (size) => bareModel(modelNamed(name, size)!), protocol);
          expect(scores.map(({ h }) => `${h}`)).to.deep.equal(rows.map((row) => row['h']));
          scores.forEach((ours, i) => {
            const row = rows[i]!;
            expect(ours.n).to.equal(Number(row['n']));
            const fields = ['mse', 'mae', 'mase', ...(limits ? LIMITS : [])] as const;
            // R wrote seven digits.
            for (const field of fields) {
              if (row[field] === undefined) continue;
              expect(ours[field]! / Number(row[field]), field).to.be.closeTo(1, 1e-6);
            }
          });
        });
      }
    }
  }

  it('scores nothing on a constant series', () => {
    const scores = backtest(
      new Float64Array(300).fill(5),
      (size) => bareModel(modelNamed('SES', size)!),
      'p1',
    );
    expect(scores.map(({ n, mse }) => [n, mse])).to.deep.equal(Array(4).fill([0, null]));
  });

  it('has 24 origins from the first window to the last horizon, 4 on a short series, one on the shortest', () => {
    expect(originsOf(4032)).to.have.length(24);
    expect([originsOf(4032)[0], originsOf(4032).at(-1)]).to.deep.equal([600, 4002]);
    expect(originsOf(400)).to.have.length(4);
    expect(originsOf(222)).to.deep.equal([192]);
  });

  for (const series of ['vm2-cpu-1hz', 'ec2_cpu_utilization_5f5533']) {
    it(`finds what the daemon publishes calibrated on ${series}, and as sharp as R’s AR(16)`, () => {
      const reference = scoresOfR('p2').filter(
        (row) => row['series']?.endsWith(series) && row['model'] === 'AR16yw',
      );
      const make = (size: ModelSize) => published(new Predictor({ model: defaultModel(size) }));
      backtest(trace(series), make, 'p2').forEach(({ h, n, cov80, cov95, iscore80, iscore95 }, i) => {
        expect(n, `at ${h}`).to.equal(Number(reference[i]!['n']));
        const slack = h < 30 ? 0.02 : 0.04;
        expect(cov80, `80% at ${h}`).to.be.closeTo(0.8, slack);
        expect(cov95, `95% at ${h}`).to.be.closeTo(0.95, slack);
        expect(iscore80! / Number(reference[i]!['iscore80']), `at ${h}`).to.be.below(h < 30 ? 1.05 : 1.1);
        expect(iscore95! / Number(reference[i]!['iscore95']), `at ${h}`).to.be.below(h < 30 ? 1.05 : 1.1);
      });
    });
  }

  it('walks over every sample with p2', () => {
    const scores = backtest(trace('vm2-cpu-1hz'), (size) => bareModel(modelNamed('SES', size)!), 'p2');
    expect(scores.map(({ n }) => n)).to.deep.equal(Array(4).fill(2261 - 600 - 29));
  });
});

describe('a series in a file', () => {
  it('is a number a line, with or without a name above', () => {
    expect([...parseSeries('value\r\n1\r\n-2.5e1\r\n\r\n')]).to.deep.equal([1, -25]);
    expect([...parseSeries('1\n2')]).to.deep.equal([1, 2]);
  });

  const bad: readonly (readonly [string, number | null])[] = [
    ['', null],
    ['value\n', null],
    ['value\n1\nNaN\n', 3],
    ['value\n1\n\n2\n', 3],
    ['time,value\n1,2\n', 2],
    ['value\n1e300\n', 2],
    ['value\n1\nInfinity', 3],
  ];
  for (const [text, line] of bad) {
    it(`is refused with its line: ${JSON.stringify(text)}`, () => {
      try {
        parseSeries(text);
      } catch (error) {
        expect(error).to.be.instanceOf(SeriesError).with.property('line', line);
        return;
      }
      expect.fail('was not refused');
    });
  }
});
