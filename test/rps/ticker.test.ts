import { expect } from 'chai';
import { Ticker } from '../../src/rps/ticker.js';
import { ManualClock } from './support/manual-clock.js';

describe('Ticker', () => {
  let clock: ManualClock;
  let ticks: number[];
  let late: number;
  let ticker: Ticker;

  beforeEach(() => {
    clock = new ManualClock();
    ticks = [];
    late = 0;
    const startNs = clock.monotonicNs();
    ticker = new Ticker(
      1e9,
      () => {
        ticks.push(Number(clock.monotonicNs() - startNs) / 1e9);
        clock.leap(late);
      },
      clock,
      clock.schedule,
    );
  });

  it('ticks at once and then on the grid', () => {
    ticker.start();
    clock.advance(3e9);
    expect(ticks).to.deep.equal([0, 1, 2, 3]);
  });

  it('does not drift however long a tick takes', () => {
    late = 0.3e9;
    ticker.start();
    clock.advance(1000e9);
    expect(ticks.at(-1)).to.equal(1000);
    expect(ticks.length).to.equal(1001);
  });

  it('leaves out what it missed and comes back to the grid', () => {
    ticker.start();
    clock.advance(1e9);
    clock.leap(2.4e9);
    clock.advance(1.2e9);
    expect(ticks).to.deep.equal([0, 1, 3.4, 4]);
  });

  it('waits on when a timer fires early', () => {
    const early = new Ticker(
      1e9,
      () => ticks.push(Number(clock.monotonicNs())),
      clock,
      (ms, run) => clock.schedule(ms > 0.5 ? ms - 0.4 : ms, run),
    );
    early.start();
    clock.advance(2e9);
    expect(ticks).to.deep.equal([5e9, 6e9, 7e9]);
  });

  it('stops, twice safely, also from within a tick, and starts again', () => {
    ticker.start();
    ticker.start();
    expect(clock.pending).to.equal(1);
    ticker.stop();
    ticker.stop();
    expect(clock.pending).to.equal(0);
    ticker.start();
    clock.advance(1e9);
    expect(ticks).to.deep.equal([0, 0, 1]);

    const once: Ticker = new Ticker(1e9, () => once.stop(), clock, clock.schedule);
    ticker.stop();
    once.start();
    expect(clock.pending).to.equal(0);
  });
});
