import { expect } from 'chai';
import { ALL_OFF, expiryOf, isOn, setSwitch } from '../../../src/enforce/conditions/switches.js';

describe('Switches', () => {
  it('are off until set, and stay as set', () => {
    expect(isOn(ALL_OFF, 'gaming', 0n)).to.equal(false);
    const on = setSwitch(ALL_OFF, 'gaming', true, 10n, null);
    expect(isOn(on, 'gaming', 10_000n)).to.equal(true);
    expect(expiryOf(on, 'gaming', 10_000n)).to.equal(null);
    expect(isOn(setSwitch(on, 'gaming', false, 20n, null), 'gaming', 20n)).to.equal(false);
  });

  it('that are set for a time are off after it', () => {
    const on = setSwitch(ALL_OFF, 'gaming', true, 10n, 5n);
    expect([isOn(on, 'gaming', 14n), isOn(on, 'gaming', 15n)]).to.deep.equal([true, false]);
    expect(expiryOf(on, 'gaming', 14n)).to.equal(15n);
    expect(expiryOf(on, 'gaming', 15n)).to.equal(null);
  });
});
