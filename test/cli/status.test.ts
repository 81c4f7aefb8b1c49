import { expect } from 'chai';
import type { Plan } from '../../src/compiler/plan.js';
import { plan, status } from '../api/fake-services.js';
import { type Serving, startServing } from '../api/serving.js';
import { vm } from '../enforce/support/plans.js';
import { vmc } from './vmc.js';

describe('vmc status', () => {
  let serving: Serving;
  beforeEach(async () => {
    serving = await startServing();
    const withClasses: Plan = { ...plan, classes: [vm('pair'), vm('lonely')] };
    Object.defineProperty(serving.services, 'plan', { value: () => withClasses });
  });
  afterEach(() => serving.stop());
  const ask = (...args: string[]) => vmc(['status', ...args, '--socket', serving.socket]);

  it('takes a class for no guest, but names its guests', async () => {
    const pair = await ask('pair');
    expect(pair).to.include({ exitCode: 4, stdout: '' });
    expect(pair.stderr).to.contain("'pair' is a class of the policy, its guests: 'my vm'");
    expect((await ask('lonely')).stderr).to.contain('without a guest now');
    expect((await ask('nobody')).stderr)
      .to.contain('nobody')
      .and.not.contain('class');
  });

  it('says what happens meanwhile where something is not as it should be', async () => {
    const finding = { code: 'refused', severity: 'error', subject: null, sinceMs: 0 } as const;
    serving.services.current = {
      ...status,
      findings: [{ ...finding, message: 'the kernel refuses', fallback: 'it runs without' }],
    };
    expect((await ask()).stdout).to.contain('error: the kernel refuses\n  meanwhile: it runs without');
  });
});
