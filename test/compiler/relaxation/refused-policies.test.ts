import { expect } from 'chai';
import fc from 'fast-check';
import type { HostFacts } from '../../../src/compiler/facts.js';
import { LIMITED_HOSTS } from '../limited-hosts.js';
import { someDemandingPolicy } from '../some-demanding-policy.js';
import { HOST } from '../support.js';
import { refusalOutcome } from './refusal.js';

const HOSTS: readonly HostFacts[] = [
  { ...HOST, cores: 1 },
  { ...HOST, cores: 2 },
  { ...HOST, cores: 4, hrtickDeadline: false },
  LIMITED_HOSTS['no cpusets'],
  LIMITED_HOSTS['guests stay where they are'],
  LIMITED_HOSTS['no cgroups, no deadline class, no cgroup weights by nice'],
  LIMITED_HOSTS['no privileges'],
];

describe('a policy that is refused because it cannot be kept', () => {
  it('always comes with a change after which it is accepted', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(someDemandingPolicy, fc.constantFrom(...HOSTS), (text, facts) => {
        const { kinds, failure } = refusalOutcome(text, facts);
        expect(failure, text).to.equal(null);
        for (const kind of kinds) seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }),
      { numRuns: 250 },
    );
    for (const kind of ['VMC4001', 'VMC4002', 'VMC4005', 'VMC4012', 'one', 'several', 'left out']) {
      expect(seen.get(kind) ?? 0, `${kind} in ${JSON.stringify([...seen])}`).to.be.greaterThan(0);
    }
  }).timeout(240_000);
});
