import fc from 'fast-check';
import { refusalOutcome } from '../../compiler/relaxation/refusal.js';
import { someDemandingPolicy } from '../../compiler/some-demanding-policy.js';
import type { Random } from '../random.js';
import { accepted, type Campaign, type CampaignInput, failed, type Verdict } from './campaign.js';
import { HOSTS } from './hosts.js';

/** Policies that ask for much, and those that what their refusals propose makes of them. */
export const refusedPolicies: Campaign = {
  name: 'changes of refused policies',
  claim: 'A policy that is refused because it cannot be kept comes with a change after which it is accepted',
  nightlyInputs: 5000,
  begin: () => ({ make, judge }),
};

function make(random: Random): CampaignInput {
  const [text = ''] = fc.sample(someDemandingPolicy, { numRuns: 1, seed: random.below(2 ** 31) });
  return { text, setting: random.pick(Object.keys(HOSTS)) };
}

function judge({ text, setting }: CampaignInput): Verdict {
  const facts = HOSTS[setting];
  if (facts === undefined) throw new RangeError(`no host is called ${setting}`);
  const { outcome, failure } = refusalOutcome(text, facts);
  return failure === null ? accepted(outcome) : failed(failure);
}
