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

/** Programs that are remembered; a host runs some hundreds. */
const MOST_PROGRAMS = 1000;

/** The same as {@link isQemuExecutable} for one list, which remembers its answers: a scan asks for every process of the host. */
export function executableTest(
  executables: readonly string[] = QEMU_EXECUTABLES,
): (target: string) => boolean {
  const answers = new Map<string, boolean>();
  return (target) => {
    const known = answers.get(target);
    if (known !== undefined) return known;
    if (answers.size >= MOST_PROGRAMS) answers.clear();
    const answer = isQemuExecutable(target, executables);
    answers.set(target, answer);
    return answer;
  };
}

/** Whether a target of /proc/PID/exe is one of the `executables`. */
export function isQemuExecutable(target: string, executables: readonly string[] = QEMU_EXECUTABLES): boolean {
  const path = target.endsWith(DELETED) ? target.slice(0, -DELETED.length) : target;
  return executables.some((pattern) => matchesGlob(pattern, path));
}
