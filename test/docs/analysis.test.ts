import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { HostFacts } from '../../src/compiler/facts.js';
import { compile, renderPlan } from '../../src/compiler/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import { HOST } from '../compiler/support.js';
import { EXAMPLE_HOSTS } from './example-hosts.js';

const TEXT = readFileSync(join(packageRoot(), 'docs/analysis.md'), 'utf8');
/** A policy, on which host, and lines of what `vmc compile` says to it. */
const EXAMPLES = [...TEXT.matchAll(/```vmc (\w+)\n(.*?)```\n\n```text\n(.*?)```/gs)].map(
  ([, kind = '', policy = '', result = '']) => ({ kind, policy, lines: result.trim().split('\n') }),
);

/** What a reader sees: the plan's page and what is wrong with the policy, in one line each. */
function seen(policy: string, facts: HostFacts): string {
  const { plan, diagnostics } = compile({ file: 'analysis.vmc', text: policy }, facts);
  const problems = diagnostics.map(({ message, hint }) => `${message}\n${hint ?? ''}`).join('\n');
  return `${plan ? renderPlan(plan, { width: 1000 }) : 'no plan'}\n${problems}`;
}

describe('the worked examples of the analysis', () => {
  it('are many, for hosts of all kinds', () => {
    expect(EXAMPLES.length).to.be.at.least(15);
    const kinds = new Set(EXAMPLES.map(({ kind }) => kind));
    expect([...kinds]).to.include.members(['whole', 'refused', 'unplaced', 'scattered', 'sessions', 'nodl']);
  });

  for (const { kind, policy, lines } of EXAMPLES) {
    it(`give what the document says: ${lines[0]}`, () => {
      const facts = kind === 'refused' ? HOST : EXAMPLE_HOSTS.get(kind);
      if (!facts) throw new RangeError(`there is no host ${kind}`);
      const text = seen(policy, facts);
      expect(text.startsWith('no plan')).to.equal(kind === 'refused');
      for (const line of lines) expect(text).to.include(line);
    });
  }

  it('give the server that the document says where budgets are enforced at ticks', () => {
    const [, server] =
      /With ticks of 4 ms the server of the first example becomes ([\d.]+ ms every [\d.]+ ms)/.exec(TEXT) ??
      [];
    const first = EXAMPLES.find(({ policy }) => policy.includes('task decode'));
    const text = seen(first?.policy ?? '', { ...HOST, hrtickDeadline: false, tickNs: 4_000_000 });
    expect(text).to.include(`vcpu 0: ${server?.replaceAll(' ms', 'ms')}, for decode, audio`);
  });
});
