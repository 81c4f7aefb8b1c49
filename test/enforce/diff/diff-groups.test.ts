import { expect } from 'chai';
import { diffGroups } from '../../../src/enforce/diff/diff-groups.js';

const MS = 1_000_000n;
const quota = (percent: bigint) => ({ quotaNs: percent * MS, periodNs: 100n * MS });
const group = (path: readonly string[], percent: bigint | null) => ({
  path,
  weight: 1024,
  quota: percent === null ? null : quota(percent),
});

describe('diffGroups', () => {
  it('brings a group that leaves down with the group above it, which v1 would else refuse to lower', () => {
    const observed = [group([], null), group(['both'], 20n), group(['both', 'b'], 30n), group(['d'], 5n)];
    const { tighten, remove } = diffGroups(observed, [group([], 10n)]);
    expect(tighten).to.deep.equal([
      { kind: 'set-quota', path: ['both', 'b'], quota: quota(10n) },
      { kind: 'set-quota', path: ['both'], quota: quota(10n) },
      { kind: 'set-quota', path: [], quota: quota(10n) },
    ]);
    expect(remove.length).to.equal(3);
  });
});
