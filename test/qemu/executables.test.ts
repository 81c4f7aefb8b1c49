import { expect } from 'chai';
import { isQemuExecutable } from '../../src/qemu/executables.js';

describe('isQemuExecutable', () => {
  it("knows the places of the distributions' packages", () => {
    for (const path of [
      '/usr/bin/qemu-system-x86_64',
      '/usr/libexec/qemu-kvm',
      '/usr/bin/kvm',
      '/usr/local/bin/qemu-system-arm',
    ]) {
      expect(isQemuExecutable(path), path).to.equal(true);
    }
  });

  it('still knows a program that an upgrade has replaced', () => {
    expect(isQemuExecutable('/usr/bin/qemu-system-x86_64 (deleted)')).to.equal(true);
  });

  it('does not take a program of that name in just any place for one', () => {
    for (const path of [
      '/home/eve/usr/bin/qemu-system-x86_64',
      '/tmp/qemu-system-x86_64',
      '/usr/bin/qemu-img',
      '/usr/bin/node',
    ]) {
      expect(isQemuExecutable(path), path).to.equal(false);
    }
  });

  it('takes a list of the owner in place of its own', () => {
    expect(isQemuExecutable('/srv/qemu/bin/qemu', ['/srv/qemu/bin/*'])).to.equal(true);
    expect(isQemuExecutable('/usr/bin/qemu-system-x86_64', ['/srv/qemu/bin/*'])).to.equal(false);
  });
});
