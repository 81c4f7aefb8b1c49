import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached, digest, fileContent, fileVersion } from './cache.js';
import { candidateVersion, fromDebian } from './debian-package.js';
import { writeDiskImage } from './disk-image.js';
import { machinePrograms, stagePrograms } from './machine-programs.js';
import { unpackClosure } from './package-closure.js';
import { machinePackages, writePackageDatabase } from './package-database.js';
import { exists, GUEST_FILES, stage, stageBusybox, stageDirectories } from './stage.js';

const SPARE_MIB = 128;
const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'libvirt-daemon',
  'libvirt-daemon-driver-qemu',
  'libvirt-daemon-system',
  'libvirt-clients',
  // What installing a package of ours takes.
  'dash',
  'dpkg',
  'libc-bin',
  'passwd',
];
/** Of what they depend on: what only installing needs, what busybox and this machine bring, networks of libvirt's. */
const LEFT_OUT =
  /^(?:sed|debconf|adduser|usrmerge|gettext-base|sgml-base|xml-core|logrotate|netbase|ucf|sensible-utils|init-system-helpers|perl.*|libperl.*|lib.*-perl|gcc-.*-base|iptables|polkitd|libduktape.*|libvirt-daemon-config-.*)$/;
/** Of libvirt's drivers only QEMU's: the others would each have to start. */
const LIBVIRT_DRIVERS = 'usr/lib/x86_64-linux-gnu/libvirt/connection-driver';
const QEMU_DRIVER = 'libvirt_driver_qemu.so';
/** Each is a process at every start of systemd, to find what this machine has not. */
const GENERATORS = 'usr/lib/systemd/system-generators';
/** What starts by itself and nobody here needs; what units print goes to the console instead of a journal. */
const MASKED = [
  'dev-hugepages.mount',
  'dev-mqueue.mount',
  'getty.target',
  'kmod-static-nodes.service',
  'libvirt-guests.service',
  'modprobe@.service',
  'remote-fs.target',
  'sys-fs-fuse-connections.mount',
  'sys-kernel-config.mount',
  'sys-kernel-tracing.mount',
  'systemd-firstboot.service',
  'systemd-journal-flush.service',
  'systemd-journald-audit.socket',
  'systemd-journald-dev-log.socket',
  'systemd-journald.service',
  'systemd-journald.socket',
  'systemd-logind.service',
  'systemd-machine-id-commit.service',
  'systemd-modules-load.service',
  'systemd-random-seed.service',
  'systemd-remount-fs.service',
  'systemd-sysctl.service',
  'systemd-sysusers.service',
  'systemd-tmpfiles-clean.timer',
  'systemd-tmpfiles-setup-dev.service',
  'systemd-update-utmp-runlevel.service',
  'systemd-update-utmp.service',
  'systemd-user-sessions.service',
];
const ETC = {
  fstab: '',
  group:
    'root:x:0:\ntty:x:5:\nkvm:x:108:\nmessagebus:x:109:\nlibvirt:x:110:\nguest:x:1000:\nlibvirt-qemu:x:64055:\n',
  hostname: 'test-host\n',
  hosts: '127.0.0.1 localhost\n',
  // There before the first boot: else systemd enables what packages would have.
  'machine-id': '0123456789abcdef0123456789abcdef\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
  passwd:
    'root:x:0:0:root:/root:/bin/sh\nmessagebus:x:109:109::/nonexistent:/bin/false\nguest:x:1000:1000::/tmp:/bin/sh\n' +
    'libvirt-qemu:x:64055:108::/var/lib/libvirt:/bin/false\n',
  'systemd/system.conf': '[Manager]\nDefaultStandardOutput=tty\n',
  'libvirt/qemu.conf': 'stdio_handler = "file"\nsecurity_driver = "none"\nuser = "root"\ngroup = "root"\n',
};

/**
 * The disk of a test host that Debian's systemd runs, with libvirt, which is not started: as packaged, but never
 * configured by the packages' scripts; otherwise as {@link rootImage}.
 *
 * @throws Error saying what to install, or what could not be downloaded.
 */
export async function systemdImage(busybox: string): Promise<string> {
  const programs = await machinePrograms();
  const ours = [GUEST_FILES, join(GUEST_FILES, 'systemd')].map(filesOf);
  const inputs = [fileURLToPath(import.meta.url), ...(await Promise.all(ours)).flat()];
  const contents = await Promise.all(inputs.map(fileContent));
  const versions = [await fileVersion(busybox), ...contents, ...programs.versions];
  const directory = await fromDebian('systemd', /^systemd-root-/, async (lists) => {
    const packages = await Promise.all(PACKAGES.map((name) => candidateVersion(name, lists)));
    return cached('systemd-root', digest([...packages, ...versions]), async (into) => {
      const tree = join(into, 'tree');
      await stageDirectories(tree);
      const unpacked = await unpackClosure({ names: PACKAGES, leftOut: LEFT_OUT }, lists, tree);
      // The packages' libraries are as new as this machine's or newer, and belong together.
      const missing = await Promise.all(
        programs.libraries.map(async (path) => ((await exists(join(tree, path))) ? [] : [path])),
      );
      await stagePrograms(tree, [...programs.files, ...missing.flat()]);
      await stageBusybox(tree, busybox);
      await configure(tree);
      await writePackageDatabase(tree, new Map([...unpacked, ...(await machinePackages())]));
      await writeDiskImage(tree, join(into, 'root.ext4'), SPARE_MIB);
      await rm(tree, { recursive: true });
    });
  });
  return join(directory, 'root.ext4');
}

async function configure(tree: string): Promise<void> {
  for (const driver of await readdir(join(tree, LIBVIRT_DRIVERS))) {
    if (driver !== QEMU_DRIVER) await rm(join(tree, LIBVIRT_DRIVERS, driver));
  }
  await rm(join(tree, GENERATORS), { recursive: true });
  await mkdir(join(tree, 'etc/libvirt'), { recursive: true });
  for (const [path, content] of Object.entries(ETC)) await writeFile(join(tree, 'etc', path), content);
  await stage(tree, join(GUEST_FILES, 'agent.cjs'), '/usr/lib/test-host/agent.cjs');
  const units = join(tree, 'etc/systemd/system');
  const wanted = join(units, 'multi-user.target.wants');
  await mkdir(wanted, { recursive: true });
  for (const unit of MASKED) await symlink('/dev/null', join(units, unit));
  await symlink('/lib/systemd/system/multi-user.target', join(units, 'default.target'));
  for (const file of await filesOf(join(GUEST_FILES, 'systemd'))) {
    const unit = file.slice(file.lastIndexOf('/') + 1);
    await stage(tree, file, `/etc/systemd/system/${unit}`);
    await symlink(`../${unit}`, join(wanted, unit));
  }
}

const filesOf = async (directory: string): Promise<readonly string[]> =>
  (await readdir(directory, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(directory, name));
