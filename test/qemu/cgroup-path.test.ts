import { expect } from 'chai';
import fc from 'fast-check';
import { parseCgroups } from '../../src/qemu/cgroup-path.js';

describe('parseCgroups', () => {
  it('reads the unified hierarchy', () => {
    expect(
      parseCgroups('0::/machine.slice/machine-qemu\\x2d1\\x2dweb.scope/libvirt/emulator\n'),
    ).to.deep.equal({
      cgroup: '/machine.slice/machine-qemu\\x2d1\\x2dweb.scope/libvirt/emulator',
      unit: 'machine-qemu\\x2d1\\x2dweb.scope',
    });
    expect(parseCgroups('0::/qemu.slice/100.scope\n').unit).to.equal('100.scope');
    expect(parseCgroups('0::/\n')).to.deep.equal({ cgroup: '/', unit: null });
  });

  it('prefers the hierarchy that has the cpu controller, and takes the unit from that of systemd', () => {
    const text = [
      '12:cpuset:/other',
      '4:cpu,cpuacct:/lent/gold',
      '1:name=systemd:/system.slice/build.service',
      '0::/system.slice/build.service',
    ];
    expect(parseCgroups(`${text.join('\n')}\n`)).to.deep.equal({
      cgroup: '/lent/gold',
      unit: 'build.service',
    });
  });

  it('takes cpuacct and cpuset for what they are', () => {
    expect(parseCgroups('2:cpuacct:/a\n3:cpuset:/b\n0::/c\n').cgroup).to.equal('/c');
  });

  it('keeps colons that are part of a path', () => {
    expect(parseCgroups('0::/a:b/c\n').cgroup).to.equal('/a:b/c');
  });

  it('does not believe a user who calls a cgroup in his own session after a unit', () => {
    const place = (path: string) => parseCgroups(`0::${path}\n`).unit;
    expect(place('/user.slice/user-1000.slice/user@1000.service/app.slice/web.service')).to.equal(
      'user@1000.service',
    );
    expect(place('/user.slice/user-1000.slice/session-3.scope')).to.equal('session-3.scope');
    expect(place('/mine/web.service')).to.equal(null);
  });

  it('gives the root for text of any other kind', () => {
    expect(parseCgroups('')).to.deep.equal({ cgroup: '/', unit: null });
    fc.assert(fc.property(fc.string(), (text) => void parseCgroups(text).cgroup.length));
  });
});
