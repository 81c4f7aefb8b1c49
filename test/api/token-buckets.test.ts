import { expect } from 'chai';
import { TokenBuckets } from '../../src/api/token-buckets.js';

describe('the rate of a client', () => {
  let now = 0;
  const buckets = () => new TokenBuckets({ burst: 4, perSecond: 2 }, () => now);

  it('is its burst at once, and then what comes back with time', () => {
    const rate = buckets();
    const taken = [1, 2, 3, 4].map(() => rate.take('a'));
    expect(taken).to.deep.equal([0, 0, 0, 0]);
    expect(rate.take('a')).to.equal(0.5);
    now += 500;
    expect([rate.take('a'), rate.take('a')]).to.deep.equal([0, 0.5]);
    now += 60_000;
    expect([1, 2, 3, 4, 5].map(() => rate.take('a'))).to.deep.equal([0, 0, 0, 0, 0.5]);
  });

  it('is its own: what others ask for costs it nothing', () => {
    const rate = buckets();
    for (let i = 0; i < 10; i++) rate.take('a');
    expect(rate.take('b')).to.equal(0);
  });

  it('is used up sooner by what costs more, which a whole burst always pays for', () => {
    const rate = buckets();
    expect([rate.take('a', 3), rate.take('a', 3)]).to.deep.equal([0, 1]);
    expect(rate.take('b', 100)).to.equal(0);
  });

  it('is remembered of the clients that asked last, however many there are', () => {
    const rate = buckets();
    for (let i = 0; i < 5; i++) rate.take('noisy');
    for (let i = 0; i < 10_000; i++) {
      rate.take(`client ${i}`);
      if (i % 100 === 0) expect(rate.take('noisy')).to.be.above(0);
    }
  });
});
