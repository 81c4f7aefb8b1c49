import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readlinkSync } from 'node:fs';
import { availableParallelism, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CgroupFacts, CoreFacts, HostFacts, HostMechanism, NiceRange } from '../../compiler/facts.js';
import { presentSignals } from '../../rps/sensors/present-signals.js';
import { findCalibration } from '../calibration/calibration-file.js';
import { autogroupsEnabled, isInRootCgroup } from './autogroup.js';
import { canSetScheduling } from './capability.js';
import { readValue } from './cgroup-files.js';
import { coresOf } from './core-list.js';
import { GUARDIAN_BANDWIDTH } from './guardian.js';
import { guardianScript } from './guardian-script.js';
import { kernelConfiguration } from './kernel-configuration.js';
import { type CgroupMounts, findCgroupMounts } from './mounts.js';
import { readLimit } from './process-limits.js';
import { realtimePriority } from './realtime-priority.js';
import { HEARTBEAT_BANDWIDTH } from './timing-protocol.js';

const NS_PER_SECOND = 1_000_000_000;
const LEAST_NICE = -20;
const MOST_NICE = 19;
/** Debian's and Ubuntu's desktop kernels: assumed where the kernel does not publish its configuration. */
const USUAL_HZ = 250;
/** Of what the probe finds for a core, in thousandths: it tries budgets in steps of 1 us in 10 ms. */
const PROBE_INEXACTNESS = 0.1;
/** First kernel with a deadline server for ordinary work on each core, which takes 5% of what reservations may have. */
const FAIR_SERVER_SINCE = [6, 12] as const;
const FAIR_SERVER_SHARE = 0.05;
/** Of a core: what the daemon's own thread and its guardian hold. */
const OWN_MILLIONTHS = [HEARTBEAT_BANDWIDTH, GUARDIAN_BANDWIDTH].reduce(
  (sum, { budgetNs, periodNs }) => sum + (1e6 * Number(budgetNs)) / Number(periodNs),
  0,
);

/**
 * The facts of the machine this runs on, from files alone: a few milliseconds. The deadline limit is what the kernel
 * grants by its settings; {@link probeDeadlineLimit} measures it. What context switches cost is in it where `vmc calibrate`
 * has measured it; `onProblem` is told why what it kept is not used.
 */
export function linuxHostFacts(onProblem: (problem: string) => void = () => {}): HostFacts {
  const mounts = findCgroupMounts();
  const cores = coreFacts();
  const cgroup = cgroupFacts(mounts);
  const nice = cgroup.version === 0 ? niceRange(mounts) : null;
  const priority = realtimePriority(mounts);
  const { calibration, problem } = findCalibration();
  if (problem !== null) onProblem(problem);
  return {
    cores,
    memoryBytes: totalmem(),
    timezone: timezone(),
    tickNs: Math.round(NS_PER_SECOND / kernelHz()),
    hrtickDeadline: hrtickDeadline(),
    deadlineLimit: canSetScheduling() ? nominalDeadlineLimit(cores.length) : 0,
    ...(calibration && { contextSwitchesNs: calibration.contextSwitchesNs }),
    ...(priority !== null && { realtimePriority: priority }),
    ...(nice && { nice }),
    cgroup,
    mechanisms: mechanisms(cgroup, nice !== null),
    sensors: presentSignals(),
  };
}

/**
 * The same with the deadline limit as measured now: sleeping helpers' reservations are grown until the kernel refuses.
 * What other reservations hold is thereby taken off. Takes about 20 ms; what the helpers held is free 10 ms later.
 */
export async function probedHostFacts(onProblem?: (problem: string) => void): Promise<HostFacts> {
  const facts = linuxHostFacts(onProblem);
  if (facts.deadlineLimit === 0) return facts;
  return { ...facts, deadlineLimit: await probeDeadlineLimit(coreFacts().length) };
}

/**
 * Utilisation per core that the kernel still admits, less what the daemon's own thread and its guardian hold, to three digits, rounded down
 * but for what the probe is inexact by. 0 where it refuses any.
 */
export async function probeDeadlineLimit(cores: number): Promise<number> {
  const left = (await freeDeadlineBandwidth()) - OWN_MILLIONTHS;
  return Math.max(Math.floor(left / cores / 1000 + PROBE_INEXACTNESS) / 1000, 0);
}

/**
 * Deadline bandwidth that is free on this host now, in millionths of a core. Never more than the kernel grants by its settings:
 * it loses count of its own fair servers at times when cpusets go, admits more than that, and counts anew when the next comes or goes.
 */
