import { expect } from 'chai';
import { forecastsIn, limitsBehind, twoSidedLevel } from '../../src/api/forecasts-behind.js';
import type { LiveExplanation } from '../../src/api/live-explanation-schema.js';
import { colorsFor } from '../../src/cli/colors.js';
import { renderLiveExplanation } from '../../src/cli/render/live-explanation.js';
import { subjectText } from '../../src/enforce/conditions/atom-text.js';
import { SignalStore } from '../../src/rps/index.js';
import { planOf } from '../compiler/support.js';
import { ManualClock } from '../rps/support/manual-clock.js';
import { SeededRandom } from '../rps/support/random.js';

const POLICY = `vm batch { match name "batch" and user "*" vcpus 1 }
let rush = forecast(owner.demand over 30s at 95%) > 70%
when rush { pause batch }
limit batch to 90% of cpu - forecast(owner.demand over 10s at 95%) between 10% and 80% of cpu
`;

describe('the limits of forecasts behind an explanation', () => {
  const plan = planOf(POLICY);
  const asked = forecastsIn(plan);
  const atoms = new Set(plan.atoms.map(({ id }) => id));
  const settings = plan.schedules.flatMap((schedule) => schedule.settings);

  /** After `count` samples of a quiet load, then `more` of one that climbs. */
  function limitsAfter(count: number, more = 0): LiveExplanation['limits'] {
    const clock = new ManualClock();
    const store = new SignalStore({ clock });
    const noise = new SeededRandom(4).autoregression([0.6], count + more, 20, 1);
    noise.forEach((value, t) => {
      clock.advance(1e9);
      store.record('owner.demand', value + Math.max(0, t - count) / 4);
    });
    const now = asked.map((one) => {
      const answer = store.forecast(one.signal, { horizonNs: one.overNs, level: twoSidedLevel(one) });
      return [subjectText(one), answer!] as const;
    });
    return limitsBehind(plan, atoms, settings, new Map(now));
  }

  it('are those of its conditions and elastic limits', () => {
    expect(asked.map(subjectText)).to.have.members([
      'forecast(owner.demand over 30s at 95%)',
      'forecast(owner.demand over 10s at 95%)',
    ]);
    const limits = limitsAfter(400);
    expect(limits.map(({ text }) => text)).to.have.members(asked.map(subjectText));
    for (const { level, calibrated, effectiveLevel, auditedLevel, held } of limits) {
      expect(calibrated).to.equal(true);
      expect([level, auditedLevel]).to.deep.equal([0.95, 0.95]);
      expect(effectiveLevel).to.be.within(0.9, 1);
      expect(held).to.be.within(0.85, 1);
    }
    expect(limitsBehind(plan, new Set(), [], new Map())).to.deep.equal([]);
  });

  it('are told in a sentence each: not calibrated yet, or how far from the level they are taken', () => {
    const render = (limits: LiveExplanation['limits']): string =>
      renderLiveExplanation(
        {
          ...{ subject: 'mode', kind: 'mode', atMs: 0, mode: null, guests: [], conditions: [], changes: [] },
          ...{ findings: [], limits },
        },
        colorsFor('never', { write() {} }, {}),
      );
    expect(render(limitsAfter(60))).to.match(/over 30s at 95%\): not calibrated yet \(\d+ past errors\)/);
    expect(render(limitsAfter(400, 120))).to.match(
      /over 10s at 95%\): limits of 95% held \d+(\.\d)?% of outcomes; the limit is taken at 9\d(\.\d)?% of its last \d+ errors, not 95%: wider, for it was passed too often/,
    );
  });
});
