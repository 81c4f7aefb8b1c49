import { expect } from 'chai';
import { type CounterOptions, counterImage } from '../../guests/counter/counter-image.js';

const VARIANTS: readonly CounterOptions[] = [
  {},
  { timerHz: 500 },
  { timerHz: 50, idle: true },
  { allCpus: true },
  { timerHz: 500, idle: true, turnsPerUnit: 1 },
  { timerHz: 500, idle: true, allCpus: true },
];

describe('counterImage', () => {
  it('is one sector with the signature of a boot sector, in every variant', () => {
    for (const options of VARIANTS) {
      const image = counterImage(options);
      expect(image).to.have.length(512);
      expect([image[510], image[511]]).to.deep.equal([0x55, 0xaa]);
    }
  });

  it('leaves room for a partition table, which some firmware wants to find there', () => {
    for (const options of VARIANTS) {
      expect(
        counterImage(options)
          .slice(446, 510)
          .every((byte) => byte === 0),
      ).to.equal(true);
    }
  });

  it('refuses to idle without a timer that would wake it', () => {
    expect(() => counterImage({ idle: true })).to.throw(RangeError);
  });

  it('refuses frequencies that the timer does not have', () => {
    for (const timerHz of [0, 1, 18, 1e6, Number.NaN]) {
      expect(() => counterImage({ timerHz })).to.throw(RangeError);
    }
  });
});
