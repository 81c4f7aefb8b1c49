import { expect } from 'chai';
import { LOADS, PLACES, probeParts, SIZES } from '../../bench/probe-plan.js';
import { binomialTest, type ProbeResult, probeRows } from '../../bench/probe-scores.js';

describe('the probes of running times', () => {
  it('are at least 500, of every size under every load', () => {
    const parts = probeParts(null, null);
    expect(parts.flatMap(({ probes }) => probes)).to.have.length.at.least(500);
    for (const { probes } of parts) {
      expect([...new Set(probes.map(({ sizeSeconds }) => sizeSeconds))].sort((a, b) => a - b)).to.deep.equal([
        ...SIZES,
      ]);
      expect(new Set(probes.map(({ place }) => place))).to.deep.equal(new Set(PLACES));
    }
    expect(parts.map(({ load }) => load)).to.deep.equal([...LOADS]);
  });

  it('can be a part, and fewer', () => {
    const [part, ...others] = probeParts('heavy-duty', 11);
    expect(others).to.deep.equal([]);
    expect(part?.load).to.equal('heavy');
    expect(part?.probes).to.have.length.within(9, 13);
    expect(part?.probes.every(({ place }) => place === 'duty')).to.equal(true);
    expect(() => probeParts('heavy-nowhere', null)).to.throw(RangeError, /--part heavy-nowhere/);
  });

  it('are judged by the exact binomial test, as sums of exact fractions have it', () => {
    // Computed with Python's integers: the sum of all outcomes that are no more probable.
    expect(binomialTest(33, 33, 0.95)).to.be.closeTo(0.4112190406590295, 1e-9);
    expect(binomialTest(27, 33, 0.95)).to.be.closeTo(0.005387453293346301, 1e-9);
    expect(binomialTest(95, 100, 0.95)).to.equal(1);
    expect(binomialTest(0, 1, 0.5)).to.equal(1);
  });

  it('are reported with what is kept and what is not', () => {
    const probe = (tookNs: number): ProbeResult => ({
      load: 'heavy',
      place: 'outside',
      sizeSeconds: 1,
      workNs: 1e9,
      expectedNs: 2e9,
      lowerNs: 1.5e9,
      upperNs: 3e9,
      tookNs,
      lastNs: 4e9,
      aloneNs: 1e9,
      outcomes: 0,
    });
    const rows = probeRows([...Array.from({ length: 19 }, () => probe(2.5e9)), probe(5e9)]);
    const row = (what: RegExp) => rows.find((one) => what.test(one.what));
    expect(row(/inside the 95% interval/)?.figure).to.equal(95);
    expect(row(/off 95% by/)).to.include({ figure: 0, ok: true });
    expect(row(/^1 s, load heavy: 19 of 20/)).to.include({ ok: true });
    expect(row(/load heavy: mean absolute error against LAST/)?.figure).to.be.closeTo(12.5 / 29.5, 1e-9);
    expect(row(/load heavy: mean absolute error against no contention/)).to.deep.include({
      limit: 0.8,
      ok: true,
    });
    const bad = probeRows(Array.from({ length: 20 }, () => probe(5e9)));
    expect(bad.filter(({ ok }) => !ok).map(({ what }) => what)).to.have.length.at.least(2);
  });
});
