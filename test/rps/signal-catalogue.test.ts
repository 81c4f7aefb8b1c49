import { expect } from 'chai';
import { CLASS_SIGNALS, SIGNALS, type SignalType } from '../../src/lang/signals.js';
import { signalSpec } from '../../src/rps/signal-catalogue.js';

/** In which unit conditions compare a signal of a type. */
const UNITS: Readonly<Record<SignalType, string>> = {
  cpu: '% of cpu',
  number: 'number',
  percent: '%',
  size: 'B',
  time: 's',
  rate: 'B/s',
  temperature: 'C',
  boolean: 'boolean',
};

describe('signal catalogue', () => {
  it('has every signal of the language, in the unit in which conditions compare it', () => {
    for (const [signal, type] of SIGNALS) expect(signalSpec(signal).unit, signal).to.equal(UNITS[type]);
    for (const [end, type] of CLASS_SIGNALS) {
      for (const name of ['batch', '"my.own vm"', 'guest.70-1']) {
        expect(signalSpec(`${name}.${end}`).unit, `${name}.${end}`).to.equal(UNITS[type]);
      }
    }
  });

  it('knows nothing of other signals', () => {
    expect(signalSpec('grid-price')).to.deep.equal({
      unit: 'number',
      range: { minimum: Number.NEGATIVE_INFINITY, maximum: Number.POSITIVE_INFINITY },
    });
  });
});
