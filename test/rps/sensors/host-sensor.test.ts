import { expect } from 'chai';
import { HostSensor } from '../../../src/rps/sensors/host-sensor.js';
import type { SensedGuest } from '../../../src/rps/sensors/sensed-guest.js';
import { FakeProc } from '../support/fake-proc.js';

const S = 1e9;

describe('HostSensor on fabricated files', () => {
  let proc: FakeProc;
  let sensor: HostSensor;
  let nowNs: bigint;

  beforeEach(() => {
    proc = new FakeProc();
    proc.processors(4, 1000);
    proc.runQueue(1, 500);
    proc.memory(2048);
    for (const resource of ['cpu', 'memory', 'io'] as const) proc.pressure(resource, '0.00');
    proc.runDelay(0, 0, 0, 0);
    nowNs = 10_000_000_000n;
  });

  afterEach(() => {
    sensor.close();
    proc.dispose();
  });

  function open(): void {
    sensor = new HostSensor(proc.root);
  }

  /** One sample a second after the last. */
  function sample(guests: readonly SensedGuest[] = [], afterNs = S): Record<string, number> {
    nowNs += BigInt(afterNs);
    const values: Record<string, number> = {};
    sensor.sample(nowNs, guests, (signal, value) => {
      expect(values, 'reported once').not.to.have.property(signal);
      values[signal] = value;
    });
    return values;
  }

  it('reports states at once and rates from the second reading on', () => {
    open();
    expect(Object.keys(sample()).sort()).to.deep.equal([
      'host.load',
      'host.memory.available',
      'host.pressure.cpu',
      'host.pressure.io',
      'host.pressure.memory',
    ]);
    expect(sample()).to.include.keys('host.cpu', 'owner.cpu', 'owner.demand', 'guests.cpu');
  });

  it('takes the use of the host from what its processors did not do: idle, waiting for disks, stolen', () => {
    open();
    sample();
    // 4 processors for 1 s are 400 ticks: 100 idle, 60 waiting, 40 stolen.
    proc.processors(4, 1100, 60, 40);
    expect(sample()['host.cpu']).to.be.closeTo(50, 1e-9);
    // Nothing unused in 2 s.
    expect(sample([], 2 * S)['host.cpu']).to.equal(100);
    // Counters cut to ticks may show a little more than there was.
    proc.processors(4, 1501, 60, 40);
    expect(sample()['host.cpu']).to.equal(0);
  });

  it('reads memory and pressure in their units', () => {
    proc.memory(2048);
    proc.pressure('io', '12.34');
    proc.pressure('cpu', '100.00');
    open();
    expect(sample()).to.include({
      'host.memory.available': 2048 * 1024,
      'host.pressure.io': 12.34,
      'host.pressure.cpu': 100,
      'host.pressure.memory': 0,
    });
  });

  it('averages the run queue exponentially over a minute, itself not counted', () => {
    proc.runQueue(1, 500);
    open();
    expect(sample()['host.load']).to.equal(0);
    proc.runQueue(11, 500);
    let load = 0;
    for (let t = 0; t < 60; t++) load = sample()['host.load']!;
    expect(load).to.be.closeTo(10 * (1 - Math.exp(-1)), 1e-9);
  });

  describe('with guests', () => {
    const guests: readonly SensedGuest[] = [
      { key: '70-1', pid: 70, classes: ['batch'] },
      { key: '80-1', pid: 80, classes: ['batch'] },
      { key: '90-1', pid: 90 },
    ];

    beforeEach(() => {
      proc.process(70, 5000, { 70: [40 * S, 1 * S], 71: [10 * S, 2 * S] });
      proc.process(80, 100, { 80: [1 * S, 0] });
      proc.process(90, 0, { 90: [0, 0] });
      open();
      sample(guests);
    });

    it('gives each guest, class and all guests what their threads ran, in percent of the host', () => {
      proc.process(70, 5120, { 70: [40.8 * S, 1 * S], 71: [10.4 * S, 2 * S] });
      proc.process(80, 140, { 80: [1.4 * S, 0] });
      const values = sample(guests);
      expect(values['guest.70-1.cpu']).to.be.closeTo(30, 1e-6);
      expect(values['guest.80-1.cpu']).to.be.closeTo(10, 1e-6);
      expect(values['guest.90-1.cpu']).to.equal(0);
      expect(values['batch.cpu']).to.be.closeTo(40, 1e-6);
      expect(values['guests.cpu']).to.be.closeTo(40, 1e-6);
      expect(values['host.cpu']).to.equal(100);
      expect(values['owner.cpu']).to.be.closeTo(60, 1e-6);
    });

    it('adds to the owner’s demand the waiting of the host’s threads less that of the guests’', () => {
      proc.process(70, 5120, { 70: [40.8 * S, 1.5 * S], 71: [10.4 * S, 2.1 * S] });
      proc.processors(4, 1200);
      proc.runDelay(0.4 * S, 0.2 * S, 0.2 * S, 0.2 * S);
      const values = sample(guests);
      // Host 200 of 400 ticks used, 120 by guests; 1.0 s of waiting, 0.6 s of it by guests.
      expect(values['owner.cpu']).to.be.closeTo(20, 1e-6);
      expect(values['owner.demand']).to.be.closeTo(30, 1e-6);
      expect(values['owner.threads']).to.be.closeTo(1.2, 1e-6);
    });

    it('holds the demand to the whole host, however many threads wait', () => {
      proc.runDelay(90 * S, 0, 0, 0);
      const values = sample(guests);
      expect(values['owner.demand']).to.equal(100);
      // All but the 3 s that the guests' threads have waited since they were first read belong to the owner.
      expect(values['owner.threads']).to.be.above(80);
    });

    it('counts a guest’s new threads from their birth, and its ended ones by the process', () => {
      proc.runQueue(1, 501);
      proc.remove('70/task/71');
      proc.process(70, 5100, { 70: [40.2 * S, 1 * S], 72: [0.3 * S, 0.1 * S] });
      proc.write('71/schedstat', '');
      proc.write('70/task/71/schedstat', '');
      const values = sample(guests);
      // Alive threads ran 0.5 s; the process's own count says 1.00 s, to within two ticks.
      expect(values['guest.70-1.cpu']).to.be.within(12.5, 25.0001);
      const next = sample(guests);
      expect(values['guest.70-1.cpu']! + next['guest.70-1.cpu']!).to.be.closeTo(25, 0.51);
    });

    it('holds running time to the process’s own count: it never drifts from it by two ticks or more', () => {
      let sum = 0;
      for (let t = 1; t <= 50; t++) {
        proc.process(80, 100 + Math.floor(3.3 * t), { 80: [(1 + 0.033 * t) * S, 0] });
        sum += sample(guests)['guest.80-1.cpu']!;
        expect((sum / 100) * 4).to.be.within(
          0.01 * Math.floor(3.3 * t) - 1e-9,
          0.01 * Math.floor(3.3 * t) + 0.02,
        );
      }
    });

    it('leaves a gap where what belongs to whom is not known: when a guest comes, and when one goes', () => {
      proc.process(99, 10, { 99: [0.1 * S, 0] });
      const more = [...guests, { key: '99-1', pid: 99, classes: ['batch'] }];
      const came = sample(more);
      expect(came).to.include.keys('host.cpu', 'guest.70-1.cpu');
      expect(came).not.to.have.any.keys(
        'owner.cpu',
        'owner.demand',
        'guests.cpu',
        'guest.99-1.cpu',
        'batch.cpu',
      );
      expect(sample(more)).to.include.keys(
        'owner.cpu',
        'owner.demand',
        'guests.cpu',
        'guest.99-1.cpu',
        'batch.cpu',
      );
      expect(sample(guests)).not.to.have.any.keys('owner.cpu', 'guest.99-1.cpu');
      expect(sample(guests)).to.include.keys('owner.cpu', 'batch.cpu');
    });

    it('goes on when a guest has ended that is still on the list', () => {
      const stale = [...guests, { key: '60-1', pid: 60 }];
      sample(stale);
      const values = sample(stale);
      expect(values).to.include.keys('owner.cpu', 'guest.70-1.cpu');
      expect(values['guest.60-1.cpu']).to.equal(0);
    });
  });

  describe('without /proc/schedstat', () => {
    const guests: readonly SensedGuest[] = [{ key: '70-1', pid: 70 }];

    beforeEach(() => {
      proc.remove('schedstat');
      proc.runQueue(9, 500);
      proc.process(70, 0, { 70: [0, 0], 71: [0, 0] });
      proc.process(300, 0, { 300: [5 * S, 7 * S], 301: [0, 0] });
      open();
      sample(guests);
      proc.processors(4, 1200);
    });

    it('sums the waiting of the owner’s threads one by one, guests’ left out', () => {
      proc.process(70, 0, { 70: [0, 3 * S], 71: [0, 3 * S] });
      proc.process(300, 0, { 300: [5 * S, 7.3 * S], 301: [0, 0.1 * S] });
      const values = sample(guests);
      expect(values['owner.cpu']).to.be.closeTo(50, 1e-6);
      expect(values['owner.demand']).to.be.closeTo(60, 1e-6);
    });

    it('counts new threads from their birth, by the ids given out since', () => {
      proc.process(502, 0, { 502: [0.1 * S, 0.2 * S], 503: [0, 0.2 * S] });
      proc.runQueue(9, 503);
      expect(sample(guests)['owner.demand']).to.be.closeTo(60, 1e-6);
    });

    it('looks at threads that hardly wait now and then, and loses none of their waiting', () => {
      sensor.close();
      proc.process(2, 0, { 2: [0, 0] }, 0x20_8040);
      proc.runQueue(2, 500);
      open();
      sample(guests);
      // A kernel thread, and while processors are free a thread that slept.
      proc.process(2, 0, { 2: [0, 0.2 * S] }, 0x20_8040);
      proc.process(300, 0, { 300: [5 * S, 7.2 * S], 301: [0, 0] });
      let [waited, used] = [0, 0];
      for (let t = 1; t <= 8; t++) {
        proc.processors(4, 1200 + 200 * t);
        const values = sample(guests);
        waited += values['owner.demand']! - values['owner.cpu']!;
        used += values['owner.cpu']!;
      }
      expect(used).to.be.closeTo(8 * 50, 1e-6);
      expect(waited).to.be.closeTo(10, 1e-6);
    });

    for (const [why, lastId] of [
      ['very many were started', 90_000],
      ['ids began anew', 400],
    ] as const) {
      it(`finds new threads by a full listing when ${why}`, () => {
        const id = lastId - 10;
        proc.process(id, 0, { [id]: [0, 0.4 * S] });
        proc.runQueue(9, lastId);
        sample(guests);
        proc.process(id, 0, { [id]: [0, 0.8 * S] });
        proc.processors(4, 1600);
        expect(sample(guests)['owner.demand']).to.be.closeTo(10, 1e-6);
      });
    }
  });

  it('leaves a gap when processors come or go', () => {
    open();
    sample();
    proc.processors(2, 1100);
    expect(sample()).not.to.have.any.keys('host.cpu', 'owner.cpu', 'owner.demand');
    expect(sample()).to.include.keys('host.cpu', 'owner.cpu', 'owner.demand');
  });

  it('reports nothing that the kernel does not tell, and does not fail', () => {
    proc.dispose();
    open();
    expect(sample()).to.deep.equal({});
    expect(sample()).to.deep.equal({});
  });

  it('reports nothing from files that hold something else', () => {
    for (const path of [
      'stat',
      'loadavg',
      'meminfo',
      'schedstat',
      'pressure/cpu',
      'pressure/memory',
      'pressure/io',
    ]) {
      proc.write(path, 'out of order\n');
    }
    open();
    sample();
    expect(sample()).to.deep.equal({});
  });
});
