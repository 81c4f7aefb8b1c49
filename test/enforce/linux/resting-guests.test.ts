import { expect } from 'chai';
import type { ObservedGuest } from '../../../src/enforce/host.js';
import { GroupLooks } from '../../../src/enforce/linux/group-looks.js';
import { RestingGuests } from '../../../src/enforce/linux/resting-guests.js';
import type { Guest } from '../../../src/qemu/guest.js';

const S = 1_000_000_000n;

describe('guests that rest', () => {
  let cpuNs: bigint;
  let looks: number;
  let resting: RestingGuests;

  const guest = { key: '4711-1', pid: 4711 } as Guest;
  const observed = (more: Partial<ObservedGuest> = {}) =>
    ({ guest, heldByUs: false, servers: new Map(), ...more }) as ObservedGuest;
  const look = (atNs: bigint, more?: Partial<ObservedGuest>, of = guest) =>
    resting.look(of, atNs, () => {
      looks += 1;
      return observed(more);
    });

  beforeEach(() => {
    [cpuNs, looks] = [5n, 0];
    resting = new RestingGuests(() => cpuNs);
  });

  it('are the same object as long as they have not run, and are then looked at at once', () => {
    const first = look(0n);
    expect(resting.wasResting(first)).to.equal(false);
    expect(look(S / 2n)).to.equal(first);
    expect(resting.wasResting(first)).to.equal(true);
    cpuNs += 1n;
    expect(look(S)).to.not.equal(first);
    expect(looks).to.equal(2);
  });

  it('are looked at every ten seconds all the same, and anew after anything was done or the scan saw another', () => {
    for (let at = 0n; at < 100n; at++) look(at * S);
    expect(looks).to.be.within(10, 12);
    resting.wakeAll();
    look(100n * S);
    const before = looks;
    look(100n * S, {}, { ...guest });
    expect(looks).to.equal(before + 1);
  });

  it('take turns: of many, about a tenth is looked at in a second', () => {
    const many = Array.from({ length: 100 }, (_, at) => ({ key: `${at}`, pid: 7000 + at }) as Guest);
    for (const one of many) look(0n, {}, one);
    for (let at = 1n; at <= 30n; at++) {
      const before = looks;
      for (const one of many) look(at * S, {}, one);
      if (at > 10n) expect(looks - before).to.be.within(5, 15);
    }
  });

  it('are never those that are held, reserved, asked to end, or measured by a knob', () => {
    const restless: readonly Partial<ObservedGuest>[] = [
      { heldByUs: true },
      { servers: new Map([[1, { budgetNs: 1n, periodNs: 2n, core: 0 }]]) },
      { powerDownNs: 1n },
      { settings: [{ knob: 'placement', cores: [0] }] },
      { lacks: ['memory'] },
    ];
    for (const more of restless) {
      looks = 0;
      for (let at = 0n; at < 5n; at++) look(at, more);
      expect(looks, Object.keys(more).join()).to.equal(5);
    }
  });
});

describe('groups that rest', () => {
  it('are looked at when they are new and when they do not rest, and are gone when they are', () => {
    const looks = new GroupLooks();
    const read: string[] = [];
    const observe = (directories: readonly string[]) => {
      read.push(directories.join('/'));
      return { path: directories, weight: 100, quota: null };
    };
    const paths = (all: readonly string[][], rests: boolean) =>
      looks.look(all, () => rests, observe).map(({ path }) => path.join('/'));
    expect(paths([['a'], ['a', 'b']], true)).to.deep.equal(['a', 'a/b']);
    expect(paths([['a'], ['a', 'b'], ['c']], true)).to.deep.equal(['a', 'a/b', 'c']);
    expect(read).to.deep.equal(['a', 'a/b', 'c']);
    expect(paths([['a']], false)).to.deep.equal(['a']);
    expect(paths([['a'], ['c']], true)).to.deep.equal(['a', 'c']);
    expect(read).to.deep.equal(['a', 'a/b', 'c', 'a', 'c']);
  });
});
