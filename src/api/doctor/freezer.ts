import type { HostFacts } from '../../compiler/facts.js';
import type { CgroupMounts } from '../../enforce/linux/mounts.js';
import type { Check } from '../doctor-schema.js';
import { missing, type Patient, present } from './check.js';
import { MOUNT_CGROUPS, withoutController, withoutWriteAccess } from './controllers.js';

/** Part of every group of cgroup v2; a hierarchy of its own in v1. Neither is used without groups for the guests. */
export function freezer(
  { cgroup }: Pick<HostFacts, 'cgroup'>,
  mounts: CgroupMounts,
  patient: Patient,
): Check {
  const name = 'freezer';
  const purpose = 'duty cycles of guests in a terminal';
  if (cgroup.freezer) return present('mechanism', name, purpose);
  const lost = `${purpose}, which run without any (stopped by a signal, their shells would keep them so)`;
  if (mounts.version === 0) {
    return missing('mechanism', name, `${lost}: no cgroups are mounted`, MOUNT_CGROUPS);
  }
  if (cgroup.version === 0 || mounts.version === 2) {
    return withoutWriteAccess(name, lost, mounts.cpu, patient);
  }
  return withoutController(name, lost, mounts.freezer, patient);
}
