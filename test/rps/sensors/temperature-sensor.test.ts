import { expect } from 'chai';
import { TemperatureSensor } from '../../../src/rps/sensors/temperature-sensor.js';
import { FakeProc } from '../support/fake-proc.js';
import { sampler } from '../support/sampler.js';

describe('TemperatureSensor', () => {
  let sys: FakeProc;
  beforeEach(() => {
    sys = new FakeProc();
  });
  afterEach(() => sys.dispose());

  const zone = (number: number, type: string, value: string) => {
    sys.write(`class/thermal/thermal_zone${number}/type`, `${type}\n`);
    sys.write(`class/thermal/thermal_zone${number}/temp`, value);
  };
  const sample = sampler((_, report) => new TemperatureSensor(sys.root).sample(report));

  it('is that of the hottest core, not that of a disk', () => {
    sys.write('class/hwmon/hwmon0/name', 'nvme\n');
    sys.write('class/hwmon/hwmon0/temp1_input', '80000\n');
    sys.write('class/hwmon/hwmon1/name', 'coretemp\n');
    sys.write('class/hwmon/hwmon1/temp1_input', '51000\n');
    sys.write('class/hwmon/hwmon1/temp2_input', '64500\n');
    sys.write('class/hwmon/hwmon1/temp2_crit', '100000\n');
    zone(0, 'x86_pkg_temp', '70000\n');
    expect(sample()).to.deep.equal({ 'host.temperature': 64.5 });
  });

  it('is that of the thermal zone nearest to the processor where there is no such driver', () => {
    zone(0, 'acpitz', '40000\n');
    zone(1, 'cpu0-thermal', '-5000\n');
    zone(2, 'gpu-thermal', '90000\n');
    expect(sample()).to.deep.equal({ 'host.temperature': -5 });
  });

  it('is a gap while it cannot be read, or nothing measures it', () => {
    expect(sample()).to.deep.equal({});
    zone(0, 'x86_pkg_temp', '');
    expect(sample()).to.deep.equal({});
    zone(0, 'gpu-thermal', '90000\n');
    expect(sample()).to.deep.equal({});
  });
});
