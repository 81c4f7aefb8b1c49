import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { AutoregressiveModel } from '../../../src/rps/models/autoregressive-model.js';
import { LastModel } from '../../../src/rps/models/last-model.js';
import { MeanModel } from '../../../src/rps/models/mean-model.js';
import type { Model } from '../../../src/rps/models/model.js';
import { fitYuleWalker } from '../../../src/rps/models/yule-walker.js';
import { autocovariance } from '../../../src/rps/numeric/autocovariance.js';
import { normalQuantile } from '../../../src/rps/numeric/normal.js';
import { errorCovariance, psiWeights } from '../../../src/rps/numeric/psi-weights.js';
import { expectClose, goldenSeries, trace } from '../support/golden.js';

const TOLERANCE = 1e-9;
const ORDERS = [1, 4, 16] as const;

describe('against R', () => {
  for (const [name, golden] of goldenSeries) {
    describe(name, () => {
      const window = Float64Array.from(golden.x);

      it('has the same autocovariances at lags 0 to 30', () => {
        const acov = new Float64Array(31);
        const { mean } = autocovariance(window, acov, new Float64Array(window.length));
        expectClose([mean], golden.mean, TOLERANCE);
        expectClose(acov, golden.acov0_30, TOLERANCE);
      });

      for (const order of ORDERS) {
        const reference = golden[`ar_yw_${order}`];
        if (reference === undefined) continue;

        it(`has the same AR(${order}) by Yule-Walker`, () => {
          const fit = fitYuleWalker(window, order);
          expectClose(fit.coefficients, reference.ar, TOLERANCE);
          expectClose(fit.partial, reference.partialacf, TOLERANCE);
          expectClose([fit.innovationVariance], reference.var_pred, TOLERANCE);
          expectClose([fit.mean], reference.mean, TOLERANCE);
        });

        it(`forecasts the same 30 steps with the same standard errors by AR(${order})`, () => {
          const model = new AutoregressiveModel({ order, window: Math.max(window.length, 4 * (order + 1)) });
          model.fit(window);
          const forecast = model.forecast(30);
          expectClose(forecast!.means.subarray(0, 30), reference.pred, TOLERANCE);
          expectClose(forecast!.deviations.subarray(0, 30), reference.se, TOLERANCE);
        });
      }

      it('chooses the same order by AIC, with the same fit', () => {
        const reference = golden['ar_yw_aic']!;
        const highest = [reference.partialacf].flat().length;
        const fit = fitYuleWalker(window, highest, { aic: true });
        expect(fit.order).to.equal(reference.order);
        expectClose(fit.coefficients, reference.ar, TOLERANCE);
        expectClose(fit.partial, reference.partialacf, TOLERANCE);
        expectClose([fit.innovationVariance], reference.var_pred, TOLERANCE);
      });

      it('has the same psi weights, error covariance and variance of averages', () => {
        const reference = golden[golden.psi_of as 'ar_yw_16']!;
        const fit = fitYuleWalker(window, reference.order);
        const psi = psiWeights(fit.coefficients, 30);
        expectClose(psi, golden.psi, TOLERANCE);
        const covariance = errorCovariance(psi, fit.innovationVariance, 30);
        expectClose(covariance, golden.cov30.flat(), TOLERANCE);

        const model = new AutoregressiveModel({
          order: reference.order,
          window: Math.max(window.length, 68),
        });
        model.fit(window);
        const { averageDeviations } = model.forecast(30)!;
        for (const h of [1, 2, 5, 10, 30]) {
          const block = golden.cov30.slice(0, h).flatMap((row) => row.slice(0, h));
          const variance = block.reduce((sum, entry) => sum + entry, 0) / h ** 2;
          expectClose([averageDeviations[h - 1]!], Math.sqrt(variance), TOLERANCE);
        }
      });
    });
  }

  describe('walk-forward over whole traces', () => {
    const scores = readFileSync(new URL('../fixtures/r-walk-forward.csv', import.meta.url), 'utf8');
    const rows = scores
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const models: Readonly<Record<string, () => Model>> = {
      AR16yw: () => new AutoregressiveModel(),
      LAST: () => new LastModel(),
      MEAN: () => new MeanModel(),
    };
    for (const series of ['own/vm2-cpu-1hz', 'nab/ec2_cpu_utilization_5f5533']) {
      for (const [name, make] of Object.entries(models)) {
        it(`${name} has the same mean squared errors and coverage on ${series}`, () => {
          const walked = walkForward(trace(series.split('/')[1]!), make());
          for (const h of [1, 5, 10, 30]) {
            const row = rows.find((r) => r[0] === series && r[1] === name && r[2] === `${h}`)!;
            const { mse, inside80, inside95 } = walked.get(h)!;
            // R wrote seven digits.
            expectClose([mse], Number(row[4]), 1e-6);
            // R's MEAN has limits of Student's t, ours are normal: one outcome in 24 may fall between.
            const slack = name === 'MEAN' ? 1 / 24 : 0;
            expect(inside80).to.be.closeTo(Number(row[7]), slack + 1e-6);
            expect(inside95).to.be.closeTo(Number(row[8]), slack + 1e-6);
          }
        });
      }
    }
  });
});

/** The protocol of test/rps/fixtures/README.md. */
function walkForward(
  y: Float64Array,
  model: Model,
): Map<number, { mse: number; inside80: number; inside95: number }> {
  const [window, horizon, origins] = [600, 30, 24];
  const result = new Map([1, 5, 10, 30].map((h) => [h, { mse: 0, inside80: 0, inside95: 0 }]));
  for (let k = 0; k < origins; k++) {
    const origin = window + Math.floor((k * (y.length - window - horizon)) / (origins - 1));
    model.fit(y.subarray(origin - window, origin));
    const { means, deviations } = model.forecast(horizon)!;
    for (const [h, score] of result) {
      const error = y[origin + h - 1]! - means[h - 1]!;
      score.mse += error ** 2 / origins;
      if (Math.abs(error) <= normalQuantile(0.9) * deviations[h - 1]!) score.inside80 += 1 / origins;
      if (Math.abs(error) <= normalQuantile(0.975) * deviations[h - 1]!) score.inside95 += 1 / origins;
    }
  }
  return result;
}
