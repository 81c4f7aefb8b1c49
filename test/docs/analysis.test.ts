import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { HostFacts } from '../../src/compiler/facts.js';
import { compile, renderPlan } from '../../src/compiler/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import { HOST } from '../compiler/support.js';

const TEXT = readFileSync(join(packageRoot(), 'docs/analysis.md'), 'utf8');
const EXAMPLES = [...TEXT.matchAll(/```vmc whole\n(.*?)```\n\n```text\n(.*?)```/gs)];

function rendered(policy: string, facts: HostFacts): string {
  const { plan, diagnostics } = compile({ file: 'analysis.vmc', text: policy }, facts);
  if (!plan) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return renderPlan(plan, { width: 1000 });
}

describe('the worked examples of the analysis', () => {
  it('are several', () => {
    expect(EXAMPLES).to.have.lengthOf(3);
  });

  for (const [, policy = '', result = ''] of EXAMPLES) {
    const [first = ''] = result.split('\n');
    it(`give what the document says: ${first}`, () => {
      const text = rendered(policy, HOST);
      for (const line of result.trim().split('\n')) expect(text).to.include(line);
    });
  }

  it('give the server that the document says where budgets are enforced at ticks', () => {
    const [, server] =
      /With ticks of 4 ms the server of the first example becomes ([\d.]+ ms every [\d.]+ ms)/.exec(TEXT) ??
      [];
    const text = rendered(EXAMPLES[0]?.[1] ?? '', { ...HOST, hrtickDeadline: false, tickNs: 4_000_000 });
    expect(text).to.include(`vcpu 0: ${server?.replaceAll(' ms', 'ms')}, for decode, audio`);
  });
});
