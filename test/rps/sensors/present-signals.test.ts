import { expect } from 'chai';
import { Sensing } from '../../../src/rps/sensing.js';
import { presentSignals } from '../../../src/rps/sensors/present-signals.js';
import { FakeProc } from '../support/fake-proc.js';
import { ManualClock } from '../support/manual-clock.js';

/** A host with one of everything, as files. */
function hostWithAll(): FakeProc {
  const files = new FakeProc();
  files.processors(2, 0);
  files.runQueue(1, 100);
  files.memory(1000);
  files.runDelay(0);
  files.write('self/schedstat', '1 1 1\n');
  for (const resource of ['cpu', 'memory', 'io'] as const) files.pressure(resource, '1.00');
  files.write('class/power_supply/BAT0/type', 'Battery\n');
  files.write('class/power_supply/BAT0/capacity', '50\n');
  files.write('class/hwmon/hwmon0/name', 'k10temp\n');
  files.write('class/hwmon/hwmon0/temp1_input', '50000\n');
  files.write('block/vda/stat', '1 1 1 1 1 1 1 1 1 1 1\n');
  files.write('class/net/eth0/device/vendor', '1\n');
  files.write('class/net/eth0/statistics/rx_bytes', '1\n');
  files.write('class/net/eth0/statistics/tx_bytes', '1\n');
  files.write('pts/0', '');
  return files;
}

describe('present signals', () => {
  let files: FakeProc;
  afterEach(() => files.dispose());

  it('are those that are then sensed, no more and no fewer', () => {
    files = hostWithAll();
    const { root } = files;
    const clock = new ManualClock();
    const sensing = new Sensing({
      clock,
      schedule: clock.schedule,
      procRoot: root,
      sysRoot: root,
      devRoot: root,
    });
    sensing.start();
    clock.advance(62e9);
    sensing.stop();
    const sensed = sensing.signals.signals().map(({ signal }) => signal);
    expect([...presentSignals(root, root, root)].sort()).to.deep.equal(sensed);
    expect(sensed).to.include.members(['host.temperature', 'host.battery', 'host.disk.busy', 'user.idle']);
  });

  it('are fewer on a host that lacks what they come from', () => {
    files = new FakeProc();
    const { root } = files;
    expect(presentSignals(root, root, root)).to.have.members([
      ...['host.cpu', 'host.load', 'host.memory.available', 'guests.cpu', 'owner.cpu', 'host.on-battery'],
    ]);
  });
});
