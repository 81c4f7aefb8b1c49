import { expect } from 'chai';
import { enforcerFaults } from '../grammar/campaigns/enforcer-faults.js';
import { describeFailure, runCampaign } from '../grammar/campaigns/run-campaign.js';

const SEED = 5;
const INPUTS = 115;
const LEAST_FAULTS = 500;

describe('Enforcer in random campaigns of guests, users, modes, reloads and faults at every effect', () => {
  it('never overloads a core, goes on, comes to rest within the plan, and gives everything back', async () => {
    const { failures, counts } = await runCampaign(enforcerFaults, {
      seed: SEED,
      first: 0,
      step: 1,
      count: INPUTS,
      maxFailures: 3,
    });
    expect(failures.map(describeFailure).join('\n')).to.equal('');
    expect(counts['faults']).to.be.at.least(LEAST_FAULTS);
  }).timeout(180_000);
});
