import { expect } from 'chai';
import fc from 'fast-check';
import type { HostFacts } from '../../../src/compiler/facts.js';
import type { Diagnostic } from '../../../src/lang/diagnostic.js';
import { applyFix } from '../../lang/apply-fix.js';
import { LIMITED_HOSTS } from '../limited-hosts.js';
import { someDemandingPolicy } from '../some-demanding-policy.js';
import { compileText, HOST } from '../support.js';

const HOSTS: readonly HostFacts[] = [
  { ...HOST, cores: 1 },
  { ...HOST, cores: 2 },
  { ...HOST, cores: 4, hrtickDeadline: false },
  LIMITED_HOSTS['no cpusets'],
  LIMITED_HOSTS['guests stay where they are'],
  LIMITED_HOSTS['no cgroups, no deadline class, no cgroup weights by nice'],
  LIMITED_HOSTS['no privileges'],
];

/** Well-formed, and nothing keeps it: not what is wrong in itself, nor what is beyond what can be analysed. */
const isInfeasible = ({ code }: Diagnostic): boolean => /^VMC40(?!08|10|11)\d\d$/.test(code);

const errorsOf = (text: string, facts: HostFacts): readonly Diagnostic[] =>
  compileText(text, facts).diagnostics.filter(({ severity }) => severity === 'error');

describe('a policy that is refused because it cannot be kept', () => {
  it('always comes with a change after which it is accepted', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(someDemandingPolicy, fc.constantFrom(...HOSTS), (text, facts) => {
        const errors = errorsOf(text, facts);
        if (errors.length === 0 || !errors.every(isInfeasible)) return;
        for (const { code, hint, fix } of errors) {
          if (!fix) throw new Error(`${code} without a fix (${hint}) in\n${text}`);
          const mended = applyFix({ file: 'test.vmc', text }, fix);
          const left = errorsOf(mended, facts).map((one) => `${one.code} ${one.message}`);
          expect(left, `${fix.title} in\n${text}\n`).to.deep.equal([]);
          const kind = fix.title.startsWith('Leave out')
            ? 'left out'
            : fix.edits.length > 1
              ? 'several'
              : 'one';
          for (const key of [code, kind]) seen.set(key, (seen.get(key) ?? 0) + 1);
        }
      }),
      { numRuns: 250 },
    );
    for (const kind of ['VMC4001', 'VMC4002', 'VMC4005', 'VMC4012', 'one', 'several', 'left out']) {
      expect(seen.get(kind) ?? 0, `${kind} in ${JSON.stringify([...seen])}`).to.be.greaterThan(0);
    }
  }).timeout(240_000);
});
