import { expect } from 'chai';
import { NO_CONDITIONS, stepConditions } from '../../../src/enforce/conditions/condition-states.js';
import { nextMode } from '../../../src/enforce/mode-tracker.js';
import { indexPlan } from '../../../src/enforce/plan-index.js';
import { signalsOfMode, stagedPlan } from '../../../src/simulate/detail/staged-plan.js';
import { CLASSES, planOf } from '../../compiler/support.js';

const NOW = { nowNs: 0n, wallMs: 0 };

describe('a staged plan', () => {
  it('is in the mode of the replay, whatever its conditions are about', () => {
    const plan = planOf(
      `${CLASSES} switch gaming let office = weekdays 09:00-17:00
       when office { limit batch to 1 core when owner.demand > 50% for 10s { pause batch } }
       when gaming or process "blender" running { pause build }
       budget batch 1 core-hour per day then pause`,
    );
    const staged = stagedPlan(plan);
    for (const { id, schedule } of plan.modes) {
      const mode = {
        id,
        schedule: plan.schedules.find((one) => one.id === schedule)!,
        since: NOW,
        causes: [],
        states: NO_CONDITIONS,
      };
      const values = signalsOfMode(plan, mode);
      const states = stepConditions(staged, NO_CONDITIONS, {
        ...NOW,
        zone: plan.host.timezone,
        signals: { latest: (signal) => values.get(signal) ?? null, limit: () => null },
        switches: new Map(),
        processes: () => false,
      });
      expect(nextMode(indexPlan(staged), null, states, NOW).id).to.equal(id);
    }
    expect(plan.modes.length).to.be.greaterThan(8);
  });
});
