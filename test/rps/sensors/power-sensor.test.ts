import { expect } from 'chai';
import { PowerSensor } from '../../../src/rps/sensors/power-sensor.js';
import { FakeProc } from '../support/fake-proc.js';
import { sampler } from '../support/sampler.js';

describe('PowerSensor', () => {
  let sys: FakeProc;
  beforeEach(() => {
    sys = new FakeProc();
  });
  afterEach(() => sys.dispose());

  const supply = (name: string, files: Readonly<Record<string, string | number>>) => {
    for (const [file, value] of Object.entries(files))
      sys.write(`class/power_supply/${name}/${file}`, `${value}\n`);
  };
  const sample = sampler((_, report) => new PowerSensor(sys.root).sample(report));

  it('says of a host without a battery that it is not on it', () => {
    expect(sample()).to.deep.equal({ 'host.on-battery': 0 });
    supply('AC', { type: 'Mains', online: 1 });
    expect(sample()).to.deep.equal({ 'host.on-battery': 0 });
  });

  it('does not take the battery of a mouse for the machine’s', () => {
    supply('hidpp_battery_0', { type: 'Battery', scope: 'Device', capacity: 5, status: 'Discharging' });
    expect(sample()).to.deep.equal({ 'host.on-battery': 0 });
  });

  it('believes the plug, and without one what the battery does', () => {
    supply('BAT0', { type: 'Battery', capacity: 83, status: 'Not charging' });
    expect(sample()).to.deep.equal({ 'host.battery': 83, 'host.on-battery': 0 });
    supply('BAT0', { status: 'Discharging' });
    expect(sample()).to.deep.equal({ 'host.battery': 83, 'host.on-battery': 1 });
    supply('AC', { type: 'Mains', online: 1 });
    expect(sample()['host.on-battery']).to.equal(0);
    supply('AC', { online: 0 });
    expect(sample()['host.on-battery']).to.equal(1);
  });

  it('weighs batteries by what they hold, and leaves a gap for what they do not tell', () => {
    supply('BAT0', { type: 'Battery', capacity: 90, energy_full: 3_000_000, status: 'Charging' });
    supply('BAT1', { type: 'Battery', capacity: 10, energy_full: 1_000_000, status: 'Charging' });
    expect(sample()['host.battery']).to.be.closeTo(70, 1e-9);
    supply('BAT0', { capacity: '' });
    supply('BAT1', { capacity: '' });
    expect(sample()).to.deep.equal({ 'host.on-battery': 0 });
  });

  it('has no charge to report once the battery was taken out', () => {
    supply('BAT0', { type: 'Battery', capacity: 83, status: 'Discharging' });
    sample();
    sys.remove('class/power_supply/BAT0');
    expect(sample()).to.deep.equal({ 'host.on-battery': 0 });
  });
});
