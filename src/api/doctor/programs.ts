import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { systemProgram } from '../../enforce/linux/knobs/traffic-control.js';
import type { Check } from '../doctor-schema.js';
import { missing, present } from './check.js';

const EMULATORS = ['qemu-system-x86_64', 'qemu-system-aarch64', 'qemu-kvm', 'kvm'];

export const programs = (): readonly Check[] => [
  program(['perl'], 'the guardian, which gives everything back when the daemon is killed', 'perl-base'),
  program(EMULATORS, 'running guests', 'qemu-system-x86'),
  nativeAddon(),
  ...managers(),
];

function program(names: readonly string[], detail: string, debianPackage: string): Check {
  const [first = ''] = names;
  const found = names.find((name) => systemProgram(name) !== null);
  return found === undefined
    ? missing('program', first, detail, `apt-get install ${debianPackage}`)
    : present('program', found, detail);
}

function nativeAddon(): Check {
  try {
    createRequire(import.meta.url)('koffi');
    return present('program', 'system calls', 'koffi loads');
  } catch (error) {
    return missing('program', 'system calls', `koffi does not load: ${(error as Error).message}`, 'npm ci');
  }
}

/** What manages guests of its own has to be asked by its own tools. */
function managers(): readonly Check[] {
  const libvirt = existsSync('/run/libvirt') || systemProgram('libvirtd') !== null;
  const systemd = existsSync('/run/systemd/system');
  return [
    ...(systemd ? [program(['systemctl'], 'guests in units of systemd’s', 'systemd')] : []),
    ...(libvirt ? [program(['virsh'], 'guests of libvirt’s', 'libvirt-clients')] : []),
  ];
}
