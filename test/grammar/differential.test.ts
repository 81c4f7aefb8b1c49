import { expect } from 'chai';
import { EXAMPLE } from '../lang/format/language-example.js';
import { requestsBesidePolicies } from './campaigns/admission.js';
import { TEXT_CAMPAIGNS } from './campaigns/all-campaigns.js';
import type { Campaign } from './campaigns/campaign.js';
import { compilerEnds } from './campaigns/compiler.js';
import { formatterRoundTrips } from './campaigns/formatter.js';
import { policyTestsEnd } from './campaigns/policy-tests.js';
import { refusedPolicies } from './campaigns/refused-policies.js';
import { describeFailure, runCampaign, type Tally } from './campaigns/run-campaign.js';
import { simulatedServers } from './campaigns/simulated-servers.js';
import { policiesInTwoFiles } from './campaigns/two-files.js';
import { compareParsers, policiesInTwoParsers, sentencesInTwoParsers } from './campaigns/two-parsers.js';
import { FOUND_INPUTS } from './found-inputs.js';
import { loadGrammar } from './load-grammar.js';

/** Inputs of each campaign here; `npm run nightly` tries far more. */
const INPUTS: ReadonlyMap<Campaign, number> = new Map([
  [sentencesInTwoParsers, 2400],
  [policiesInTwoParsers, 600],
  [formatterRoundTrips, 400],
  [compilerEnds, 400],
  [policiesInTwoFiles, 100],
  [policyTestsEnd, 200],
  [simulatedServers, 500],
  [requestsBesidePolicies, 100],
  [refusedPolicies, 100],
]);
const SEED = 1;

const partOf = ({ outcomes, inputs }: Tally, outcome: string): number => (outcomes[outcome] ?? 0) / inputs;

describe('campaigns over generated and mutated texts', () => {
  const tallies = new Map<Campaign, Tally>();

  for (const campaign of TEXT_CAMPAIGNS) {
    it(`${campaign.claim} (${campaign.name})`, async function () {
      this.timeout(300_000);
      const count = INPUTS.get(campaign);
      if (count === undefined) throw new RangeError(`how many inputs does "${campaign.name}" get here?`);
      const tally = await runCampaign(campaign, { seed: SEED, first: 0, step: 1, count });
      tallies.set(campaign, tally);
      expect(tally.failures.map(describeFailure).join('\n')).to.equal('');
    });
  }

  it('hold for the inputs that broke one once', async () => {
    for (const [campaign, text, setting] of FOUND_INPUTS) {
      const trial = await campaign.begin();
      expect((await trial.judge({ text, setting })).failure, text).to.equal(null);
    }
  });

  it('tell good implementations from bad ones: inputs are neither all accepted nor all refused', () => {
    const shares = [
      [sentencesInTwoParsers, 'accepted'],
      [policiesInTwoParsers, 'accepted'],
      [formatterRoundTrips, 'laid out'],
    ] as const;
    for (const [campaign, outcome] of shares) {
      const tally = tallies.get(campaign);
      if (tally !== undefined) expect(partOf(tally, outcome), campaign.name).to.be.within(0.25, 0.9);
    }
    const servers = tallies.get(simulatedServers)?.outcomes ?? {};
    for (const test of ['partitioned-edf', 'partitioned-edf, ticks', 'gfb', 'devi-anderson', 'refused']) {
      expect(servers[test], test).to.be.greaterThan(20);
    }
  });
});

describe('the parser and the normative grammar', () => {
  it('agree on the examples of the language', () => {
    const grammar = loadGrammar();
    for (const text of EXAMPLES) {
      expect(compareParsers(grammar, text), text).to.deep.equal({ outcome: 'accepted', failure: null });
    }
  });
});

const EXAMPLES = [
  EXAMPLE,
  `test "batch yields in office hours" {
  at 2026-11-23 10:00
  given owner.demand = 80%                    # conditions start from steady state: every \`for\` is already over
  given vms video, build, 3 batch
  expect batch at most 25% of cpu
  expect batch runs 200ms every 1s
  expect video reserved for its tasks
  expect that office and busy
}
`,
];
