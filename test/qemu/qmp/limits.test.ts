import { expect } from 'chai';
import { Backoff } from '../../../src/qemu/qmp/backoff.js';
import { QmpError } from '../../../src/qemu/qmp/qmp-error.js';
import { RateGuard } from '../../../src/qemu/qmp/rate-guard.js';

describe('Backoff', () => {
  it('doubles from the first to the longest delay, and starts anew after a success', () => {
    const backoff = new Backoff(250, 1500);
    expect([1, 2, 3, 4, 5].map(() => backoff.failed())).to.deep.equal([250, 500, 1000, 1500, 1500]);
    backoff.succeeded();
    expect(backoff.failed()).to.equal(250);
  });

  it('stays at the longest delay however often it fails', () => {
    const backoff = new Backoff(1, 300_000);
    for (let count = 0; count < 5000; count++) backoff.failed();
    expect(backoff.failed()).to.equal(300_000);
  });
});

describe('RateGuard', () => {
  it('lets so many bytes pass within each second and no more', () => {
    let nowNs = 0n;
    const guard = new RateGuard(100, { monotonicNs: () => nowNs, wallMs: () => 0 });
    guard.count(100);
    expect(() => guard.count(1)).to.throw(QmpError);
    nowNs = 1_000_000_000n;
    guard.count(100);
    expect(() => guard.count(1)).to.throw(QmpError);
  });
});