export async function freeDeadlineBandwidth(): Promise<number> {
  const { stdout } = await promisify(execFile)('perl', [guardianScript(), 'probe']);
  return Math.min(Number(stdout), Math.round(grantedPerCore() * coreFacts().length * 1e6));
}

function coreFacts(): readonly CoreFacts[] {
  const base = '/sys/devices/system/cpu';
  const online = coresOf(readValue(join(base, 'online')) ?? `0-${availableParallelism() - 1}`);
  return online.map((id) => ({
    id,
    sibling: coresOf(readValue(join(base, `cpu${id}/topology/thread_siblings_list`)) ?? '')[0] ?? id,
    capacity: Number(readValue(join(base, `cpu${id}/cpu_capacity`)) ?? 1024),
  }));
}

function timezone(): string {
  const configured = process.env['TZ'];
  if (configured && /^[A-Z][\w+-]*(\/[\w+-]+)*$/.test(configured)) return configured;
  try {
    const zone = /zoneinfo\/(.+)$/.exec(readlinkSync('/etc/localtime'))?.[1];
    if (zone) return zone;
  } catch {
    // no such link: the name may stand in a file
  }
  return readValue('/etc/timezone') || 'UTC';
}

function kernelHz(): number {
  const text = kernelConfiguration();
  return Number(/^CONFIG_HZ=(\d+)$/m.exec(text)?.[1] ?? USUAL_HZ);
}

/** Readable only by root where debugfs is mounted; off by default, so unknown counts as off. */
function hrtickDeadline(): boolean {
  const features = readValue('/sys/kernel/debug/sched/features') ?? '';
  return /(^|\s)HRTICK_DL(\s|$)/.test(features);
}

/** Utilisation of each core that the kernel grants to reservations, whoever holds them. */
function grantedPerCore(): number {
  const runtime = Number(readValue('/proc/sys/kernel/sched_rt_runtime_us') ?? 950_000);
  const period = Number(readValue('/proc/sys/kernel/sched_rt_period_us') ?? 1_000_000);
  const limit = runtime < 0 ? 1 : runtime / period;
  const [major = 0, minor = 0] = release().split('.').map(Number);
  const [sinceMajor, sinceMinor] = FAIR_SERVER_SINCE;
  const hasFairServer = major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
  return limit - (hasFairServer ? FAIR_SERVER_SHARE : 0);
}

function nominalDeadlineLimit(cores: number): number {
  return Math.floor(grantedPerCore() * 1000 - OWN_MILLIONTHS / cores / 1000 + PROBE_INEXACTNESS) / 1000;
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function cgroupFacts(mounts: CgroupMounts): CgroupFacts {
  if (mounts.version === 0) return NO_CGROUPS;
  const usable = writable(mounts.cpu);
  const autogroup = readValue('/proc/sys/kernel/sched_autogroup_enabled') === '1';
  const managed = existsSync('/run/systemd/system');
  return {
    version: usable ? mounts.version : 0,
    cpuset: usable && mounts.cpuset !== null && writable(mounts.cpuset),
    freezer: usable && hasFreezer(mounts),
    gather: usable,
    // Autogroups make one scheduling entity of each session, as a manager's slices do.
    ownerAs: managed || autogroup ? 'slices' : 'threads',
  };
}

/** Every group of version 2 has one (since Linux 5.2); in version 1 it is a hierarchy of its own. */
function hasFreezer(mounts: CgroupMounts): boolean {
  if (mounts.version !== 1) return mounts.version === 2;
  return mounts.freezer !== null && writable(mounts.freezer);
}

const NO_CGROUPS: CgroupFacts = {
  version: 0,
  cpuset: false,
  freezer: false,
  gather: false,
  ownerAs: 'slices',
};

/** Nice values for sessions: autogroups compete in the root cgroup, which guests are taken to be in where this process is. */
function niceRange(mounts: CgroupMounts): NiceRange | null {
  if (!autogroupsEnabled() || !isInRootCgroup(process.pid, mounts)) return null;
  const limit = readLimit('Max nice priority') ?? 0;
  // setrlimit(2): RLIMIT_NICE is 20 less the least nice value. That of a session may be raised and lowered again by anybody.
  return {
    least: canSetScheduling() ? LEAST_NICE : Math.max(Math.min(20 - limit, 0), LEAST_NICE),
    most: MOST_NICE,
  };
}

function mechanisms(cgroup: CgroupFacts, hasNice: boolean): readonly HostMechanism[] {
  const found: HostMechanism[] = [];
  if (canSetScheduling()) found.push('reservation');
  if (cgroup.version !== 0 || hasNice) found.push('share');
  if (cgroup.version !== 0) found.push('quota');
  found.push('duty', 'placement');
  if (cgroup.freezer) found.push('freezer');
  return found;
}
