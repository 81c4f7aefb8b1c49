import { accessSync, constants, existsSync } from 'node:fs';
import type { HostFacts } from '../../compiler/facts.js';
import { findCalibration } from '../../enforce/calibration/calibration-file.js';
import { readValue } from '../../enforce/linux/cgroup-files.js';
import { systemProgram } from '../../enforce/linux/knobs/traffic-control.js';
import { type CgroupMounts, findCgroupMounts } from '../../enforce/linux/mounts.js';
import { hasGroupBandwidth } from '../../enforce/linux/realtime-priority.js';
import { formatDuration } from '../../support/duration.js';
import type { Check } from '../doctor-schema.js';
import { CAP_NET_ADMIN, CAP_SYS_NICE, grant } from './capabilities.js';
import { missing, type Patient, present } from './check.js';
import { MOUNT_CGROUPS, withoutController, withoutWriteAccess } from './controllers.js';
import { freezer } from './freezer.js';
import { RT_BANDWIDTH, realtimePriority } from './realtime.js';

const RT_RUNTIME = '/proc/sys/kernel/sched_rt_runtime_us';
const FEATURES = '/sys/kernel/debug/sched/features';

export function mechanisms(facts: HostFacts, patient: Patient): readonly Check[] {
  const mounts = findCgroupMounts();
  return [
    reservations(facts, patient),
    preciseBudgets(facts),
    realtimePriority(facts, hasGroupBandwidth(mounts), patient),
    calibration(),
    present('mechanism', 'duty cycles', 'SIGSTOP and SIGCONT: of this user’s own guests always'),
    cgroups(facts, mounts, patient),
    cpuset(facts, mounts, patient),
    freezer(facts, mounts, patient),
    memory(mounts, patient),
    network(patient),
  ];
}

function reservations({ deadlineLimit, tickNs, hrtickDeadline }: HostFacts, patient: Patient): Check {
  const name = 'reservations';
  const precision = hrtickDeadline ? 'to the microsecond' : `to ${tickNs / 1e6} ms ticks`;
  if (deadlineLimit > 0) {
    return present(
      'mechanism',
      name,
      `SCHED_DEADLINE up to ${deadlineLimit} of each core, budgets kept ${precision}`,
    );
  }
  if (!patient.hasCapability(CAP_SYS_NICE.bit)) {
    return missing(
      'mechanism',
      name,
      'this user may not set SCHED_DEADLINE',
      grant(patient, CAP_SYS_NICE.name),
    );
  }
  const runtime = Number(readValue(RT_RUNTIME) ?? 0);
  return runtime === 0
    ? missing('mechanism', name, `${RT_RUNTIME} is 0: the kernel grants none`, RT_BANDWIDTH)
    : missing('mechanism', name, 'the kernel grants no bandwidth: other programs hold all of it', null);
}

/** Off by default in every kernel; what it costs and gains: docs/analysis.md, "Ticks". */
function preciseBudgets({ hrtickDeadline, tickNs }: HostFacts): Check {
  const name = 'precise budgets';
  if (hrtickDeadline) return present('mechanism', name, 'HRTICK_DL: budgets end at a timer of their own');
  const detail = `budgets of reservations end at ticks of ${tickNs / 1e6} ms: longer gaps are stated`;
  const features = readValue(FEATURES);
  if (features === null) {
    const mount = 'mount -t debugfs none /sys/kernel/debug';
    const fix = existsSync('/sys/kernel/debug/sched') || process.getuid?.() !== 0 ? null : mount;
    return missing('mechanism', name, `${detail} (${FEATURES} cannot be read)`, fix);
  }
  return missing('mechanism', name, detail, `echo HRTICK_DL > ${FEATURES}`);
}

function calibration(): Check {
  const { calibration: found, problem } = findCalibration();
  const name = 'calibration';
  if (found) {
    const [on] = found.measuredAt.split('T');
    const detail = `context switches cost ${formatDuration(found.contextSwitchesNs)} in each period of a reservation, measured on ${on}`;
    return present('state', name, detail);
  }
  const unknown =
    'what context switches cost is not measured: 20us in each period of a reservation are counted';
  return missing('state', name, problem ?? unknown, 'vmc calibrate');
}

function cgroups({ cgroup }: HostFacts, mounts: CgroupMounts, patient: Patient): Check {
  const name = 'cgroup';
  const purpose = 'shares and quotas';
  if (cgroup.version !== 0) return present('mechanism', name, `version ${cgroup.version}: ${purpose}`);
  if (mounts.version === 0) {
    const detail = `${purpose}: no hierarchy with the cpu controller is mounted`;
    return missing('mechanism', name, detail, MOUNT_CGROUPS);
  }
  return withoutWriteAccess(name, purpose, mounts.cpu, patient);
}

function cpuset({ cgroup }: HostFacts, mounts: CgroupMounts, patient: Patient): Check {
  const purpose = 'reservations that are proved core by core, placement';
  if (cgroup.cpuset) return present('mechanism', 'cpuset', purpose);
  return withoutController('cpuset', purpose, mounts.version === 0 ? null : mounts.cpuset, patient);
}

/** Balloons need a device in the guest, and are told of one by one; this is what stands behind them. */
function memory(mounts: CgroupMounts, patient: Patient): Check {
  const name = 'memory controller';
  const purpose = 'memory limits of guests without a balloon';
  const offered =
    mounts.version === 2 && /\bmemory\b/.test(readValue(`${mounts.cpu}/cgroup.controllers`) ?? '');
  const mounted = offered || existsSync('/sys/fs/cgroup/memory/memory.limit_in_bytes');
  if (!mounted) {
    const fix = 'add cgroup_enable=memory to the kernel’s command line';
    return missing('mechanism', name, `${purpose}: the controller is not there`, fix);
  }
  const directory = offered && mounts.version === 2 ? mounts.cpu : '/sys/fs/cgroup/memory';
  return isWritable(directory)
    ? present('mechanism', name, purpose)
    : withoutWriteAccess(name, purpose, directory, patient);
}

function network(patient: Patient): Check {
  const name = 'network limits';
  const purpose = 'tc on the tap devices of guests';
  if (systemProgram('tc') === null)
    return missing('mechanism', name, `${purpose}: there is no tc`, 'apt-get install iproute2');
  return patient.hasCapability(CAP_NET_ADMIN.bit)
    ? present('mechanism', name, purpose)
    : missing('mechanism', name, `${purpose}: this user may not`, grant(patient, CAP_NET_ADMIN.name));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
