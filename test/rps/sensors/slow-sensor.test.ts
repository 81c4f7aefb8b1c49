import { expect } from 'chai';
import { type PlatformLibrary, SlowSensor } from '../../../src/rps/sensors/slow-sensor.js';
import { FakeProc } from '../support/fake-proc.js';

describe('SlowSensor', () => {
  let sys: FakeProc;
  let loads: number;
  let library: PlatformLibrary;

  beforeEach(() => {
    sys = new FakeProc();
    loads = 0;
    library = {
      battery: async () => ({ hasBattery: true, percent: 83, acConnected: false }),
      cpuTemperature: async () => ({ main: 51, max: 64 }),
    };
  });
  afterEach(() => sys.dispose());

  async function sample(): Promise<Record<string, number>> {
    const values: Record<string, number> = {};
    const sensor = new SlowSensor(sys.root, async () => {
      loads++;
      return library;
    });
    await sensor.sample((signal, value) => {
      values[signal] = value;
    });
    return values;
  }

  it('says of a host without a battery that it is not on it, and loads no library', async () => {
    expect(await sample()).to.deep.equal({ 'host.on-battery': 0 });
    expect(loads).to.equal(0);
  });

  it('does not take the battery of a mouse for the machine’s', async () => {
    sys.write('class/power_supply/hidpp_battery_0/type', 'Battery\n');
    sys.write('class/power_supply/hidpp_battery_0/scope', 'Device\n');
    sys.write('class/power_supply/AC/type', 'Mains\n');
    expect(await sample()).to.deep.equal({ 'host.on-battery': 0 });
  });

  it('reports battery and the hottest core where the host has them', async () => {
    sys.write('class/power_supply/BAT0/type', 'Battery\n');
    sys.write('class/thermal/thermal_zone0/temp', '51000\n');
    expect(await sample()).to.deep.equal({
      'host.battery': 83,
      'host.on-battery': 1,
      'host.temperature': 64,
    });
  });

  it('leaves gaps for what the library cannot tell or fails at', async () => {
    sys.write('class/power_supply/BAT0/type', 'Battery\n');
    sys.write('class/hwmon/hwmon0/name', 'k10temp\n');
    library = {
      battery: async () => ({ hasBattery: false, percent: 0, acConnected: true }),
      cpuTemperature: async () => ({ main: null, max: null }),
    };
    expect(await sample()).to.deep.equal({});
    library = { ...library, battery: () => Promise.reject(new Error('no such tool')) };
    expect(await sample()).to.deep.equal({});
  });

  it('works with the real library on this host', async function () {
    this.timeout(30_000);
    const values: Record<string, number> = {};
    await new SlowSensor().sample((signal, value) => {
      values[signal] = value;
    });
    expect(values['host.on-battery']).to.be.oneOf([0, 1]);
    const { battery, cpuTemperature } = await import('systeminformation');
    expect((await battery()).hasBattery).to.be.a('boolean');
    expect(await cpuTemperature()).to.have.property('main');
  });
});
