import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { StatusSchema } from '../../src/enforce/status.js';
import { demoPlan } from './support/plans.js';
import { simulate } from './support/simulation.js';

describe('Enforcer on the simulated host, with the demonstration', () => {
  async function demo() {
    const simulation = simulate(demoPlan());
    const { host, enforcer, run } = simulation;
    const keys = Object.fromEntries(
      ['video', 'gold', 'silver', 'batch'].map((name) => [name, host.boot({ name })]),
    );
    host.setOwner('busy');
    await enforcer.start();
    await run(15);
    host.setOwner('busy', 'busy', 'busy', 'busy');
    await run(20);
    return { ...simulation, keys: keys as Record<'video' | 'gold' | 'silver' | 'batch', string> };
  }

  it('delivers what every mode promises, by the kernel’s accounting', async () => {
    const { enforcer, host } = await demo();
    const accounts = enforcer.status().accounts;
    const delivered = (name: string, mode: string, mechanism: string) => {
      const account = accounts.find(
        (one) => one.name === name && one.mode === mode && one.mechanism === mechanism,
      );
      if (!account) throw new Error(`no account of ${name} in ${mode}: ${JSON.stringify(accounts, null, 1)}`);
      return account;
    };
    for (const mode of ['no', 'yes']) {
      expect(delivered('video', mode, 'reservation').promised).to.be.closeTo(0.2, 1e-9);
      expect(delivered('video', mode, 'reservation').delivered).to.be.closeTo(0.2, 0.2 * 0.02);
      expect(delivered('gold', mode, 'share').delivered).to.be.closeTo(0.75, 0.02);
      expect(delivered('silver', mode, 'share').delivered).to.be.closeTo(0.25, 0.02);
      expect(delivered('gold', mode, 'quota').delivered).to.be.at.most(1.0001);
    }
    expect(delivered('batch', 'no', 'duty').delivered).to.be.closeTo(0.5, 0.01);
    expect(delivered('batch', 'yes', 'duty').delivered).to.be.closeTo(0.2, 0.01);
    await enforcer.stop();
    expect(host.freeBandwidth).to.be.closeTo(1.9, 1e-6);
  });
  it('has a status that fits its schema', async () => {
    const { enforcer } = await demo();
    const status = enforcer.status();
    console.log(JSON.stringify(status, (_, v) => v, 1).slice(0, 6000));
    expect([...Value.Errors(StatusSchema, status)]).to.deep.equal([]);
  });
});
