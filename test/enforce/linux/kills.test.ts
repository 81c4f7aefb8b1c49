import { expect } from 'chai';
import { realKills } from '../../grammar/campaigns/real-kills.js';
import { describeFailure, runCampaign } from '../../grammar/campaigns/run-campaign.js';
import { requireReservations } from './real-host.js';

const SEED = 5;
const KILLS = 50;
/** Of twenty: chance leaves some out. */
const LEAST_KINDS = 15;

describe('kills and other harm to daemon, guardian, guests and what they stand on', () => {
  it('leave every guest running that ran before, and everything as it was', async function () {
    requireReservations(this);
    this.timeout(600_000);
    const { failures, outcomes } = await runCampaign(realKills, {
      seed: SEED,
      first: 0,
      step: 1,
      count: KILLS,
    });
    expect(failures.map(describeFailure).join('\n')).to.equal('');
    expect(Object.keys(outcomes).length, 'kinds of harm').to.be.at.least(LEAST_KINDS);
  });
});
