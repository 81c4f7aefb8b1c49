import { expect } from 'chai';
import { GuestLoads } from '../../src/api/guest-loads.js';
import { AgentError, type AgentReadings } from '../../src/qemu/index.js';
import { SignalStore } from '../../src/rps/index.js';
import { ManualClock } from '../rps/support/manual-clock.js';

describe('GuestLoads', () => {
  const clock = new ManualClock();
  const guests = [{ key: '70-1', pid: 70, commandLine: [] }];
  let loads: GuestLoads;
  let signals: SignalStore;
  let asked: number;
  let answer: () => AgentReadings;
  beforeEach(() => {
    asked = 0;
    signals = new SignalStore({ clock });
    loads = new GuestLoads({
      guests: () => guests,
      signals,
      clock,
      schedule: () => () => {},
      ask: async () => {
        asked++;
        return answer();
      },
    });
  });
  afterEach(() => loads.stop());

  async function look(): Promise<void> {
    clock.leap(60e9);
    await loads.look();
  }

  it('record load and busy processors once a minute', async () => {
    const processors = { busyMs: 0, allMs: 0 };
    answer = () => ({ load: 0.5, processors: { ...processors } });
    loads.start();
    await look();
    Object.assign(processors, { busyMs: 30_000, allMs: 120_000 });
    await look();
    expect(signals.latest('guest.70-1.load')).to.equal(0.5);
    expect(signals.latest('guest.70-1.busy')).to.equal(25);
    expect(signals.signal('guest.70-1.busy')).to.include({ unit: '%', stepNs: 60e9 });
    // It was started anew inside: its counters begin again.
    Object.assign(processors, { busyMs: 10, allMs: 20 });
    await look();
    expect(signals.signal('guest.70-1.busy')?.samples).to.equal(1);
  });

  it('leave an agent alone for a while that does not answer, and ask again', async () => {
    answer = () => {
      throw new AgentError('no answer');
    };
    loads.start();
    for (let i = 0; i < 24; i++) await look();
    expect(asked).to.be.within(2, 4);
    answer = () => ({ load: 1, processors: null });
    for (let i = 0; i < 12; i++) await look();
    expect(signals.latest('guest.70-1.load')).to.equal(1);
    expect(signals.latest('guest.70-1.busy')).to.equal(null);
  });
});
