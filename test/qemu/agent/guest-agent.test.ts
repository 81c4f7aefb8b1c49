import { expect } from 'chai';
import { AgentError, askGuestAgent } from '../../../src/qemu/index.js';
import { type Answering, FakeAgent } from './fake-agent.js';

const CPU = {
  type: 'linux',
  cpu: 0,
  user: 100,
  nice: 0,
  system: 50,
  idle: 800,
  iowait: 40,
  irq: 5,
  steal: 5,
};
const UNKNOWN = { error: { class: 'CommandNotFound', desc: 'The command has not been found' } };

/** Version 10 and later. */
const MODERN: Answering = (command) =>
  command === 'guest-get-load'
    ? { return: { load1m: 1.25, load5m: 0.5, load15m: 0.25 } }
    : { return: [CPU, { ...CPU, cpu: 1 }] };

describe('a guest’s agent', () => {
  let agent: FakeAgent | null = null;
  afterEach(() => {
    agent?.close();
    agent = null;
  });

  async function ask(answer: Answering, stale?: Buffer, patienceMs = 1000) {
    agent = await new FakeAgent(answer, stale).listen();
    // The process that listens is this one.
    return askGuestAgent({ pid: process.pid, commandLine: agent.commandLine }, patienceMs);
  }
  async function refusal(asked: Promise<unknown>): Promise<string> {
    const error = await asked.then(
      () => null,
      (one: unknown) => one,
    );
    expect(error).to.be.instanceOf(AgentError);
    return (error as Error).message;
  }

  it('says how loaded the guest is, and how busy its processors were', async () => {
    expect(await ask(MODERN)).to.deep.equal({ load: 1.25, processors: { busyMs: 310, allMs: 2000 } });
    expect(agent?.asked).to.deep.equal(['guest-sync-delimited', 'guest-get-load', 'guest-get-cpustats']);
  });

  it('of an older version says what it can', async () => {
    const debian12: Answering = (command) => (command === 'guest-get-load' ? UNKNOWN : { return: [CPU] });
    expect(await ask(debian12)).to.deep.equal({ load: null, processors: { busyMs: 155, allMs: 1000 } });
    agent?.close();
    expect(await ask(() => UNKNOWN)).to.deep.equal({ load: null, processors: null });
  });

  it('is not confused by what was meant for somebody else', async () => {
    const stale = Buffer.from('{"return": {"load1m": 99}}\n{"return": {"half');
    expect((await ask(MODERN, stale)).load).to.equal(1.25);
  });

  it('that is silent, floods, talks nonsense or refuses is an error, within a time', async () => {
    expect(await refusal(ask(() => undefined, undefined, 50))).to.contain('no answer in 50 ms');
    agent?.close();
    expect(await refusal(ask(MODERN, Buffer.alloc(1 << 20, 0x20)))).to.match(/more than 262144 bytes|closed/);
    agent?.close();
    expect(await refusal(ask(() => ['no object']))).to.contain('protocol');
    agent?.close();
    expect(await refusal(ask(() => ({ error: { class: 'GenericError' } })))).to.contain('GenericError');
  });

  it('that claims what cannot be is not believed', async () => {
    const lies: readonly unknown[] = [
      ...[-1, 1e300, '1', null, {}].map((load1m) => ({ return: { load1m } })),
      ...[[], [null], [{ user: -5 }], [{ user: 'many' }], 'x'].map((list) => ({
        return: list,
      })),
    ];
    for (const lie of lies) {
      const { load, processors } = await ask(() => lie);
      expect(load).to.equal(null);
      expect(processors === null || processors.allMs === 0).to.equal(true);
      agent?.close();
    }
  });

  it('is asked only on a socket on which the guest itself listens', async () => {
    agent = await new FakeAgent(MODERN).listen();
    const { commandLine } = agent;
    expect(await refusal(askGuestAgent({ pid: process.ppid, commandLine }))).to.contain('no socket');
    expect(await refusal(askGuestAgent({ pid: process.pid, commandLine: ['qemu'] }))).to.contain('no socket');
    expect(agent.asked).to.deep.equal([]);
  });
});
