import { expect } from 'chai';
import fc from 'fast-check';
import type { HostFacts } from '../../../src/compiler/facts.js';
import { LIMITED_HOSTS } from '../limited-hosts.js';
import { HOST } from '../support.js';
import { comparisonOf } from './disagreement.js';
import { somePackedPolicy, somePresentPolicy, someRequest } from './some-request.js';

const FOUR: HostFacts = { ...HOST, cores: 4 };
const HOSTS: Readonly<Record<string, HostFacts>> = {
  'that can do everything': FOUR,
  'with two cores': { ...HOST, cores: 2 },
  ...Object.fromEntries(
    Object.entries(LIMITED_HOSTS).map(([lack, facts]) => [`with ${lack}`, { ...facts, cores: 4 }]),
  ),
};

/** How many policies and requests are tried on each host; `npm run nightly -- --only admission` tries thousands. */
const RUNS = 15;

function compare(policies: fc.Arbitrary<string>, facts: HostFacts, numRuns: number) {
  const seen = { yes: 0, no: 0, none: 0, offers: 0 };
  fc.assert(
    fc.property(policies, someRequest, (present, asked) => {
      const { outcome, offers, disagreement } = comparisonOf(present, asked, facts);
      seen[outcome]++;
      seen.offers += offers;
      expect(disagreement, `${asked}\nbeside\n${present}`).to.equal(null);
    }),
    { numRuns },
  );
  return seen;
}

describe('an answer to a request is what compiling it with the policy says, on a host', () => {
  for (const [name, facts] of Object.entries(HOSTS)) {
    it(name, () => {
      compare(somePresentPolicy, facts, RUNS);
    }).timeout(120_000);
  }

  it('that is full of reservations, with the largest budgets and the shortest periods', () => {
    const seen = compare(somePackedPolicy, FOUR, 40);
    expect(Math.min(seen.yes, seen.no, seen.offers), JSON.stringify(seen)).to.be.greaterThan(0);
  }).timeout(120_000);
});
