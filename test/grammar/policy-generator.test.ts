import { expect } from 'chai';
import { analyse } from '../../src/lang/index.js';
import { generatePolicy } from './policy-generator.js';
import { randomOf } from './random.js';

const COUNT = 300;

describe('the generator of policies', () => {
  const policies = Array.from({ length: COUNT }, (_, index) => generatePolicy(randomOf(1, index)));

  it('makes policies that follow every rule of the language', () => {
    for (const text of policies) {
      const { diagnostics } = analyse({ file: 'generated.vmc', text });
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      const told = errors.map(({ code, message }) => `${code} ${message}`).join('\n');
      expect(told === '' ? '' : `${told}\n${text}`).to.equal('');
    }
  });

  it('makes the same policies of the same seed, and others of another', () => {
    const again = Array.from({ length: COUNT }, (_, index) => generatePolicy(randomOf(1, index)));
    expect(again).to.deep.equal(policies);
    expect(generatePolicy(randomOf(2, 0))).not.to.equal(policies[0]);
  });

  it('uses every construct of the language', () => {
    const all = policies.join('\n');
    for (const construct of CONSTRUCTS) expect(all, construct.source).to.match(construct);
  });
});

/** One for each row and atom of the language's definition, with any white space between the words. */
const CONSTRUCTS: readonly RegExp[] = [
  'host {',
  'cores \\d',
  'memory \\d',
  'timezone "',
  'mechanisms reservation',
  'vm \\S+ {',
  'up to 1 vm',
  'up to \\d vms',
  'match name',
  'match user',
  'and user',
  'uuid "',
  'unit "',
  'cgroup "',
  'arg "',
  'vcpus \\d',
  'overhead \\S+ every',
  'task \\S+ \\S+ every',
  'ms within \\S+ms',
  'group \\S+ = \\S+,',
  'ignore match',
  'let \\S+ =',
  'switch "',
  'signal \\S+ C',
  'keep .+ for owner',
  'limit each',
  'by quota',
  'by freezer',
  'reserve \\S+ \\S+ every',
  'reserve \\S+ \\S+ in any',
  'for its tasks',
  'guarantee each',
  'share cpu among',
  'owner 2',
  'share cpu equally within',
  'run \\S+ \\d+ ?\\S+ every',
  'pause guests',
  'yield',
  'place \\S+ on cores \\d',
  'stop \\S+ within',
  'per week',
  'then pause',
  'then limit to',
  'offer \\d vms',
  'assert each',
  'at most',
  'at least',
  'paused while',
  'GiB memory',
  '% of memory',
  '/s disk',
  'iops disk',
  '/s network',
  '- forecast\\(',
  'between \\d+% and',
  'when',
  'otherwise {',
  'otherwise when',
  'assuming false',
  'not',
  'except',
  'weekdays \\d',
  'mon-fri',
  '2026-12-24..2027-01-01',
  '22:00-04:00',
  'for \\S+ until',
  'at lower',
  'at upper',
  'process "',
  'given not',
  '= \\d+',
  'unknown',
  'spent',
  'given vms',
  'expect that',
  'expect each',
  'runs',
  'reserved',
  'guaranteed',
  'yields',
].map((form) => new RegExp(form.replaceAll('{', '\\{').replaceAll(' ', '\\s+')));
