import { expect } from 'chai';
import { interfacesIn, NetworkSensor } from '../../../src/rps/sensors/network-sensor.js';
import { FakeProc } from '../support/fake-proc.js';
import { sampler } from '../support/sampler.js';

describe('NetworkSensor', () => {
  let sys: FakeProc;
  let sensor: NetworkSensor;
  beforeEach(() => {
    sys = new FakeProc();
    sensor = new NetworkSensor(sys.root);
  });
  afterEach(() => {
    sensor.close();
    sys.dispose();
  });

  const bytes = (name: string, received: number, sent: number) => {
    sys.write(`class/net/${name}/statistics/rx_bytes`, `${received}\n`);
    sys.write(`class/net/${name}/statistics/tx_bytes`, `${sent}\n`);
  };
  const real = (name: string) => sys.write(`class/net/${name}/device/vendor`, '0x1af4\n');
  const linked = (name: string, own: number, other: number) => {
    sys.write(`class/net/${name}/ifindex`, `${own}\n`);
    sys.write(`class/net/${name}/iflink`, `${other}\n`);
  };
  const sample = sampler((atNs, report) => sensor.sample(atNs, report));
  const IN = 'host.network.in';
  const OUT = 'host.network.out';

  it('sums interfaces with hardware behind them, and counts no byte twice', () => {
    for (const name of ['eth0', 'wlan0', 'lo', 'br0', 'tap0', 'bond0']) bytes(name, 1000, 2000);
    for (const name of ['eth0', 'wlan0']) real(name);
    sensor.refresh();
    expect(sample()).to.deep.equal({});
    bytes('eth0', 1500, 2000);
    bytes('wlan0', 1250, 2010);
    for (const name of ['lo', 'br0', 'tap0', 'bond0']) bytes(name, 99_999, 99_999);
    const values = sample(0.5);
    expect(values[IN]).to.be.closeTo(1500, 1e-6);
    expect(values[OUT]).to.be.closeTo(20, 1e-6);
  });

  it('takes in a container the ends of pairs whose others are elsewhere', () => {
    for (const name of ['eth0', 'lo', 'tun0', 'dummy0']) bytes(name, 0, 0);
    linked('eth0', 2, 7);
    linked('lo', 1, 1);
    linked('tun0', 3, 0);
    sys.write('class/net/tun0/tun_flags', '0x1\n');
    linked('dummy0', 4, 4);
    expect(interfacesIn(`${sys.root}/class/net`)).to.deep.equal(['eth0']);
  });

  it('leaves a gap when an interface begins to count anew, wraps, or comes', () => {
    bytes('eth0', 2 ** 32 - 5, 100);
    real('eth0');
    sensor.refresh();
    sample();
    bytes('eth0', 95, 200);
    expect(sample(), 'wrapped').to.deep.equal({});
    bytes('eth0', 195, 300);
    expect(sample()[IN]).to.be.closeTo(100, 1e-6);
    bytes('eth1', 50_000, 60_000);
    real('eth1');
    sensor.refresh();
    expect(sample(), 'nobody knows what eth1 carried').to.deep.equal({});
    bytes('eth1', 50_001, 60_002);
    expect(sample()).to.deep.equal({ [IN]: 1, [OUT]: 2 });
  });

  it('says nothing once the last interface has gone, and goes on when one is there again', () => {
    bytes('eth0', 5000, 6000);
    real('eth0');
    sensor.refresh();
    sample();
    sys.remove('class/net/eth0');
    sensor.refresh();
    expect(sample()).to.deep.equal({});
    bytes('eth0', 7, 8);
    real('eth0');
    sensor.refresh();
    expect(sample(), 'a new one of that name is compared with nothing').to.deep.equal({});
    bytes('eth0', 17, 28);
    expect(sample()).to.deep.equal({ [IN]: 10, [OUT]: 20 });
  });
});
