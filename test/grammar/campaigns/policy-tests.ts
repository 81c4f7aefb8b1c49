import { testPolicy } from '../../../src/compiler/index.js';
import { generatePolicy } from '../policy-generator.js';
import { accepted, type Campaign, type CampaignInput, failed, type Verdict } from './campaign.js';
import { HOSTS } from './hosts.js';
import { mutatedPolicy } from './inputs.js';

/** The tests inside of policies come to an end wherever the policy can be read. */
export const policyTestsEnd: Campaign = {
  name: 'tests of mutated policies',
  claim: 'The tests of a policy pass or fail, or the policy has errors, on any mutation',
  nightlyInputs: 20_000,
  begin: () => ({
    make: (random) => ({
      text: random.chance(0.5) ? generatePolicy(random) : mutatedPolicy(random),
      setting: random.pick(Object.keys(HOSTS)),
    }),
    judge,
  }),
};

function judge({ text, setting }: CampaignInput): Verdict {
  const facts = HOSTS[setting];
  if (facts === undefined) throw new RangeError(`no host is called ${setting}`);
  const { run, diagnostics } = testPolicy({ file: 'generated.vmc', text }, facts);
  if (run !== null) return accepted(run.tests.length === 0 ? 'no tests' : 'tested');
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  return hasErrors ? accepted('refused') : failed('neither tested nor refused');
}
