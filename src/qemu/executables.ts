import { matchesGlob } from '../support/glob.js';

/**
 * Where QEMU's programs lie, as patterns for the path of /proc/PID/exe. Only places that an administrator
 * writes to: a copy elsewhere is not a guest, and a limit on guests cannot see it.
 */
export const QEMU_EXECUTABLES: readonly string[] = [
  '/usr/bin/qemu-system-*',
  '/usr/local/bin/qemu-system-*',
  '/usr/libexec/qemu-kvm',
  '/usr/libexec/qemu-system-*',
  '/usr/bin/qemu-kvm',
  '/usr/bin/kvm',
  '/usr/lib/qemu-kvm/bin/qemu-system-*',
  '/opt/*/bin/qemu-system-*',
  '/nix/store/*/bin/qemu-system-*',
  '/nix/store/*/bin/.qemu-system-*-wrapped',
  '/gnu/store/*/bin/qemu-system-*',
];

/**
 * What the kernel appends to the path of a program that was replaced while it ran, by an upgrade for
 * instance.
 */
const DELETED = ' (deleted)';

/** Whether a target of /proc/PID/exe is one of the `executables`. */
export function isQemuExecutable(target: string, executables: readonly string[] = QEMU_EXECUTABLES): boolean {
  const path = target.endsWith(DELETED) ? target.slice(0, -DELETED.length) : target;
  return executables.some((pattern) => matchesGlob(pattern, path));
}
