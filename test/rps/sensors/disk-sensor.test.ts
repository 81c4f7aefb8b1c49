import { expect } from 'chai';
import { DiskSensor, disksIn } from '../../../src/rps/sensors/disk-sensor.js';
import { FakeProc } from '../support/fake-proc.js';
import { sampler } from '../support/sampler.js';

describe('DiskSensor', () => {
  let sys: FakeProc;
  let sensor: DiskSensor;
  beforeEach(() => {
    sys = new FakeProc();
    sensor = new DiskSensor(sys.root);
  });
  afterEach(() => {
    sensor.close();
    sys.dispose();
  });

  /** What /sys/block/NAME/stat says when it has been busy for so long. */
  const stat = (name: string, busyMs: number) =>
    sys.write(
      `block/${name}/stat`,
      `  880440 43292 18730346 936485 192894 396309 24680984 113472 0 ${busyMs} 1074747 1 2 3\n`,
    );
  const real = (name: string) => sys.write(`block/${name}/device/model`, 'disk\n');
  const sample = sampler((atNs, report) => sensor.sample(atNs, report));

  it('reports the busiest disk, and neither loop devices nor what lies on top of disks', () => {
    for (const name of ['sda', 'nvme0n1', 'loop0', 'dm-0']) stat(name, 1000);
    for (const name of ['sda', 'nvme0n1']) real(name);
    sensor.refresh();
    expect(sample()).to.deep.equal({});
    stat('sda', 1100);
    stat('nvme0n1', 1250);
    for (const name of ['loop0', 'dm-0']) stat(name, 2000);
    expect(sample()['host.disk.busy']).to.be.closeTo(25, 1e-9);
  });

  it('takes what there is on a host without hardware, but no memory', () => {
    for (const name of ['md0', 'zram0', 'loop1', 'ram0']) stat(name, 0);
    expect(disksIn(`${sys.root}/block`)).to.deep.equal(['md0']);
  });

  it('says nothing on a host without disks', () => {
    sensor.refresh();
    sample();
    expect(sample()).to.deep.equal({});
  });

  it('leaves a gap where the count wraps, and holds to 100%', () => {
    stat('sda', 2 ** 32 - 10);
    real('sda');
    sensor.refresh();
    sample();
    stat('sda', 500);
    expect(sample()).to.deep.equal({});
    stat('sda', 2500);
    expect(sample()).to.deep.equal({ 'host.disk.busy': 100 });
  });

  it('goes on with the others when a disk is unplugged, and finds what is plugged in', () => {
    for (const name of ['sda', 'sdb']) {
      stat(name, 0);
      real(name);
    }
    sensor.refresh();
    sample();
    sys.remove('block/sdb');
    sensor.refresh();
    stat('sda', 100);
    stat('sdc', 5);
    real('sdc');
    expect(sample()['host.disk.busy']).to.be.closeTo(10, 1e-9);
    sensor.refresh();
    stat('sda', 100);
    sample();
    stat('sdc', 305);
    expect(sample()['host.disk.busy']).to.be.closeTo(30, 1e-9);
  });
});
