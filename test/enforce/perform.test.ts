import { expect } from 'chai';
import type { Action } from '../../src/enforce/host.js';
import { perform } from '../../src/enforce/perform.js';
import { SimulatedHost } from '../../src/enforce/simulated/simulated-host.js';
import { FACTS } from './support/plans.js';

describe('perform', () => {
  it('performs every action in order, whatever becomes of those before', async () => {
    const host = new SimulatedHost({ facts: FACTS });
    await host.start();
    const create = (name: string): Action => ({ kind: 'create-group', path: [name] });
    const actions: Action[] = [{ kind: 'create-group', path: [] }, create('a'), create('b'), create('c')];
    host.refuse = (action) => {
      if (action === actions[1]) throw new Error('injected');
      return action === actions[2] ? { ok: false, code: 'EPERM', message: 'no', retry: false } : null;
    };
    const attempts = await perform(host, actions);
    expect(attempts.map(({ outcome }) => (outcome.ok ? 'ok' : outcome.code))).to.deep.equal([
      'ok',
      'EIO',
      'EPERM',
      'ok',
    ]);
    expect(attempts.map(({ action }) => action)).to.deep.equal(actions);
    expect(host.groupCount).to.equal(2);
  });
});
