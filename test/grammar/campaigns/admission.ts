import fc from 'fast-check';
import { comparisonOf } from '../../compiler/admit/disagreement.js';
import { somePresentPolicy, someRequest } from '../../compiler/admit/some-request.js';
import type { Random } from '../random.js';
import { accepted, type Campaign, type CampaignInput, failed, type Verdict } from './campaign.js';
import { HOSTS } from './hosts.js';

/** Between the text of a policy and that of a request. */
const BESIDE = '# request';

/** What `vmc admit` answers, against compiling policy and request together. */
export const requestsBesidePolicies: Campaign = {
  name: 'admission of requests beside policies',
  claim:
    'A request is admitted where policy and request together have a plan; one step beyond a counter-offer they have none',
  nightlyInputs: 5000,
  begin: () => ({ make, judge }),
};

function make(random: Random): CampaignInput {
  const sample = { numRuns: 1, seed: random.below(2 ** 31) };
  const [both] = fc.sample(fc.tuple(somePresentPolicy, someRequest), sample);
  return { text: (both ?? []).join(`\n${BESIDE}\n`), setting: random.pick(Object.keys(HOSTS)) };
}

function judge({ text, setting }: CampaignInput): Verdict {
  const facts = HOSTS[setting];
  if (facts === undefined) throw new RangeError(`no host is called ${setting}`);
  const [present = '', asked] = text.split(`\n${BESIDE}\n`);
  if (asked === undefined) return accepted('no request');
  const { outcome, disagreement } = comparisonOf(present, asked, facts);
  return disagreement === null ? accepted(outcome) : failed(disagreement);
}
