import { expect } from 'chai';
import { Sensing } from '../../src/rps/sensing.js';
import type { SensedGuest } from '../../src/rps/sensors/sensed-guest.js';
import { FakeProc } from './support/fake-proc.js';
import { ManualClock } from './support/manual-clock.js';

const S = 1e9;

describe('Sensing', () => {
  let proc: FakeProc;
  let clock: ManualClock;
  let guests: SensedGuest[];
  let sensing: Sensing;

  beforeEach(() => {
    proc = new FakeProc();
    clock = new ManualClock();
    guests = [];
    proc.processors(1, 0);
    proc.runQueue(1, 100);
    proc.memory(1000);
    proc.runDelay(0);
    sensing = new Sensing({
      guests: () => guests,
      classes: () => ['batch', '"my vm"'],
      clock,
      schedule: clock.schedule,
      procRoot: proc.root,
      sysRoot: proc.root,
      devRoot: proc.root,
    });
  });

  afterEach(() => {
    sensing.stop();
    proc.dispose();
  });

  it('samples once a second, drift-free, and tells who listens', () => {
    let calls = 0;
    const unsubscribe = sensing.onSample(() => calls++);
    sensing.start();
    for (let t = 1; t <= 100; t++) {
      proc.processors(1, 60 * t);
      clock.advance(S);
    }
    expect(calls).to.equal(101);
    unsubscribe();
    clock.advance(S);
    expect(calls).to.equal(101);
    expect(sensing.signals.latest('host.cpu')).to.equal(100);
    const { values, stepNs } = sensing.signals.history('host.cpu')!;
    expect(stepNs).to.equal(S);
    expect(values).to.have.length(101);
    for (const value of values.slice(0, 100)) expect(value).to.be.closeTo(40, 1e-9);
  });

  it('forecasts what it sampled', () => {
    sensing.start();
    for (let t = 1; t <= 80; t++) {
      proc.processors(1, 50 * t + (t % 2) * 20);
      clock.advance(S);
    }
    const { steps, status } = sensing.signals.forecast('owner.demand', { horizonNs: 4 * S, level: 0.9 })!;
    expect(status).to.equal('ready');
    // The demand goes 30, 70, 30, 70, …: the next is the other one.
    const last = sensing.signals.latest('owner.demand')!;
    expect(Math.sign(steps[0]!.mean - 50)).to.equal(-Math.sign(last - 50));
    expect(Math.sign(steps[1]!.mean - 50)).to.equal(Math.sign(last - 50));
    expect(sensing.signals.limit('owner.demand', 4 * S, 'upper', 0.95)).to.be.within(40, 100);
  });

  it('leaves a gap for a sample that it could not take', () => {
    sensing.start();
    clock.advance(2 * S);
    clock.leap(2.2 * S);
    clock.advance(1.8 * S);
    const { values } = sensing.signals.history('host.memory.available')!;
    expect(values).to.deep.equal([1024000, 1024000, 1024000, null, 1024000, 1024000, 1024000]);
  });

  it('has the signals of classes that have no guest, and of those that have', () => {
    sensing.start();
    expect(sensing.signals.latest('batch.cpu')).to.equal(0);
    expect(sensing.signals.latest('"my vm".running')).to.equal(0);
    proc.process(70, 100, { 70: [S, 0] });
    guests = [
      { key: '70-1', pid: 70, classes: ['batch'] },
      { key: '71-1', pid: 71 },
    ];
    clock.advance(S);
    proc.process(70, 130, { 70: [1.3 * S, 0] });
    clock.advance(S);
    expect(sensing.signals.latest('batch.cpu')).to.be.closeTo(30, 1e-6);
    expect(sensing.signals.latest('batch.count')).to.equal(1);
    expect(sensing.signals.latest('batch.running')).to.equal(1);
    expect(sensing.signals.latest('guest.70-1.cpu')).to.be.closeTo(30, 1e-6);
  });

  it('forgets the signals of a guest five minutes after it went', () => {
    proc.process(70, 100, { 70: [S, 0] });
    guests = [{ key: '70-1', pid: 70 }];
    sensing.start();
    clock.advance(3 * S);
    guests = [];
    clock.advance(299 * S);
    expect(sensing.signals.history('guest.70-1.cpu')).not.to.equal(null);
    clock.advance(2 * S);
    expect(sensing.signals.history('guest.70-1.cpu')).to.equal(null);
  });

  it('looks at battery and temperature every ten seconds', () => {
    sensing.start();
    expect(sensing.signals.latest('host.on-battery')).to.equal(0);
    expect(sensing.signals.signals().find((info) => info.signal === 'host.on-battery')!.stepNs).to.equal(
      10 * S,
    );
  });

  it('has the memory of classes and of guests every ten seconds, and forgets it with them', () => {
    proc.process(70, 100, { 70: [S, 0] });
    proc.write('70/statm', '9000 1000 10 1 0 5 0\n');
    guests = [{ key: '70-1', pid: 70, classes: ['batch', 'lent'] }];
    sensing.start();
    clock.advance(11 * S);
    const stepOf = (name: string) => sensing.signals.signals().find(({ signal }) => signal === name)?.stepNs;
    for (const signal of ['batch.memory', 'lent.memory', 'guest.70-1.memory']) {
      expect(sensing.signals.latest(signal)).to.be.above(1000 * 4095);
      expect(stepOf(signal)).to.equal(10 * S);
    }
    expect(sensing.signals.latest('"my vm".memory')).to.equal(0);
    expect(sensing.signals.latest('lent.count')).to.equal(1);
    guests = [];
    clock.advance(301 * S);
    expect(stepOf('guest.70-1.memory')).to.equal(undefined);
    expect(sensing.signals.latest('batch.memory')).to.equal(0);
  });

  it('lays samples on monotonic time, whatever the wall clock does', () => {
    sensing.start();
    clock.advance(5 * S);
    const before = sensing.signals.history('host.memory.available')!;
    clock.stepWall(3_600_000);
    clock.advance(5 * S);
    const { values, stepNs, fromMs } = sensing.signals.history('host.memory.available')!;
    expect({ stepNs, gaps: values.filter((value) => value === null) }).to.deep.equal({ stepNs: S, gaps: [] });
    expect(values).to.have.length(before.values.length + 5);
    expect(fromMs, 'what is in memory is dated by the clock of now').to.equal(before.fromMs + 3_600_000);
    clock.stepWall(-7_200_000);
    clock.advance(S);
    expect(sensing.signals.latest('host.memory.available')).to.equal(1_024_000);
  });

  it('leaves a gap for a file that is gone, loses its signal, and finds it again', () => {
    sensing.start();
    clock.advance(2 * S);
    proc.memory(2000);
    proc.write('meminfo', '');
    clock.advance(3 * S);
    expect(sensing.signals.latest('host.memory.available'), 'three steps are not over').to.equal(1_024_000);
    clock.advance(S);
    expect(sensing.signals.latest('host.memory.available')).to.equal(null);
    expect(sensing.signals.latest('host.load'), 'the others go on').to.be.a('number');
    proc.memory(3000);
    clock.advance(S);
    expect(sensing.signals.latest('host.memory.available')).to.equal(3_072_000);
  });

  it('stops, starts again, both twice safely, and opens nothing before it starts', () => {
    sensing.stop();
    sensing.sample();
    expect(sensing.signals.signals()).to.deep.equal([]);
    sensing.start();
    sensing.start();
    clock.advance(2 * S);
    sensing.stop();
    sensing.stop();
    expect(clock.pending).to.equal(0);
    clock.advance(10 * S);
    expect(sensing.signals.latest('host.cpu')).to.equal(null);
    sensing.start();
    clock.advance(S);
    expect(sensing.signals.latest('host.cpu')).to.be.a('number');
  });

  it('refuses rates outside 0.1 to 20 Hz', () => {
    for (const bad of [49e6, 11e9, 0, Number.NaN]) {
      expect(() => new Sensing({ intervalNs: bad })).to.throw(RangeError, '50 ms to 10 s');
    }
    expect(new Sensing({ intervalNs: 50e6 }).intervalNs).to.equal(50e6);
  });
});
