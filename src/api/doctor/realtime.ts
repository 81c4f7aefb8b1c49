import type { HostFacts } from '../../compiler/facts.js';
import type { Check } from '../doctor-schema.js';
import { CAP_SYS_NICE, grant } from './capabilities.js';
import { missing, type Patient, present } from './check.js';

/** `hasGroupBandwidth`: each cgroup has its own, and a new one none. What stands in for reservations where the deadline class is missing: windows in which a guest runs before all ordinary work. */
export function realtimePriority(
  facts: Pick<HostFacts, 'realtimePriority'>,
  hasGroupBandwidth: boolean,
  patient: Patient,
): Check {
  const name = 'real-time priority';
  const purpose = 'windows of a timetable in which a guest runs before all ordinary work';
  if ((facts.realtimePriority ?? 0) > 0) {
    return present('mechanism', name, `${purpose}: SCHED_FIFO up to ${facts.realtimePriority}`);
  }
  if (hasGroupBandwidth) {
    const detail = `${purpose}: this kernel gives new cgroups no real-time bandwidth (RT_GROUP_SCHED)`;
    return missing('mechanism', name, detail, null);
  }
  return patient.hasCapability(CAP_SYS_NICE.bit)
    ? missing('mechanism', name, `${purpose}: the kernel refuses SCHED_FIFO`, RT_BANDWIDTH)
    : missing('mechanism', name, `${purpose}: this user may not`, grant(patient, CAP_SYS_NICE.name));
}

/** Of all real-time threads together: 95% of each second, as kernels have it by default. */
export const RT_BANDWIDTH = 'sysctl -w kernel.sched_rt_runtime_us=950000';
