import { CgroupV1 } from './cgroup-v1.js';
import { CgroupV2 } from './cgroup-v2.js';
import type { Cgroups } from './cgroups.js';
import { isManagedBySystemd, scopeIn } from './delegated-scope.js';
import { FreezerV1 } from './freezer-v1.js';
import { FreezerV2 } from './freezer-v2.js';
import type { Freezers } from './freezers.js';
import { linuxHostFacts } from './host-facts.js';
import type { Journal } from './journal.js';
import { findCgroupMounts } from './mounts.js';

/** The groups of this host for the slice of that name; null: none that may be written. */
export function usableCgroups(sliceName: string, journal: Journal): Cgroups | null {
  if (linuxHostFacts().cgroup.version === 0) return null;
  const mounts = findCgroupMounts();
  if (mounts.version === 2)
    return new CgroupV2(mounts.cpu, placeFor(sliceName), journal, isManagedBySystemd());
  return mounts.version === 1 ? new CgroupV1(mounts, sliceName, journal) : null;
}

/** The freezer of this host; null: none that may be written. */
export function usableFreezers(
  sliceName: string,
  cgroups: Cgroups | null,
  journal: Journal,
): Freezers | null {
  const mounts = findCgroupMounts();
  if (!cgroups || !linuxHostFacts().cgroup.freezer) return null;
  if (mounts.version === 2) return new FreezerV2(mounts.cpu, placeFor(sliceName), cgroups, journal);
  return mounts.version === 1 && mounts.freezer ? new FreezerV1(mounts.freezer, sliceName, journal) : null;
}

/** Of v2: below the root, or in the scope that systemd delegates. */
const placeFor = (sliceName: string): string => (isManagedBySystemd() ? scopeIn(sliceName) : sliceName);
