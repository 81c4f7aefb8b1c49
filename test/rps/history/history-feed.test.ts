import { expect } from 'chai';
import type { HistoryBlock } from '../../../src/rps/history/history-block.js';
import { HistoryFeed } from '../../../src/rps/history/history-feed.js';
import { SignalStore } from '../../../src/rps/signal-store.js';

const S = 1_000_000_000n;

describe('HistoryFeed', () => {
  let nowNs = 0n;
  let wallOffsetMs = 0;
  const clock = {
    monotonicNs: () => nowNs,
    wallMs: () => wallOffsetMs + Number(nowNs) / 1e6,
  };
  beforeEach(() => {
    nowNs = 1000n * S;
    wallOffsetMs = Date.UTC(2026, 10, 23);
  });

  /** Records a sample each second (or step) and ticks; what was given out. */
  function run(
    store: SignalStore,
    feed: HistoryFeed,
    values: readonly (number | null)[],
    stepNs = S,
  ): HistoryBlock[] {
    return values.flatMap((value) => {
      if (value !== null) store.record('s', value);
      const blocks = feed.tick() ?? [];
      nowNs += stepNs;
      return blocks;
    });
  }
  const ramp = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

  it('gives out every sample once, once a minute, dated by the wall clock', () => {
    const store = new SignalStore({ clock });
    const feed = new HistoryFeed(store, clock);
    const startMs = clock.wallMs();
    const blocks = [...run(store, feed, ramp(0, 150)), ...feed.take()];
    expect(blocks.map(({ values }) => values.length)).to.deep.equal([61, 60, 29]);
    expect(blocks.flatMap(({ values }) => [...values])).to.deep.equal(ramp(0, 150));
    expect(blocks.map(({ fromMs }) => fromMs - startMs)).to.deep.equal([0, 61_000, 121_000]);
    expect(feed.take()).to.deep.equal([]);
  });

  it('keeps gaps, and gives out nothing of a time that is nothing but gap', () => {
    const store = new SignalStore({ clock });
    const feed = new HistoryFeed(store, clock);
    const blocks = [...run(store, feed, [1, null, 3, ...new Array<null>(200).fill(null), 4]), ...feed.take()];
    const values = blocks.flatMap((one) => [...one.values].filter((value) => !Number.isNaN(value)));
    expect(values).to.deep.equal([1, 3, 4]);
    expect(blocks[0]?.values.length).to.equal(3);
    expect(blocks.every((one) => one.values.length <= 120)).to.equal(true);
  });

  it('averages what comes more often than once a second, and leaves what comes seldom as it is', () => {
    const store = new SignalStore({ clock, stepNs: 5e7 });
    const feed = new HistoryFeed(store, clock);
    run(store, feed, ramp(0, 50), 50_000_000n);
    const [block] = feed.take();
    expect(block).to.include({ stepMs: 1000 });
    expect([...(block?.values ?? [])]).to.deep.equal([9.5, 29.5]);
    run(store, feed, ramp(50, 10), 50_000_000n);
    expect([...(feed.take()[0]?.values ?? [])]).to.deep.equal([49.5]);

    const seldom = new SignalStore({ clock, stepNs: 10e9 });
    const slow = new HistoryFeed(seldom, clock);
    run(seldom, slow, [1, 2], 10n * S);
    expect(slow.take()[0]).to.deep.include({ stepMs: 10_000, values: Float32Array.of(1, 2) });
  });

  it('dates what came before a step of the clock, or a sleep of the machine, by the clock of its time', () => {
    const store = new SignalStore({ clock });
    const feed = new HistoryFeed(store, clock);
    const startMs = clock.wallMs();
    run(store, feed, ramp(0, 10));
    wallOffsetMs += 3_600_000;
    const blocks = [...run(store, feed, ramp(10, 5)), ...feed.take()];
    expect(blocks.map(({ fromMs }) => fromMs - startMs)).to.deep.equal([0, 3_611_000]);
    expect(blocks.flatMap(({ values }) => [...values])).to.deep.equal(ramp(0, 15));
  });

  it('does not give out again what was restored from where it goes', () => {
    const store = new SignalStore({ clock });
    store.record('s', 1, nowNs - 5n * S);
    store.record('s', 2, nowNs - S);
    const feed = new HistoryFeed(store, clock);
    run(store, feed, [3]);
    expect(feed.take().flatMap(({ values }) => [...values])).to.deep.equal([3]);
  });

  it('follows ten thousand signals that come and go', () => {
    const store = new SignalStore({ clock, keepNs: 5e9 });
    const feed = new HistoryFeed(store, clock);
    for (let i = 0; i < 10_000; i++) store.record(`s${i}`, i);
    expect(feed.take()).to.have.length(10_000);
    for (let i = 0; i < 9990; i++) store.forget(`s${i}`);
    nowNs += S;
    for (let i = 9990; i < 10_000; i++) store.record(`s${i}`, i);
    expect(feed.take()).to.have.length(10);
  });
});
