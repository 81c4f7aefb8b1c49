import { expect } from 'chai';
import { CounterRate } from '../../../src/rps/sensors/counter-rate.js';

describe('CounterRate', () => {
  const at = (seconds: number) => BigInt(Math.round(seconds * 1e9));

  it('is growth in a second, of the time that really passed', () => {
    const rate = new CounterRate();
    expect(rate.next(1000, at(1))).to.equal(null);
    expect(rate.next(1500, at(1.5))).to.be.closeTo(1000, 1e-6);
    expect(rate.next(1500, at(11.5))).to.equal(0);
  });

  it('says nothing of an interval in which the counter went back, and goes on from there', () => {
    const rate = new CounterRate();
    rate.next(2 ** 32 - 10, at(1));
    expect(rate.next(90, at(2)), 'wrapped at 32 bits').to.equal(null);
    expect(rate.next(190, at(3))).to.be.closeTo(100, 1e-9);
    expect(rate.next(0, at(4)), 'begun anew').to.equal(null);
    expect(rate.next(7, at(5))).to.be.closeTo(7, 1e-9);
  });

  it('gives nothing for a reading that could not be taken, nor for the one after it', () => {
    const rate = new CounterRate();
    rate.next(1, at(1));
    expect(rate.next(Number.NaN, at(2))).to.equal(null);
    expect(rate.next(5, at(3))).to.equal(null);
    expect(rate.next(6, at(4))).to.be.closeTo(1, 1e-9);
  });

  it('never divides by a time that did not pass', () => {
    const rate = new CounterRate();
    rate.next(1, at(1));
    expect(rate.next(5, at(1))).to.equal(null);
  });
});
