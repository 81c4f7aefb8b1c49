import type { Guest } from '../qemu/guest.js';
import type { ObservedGuest } from './host.js';

/** Who decides over the cgroup of a guest that somebody placed in one. */
export type GroupManager = 'libvirt' | 'systemd';

/** Login sessions, users' own managers, the first process, our own scope: where things are that nobody placed there. */
const NO_PLACE = /^(?:session-[^/]*\.scope|user@[^/]*\.service|init\.scope|vmc-guests\.scope)$/;
/** libvirt's, with systemd (machine-qemu\x2d1\x2dname.scope) and without (/machine/qemu-1-name.libvirt-qemu). */
const LIBVIRT_UNIT = /^machine-qemu.*\.scope$/;
const LIBVIRT_GROUP = /\/qemu-[^/]*\.libvirt-qemu(?:\/|$)/;

/** Who placed the guest in the cgroup that it is in; null: nobody. Pure, of what the kernel vouches for. */
export function managerOf({ unit, cgroup }: Pick<Guest, 'unit' | 'cgroup'>): GroupManager | null {
  if (unit !== null && LIBVIRT_UNIT.test(unit)) return 'libvirt';
  if (LIBVIRT_GROUP.test(cgroup)) return 'libvirt';
  return unit === null || NO_PLACE.test(unit) ? null : 'systemd';
}

/**
 * Whether the guest stays in the cgroup that it was placed in: a domain of libvirt's always, in a unit where it is all that
 * the unit holds. One that shares its unit with other processes is gathered like one that nobody placed, for the unit is not
 * set because of it.
 */
export function staysInPlace({ guest, group, alone }: ObservedGuest): boolean {
  if (group !== null) return false;
  const manager = managerOf(guest);
  return manager === 'libvirt' || (manager === 'systemd' && alone === true);
}
