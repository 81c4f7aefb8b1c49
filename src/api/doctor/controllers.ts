import { readValue } from '../../enforce/linux/cgroup-files.js';
import type { Check } from '../doctor-schema.js';
import { missing, type Patient } from './check.js';

export const MOUNT_CGROUPS = 'mount -t cgroup2 none /sys/fs/cgroup';

/** A controller that cannot be used: where it is mounted, it may not be written. */
export function withoutController(
  name: string,
  purpose: string,
  mount: string | null,
  patient: Patient,
): Check {
  if (mount !== null) return withoutWriteAccess(name, purpose, mount, patient);
  const known = new RegExp(`^${name}\\s`, 'm').test(readValue('/proc/cgroups') ?? '');
  const fix = known
    ? `mkdir -p /sys/fs/cgroup/${name} && mount -t cgroup -o ${name} none /sys/fs/cgroup/${name}`
    : null;
  const why = `the controller is ${known ? 'not mounted' : 'not in this kernel'}`;
  return missing('mechanism', name, `${purpose}: ${why}`, fix);
}

/** Where guests come from and go to has to be writable, and what is above both (man 7 cgroups). */
export function withoutWriteAccess(name: string, purpose: string, mount: string, { uid }: Patient): Check {
  const fix =
    uid === 0
      ? `mount -o remount,rw ${mount}`
      : 'sudo systemctl enable --now vmcd (or, in the foreground, sudo vmcd POLICY)';
  return missing('mechanism', name, `${purpose}: ${mount} may not be written`, fix);
}
