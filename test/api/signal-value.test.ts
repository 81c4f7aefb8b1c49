import { expect } from 'chai';
import { exampleOf, signalNamed, signalValue } from '../../src/api/signal-value.js';
import { plan } from './fake-services.js';

const TYPES = ['number', 'percent', 'time', 'size', 'rate', 'temperature'] as const;

describe('a pushed value', () => {
  it('is written with a unit of its type, and read in the unit of thresholds', () => {
    expect(signalValue('31.5', 'number')).to.equal(31.5);
    expect(signalValue('-4', 'number')).to.equal(-4);
    expect(signalValue('70%', 'percent')).to.equal(70);
    expect(signalValue('1.5min', 'time')).to.equal(90);
    expect(signalValue('2 GiB', 'size')).to.equal(2 * 1024 ** 3);
    expect(signalValue('8Mbit/s', 'rate')).to.equal(1e6);
    expect(signalValue('65C', 'temperature')).to.equal(65);
  });

  it('may be a number in that very unit', () => {
    for (const type of TYPES) expect(signalValue(12, type)).to.equal(12);
  });

  it('is none with the unit of another type, without the one it needs, or beyond all measure', () => {
    for (const [text, type] of [
      ['70%', 'number'],
      ['70', 'percent'],
      ['2', 'size'],
      ['2 GiB', 'rate'],
      ['hot', 'temperature'],
      ['1e3', 'number'],
      ['9'.repeat(200), 'number'],
    ] as const) {
      expect(signalValue(text, type), `${text} as ${type}`).to.equal(null);
    }
    expect(signalValue(Number.POSITIVE_INFINITY, 'number')).to.equal(null);
  });

  it('is of the signal that goes by the name, with or without its quotes', () => {
    const two: typeof plan = {
      ...plan,
      signals: [
        { name: 'price', type: 'number' },
        { name: '"my price"', type: 'number' },
      ],
    };
    for (const name of ['my price', '"my price"'])
      expect(signalNamed(two, name)?.name).to.equal('"my price"');
    expect(signalNamed(two, 'price')?.name).to.equal('price');
    expect(signalNamed(two, 'prize')).to.equal(undefined);
  });

  it('is of its type as the example shows it', () => {
    for (const type of TYPES) expect(signalValue(exampleOf(type), type)).to.be.a('number');
  });
});
