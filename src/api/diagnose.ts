import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import type { HostFacts } from '../compiler/facts.js';
import { findCalibration } from '../enforce/calibration/calibration-file.js';
import { hasCapability, linuxHostFacts } from '../enforce/linux/host-facts.js';
import { GuestScanner } from '../qemu/index.js';
import { formatDuration } from '../support/duration.js';

/** One thing that vmc needs of this host and user. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What is there, or what is lost without it. */
  readonly detail: string;
  /** How to get it; null when it is there, or cannot be had. */
  readonly fix: string | null;
}

const CAP_SYS_PTRACE = 19;
/** Capabilities, by their bit in /proc/PID/status, with what each is for (man 7 capabilities). */
const CAPABILITIES = [
  { name: 'CAP_SYS_NICE', bit: 23, detail: 'reservations: scheduling classes of the guests’ threads' },
  { name: 'CAP_KILL', bit: 5, detail: 'duty cycles of other users’ guests' },
  { name: 'CAP_SYS_PTRACE', bit: CAP_SYS_PTRACE, detail: 'recognising other users’ guests by their program' },
  { name: 'CAP_DAC_OVERRIDE', bit: 1, detail: 'the monitors of other users’ guests' },
] as const;

/** What this host and user can do. Looks and changes nothing but, at most, making the runtime directory. */
export async function diagnose(runtimeDirectory: string): Promise<readonly Check[]> {
  const facts = linuxHostFacts();
  return [
    ...CAPABILITIES.map(({ name, bit, detail }) => capability(name, bit, detail)),
    deadline(facts),
    calibration(),
    ...cgroups(facts),
    program('perl', 'the guardian, which gives everything back when the daemon is killed', 'perl-base'),
    program('qemu-system-x86_64', 'running guests', 'qemu-system-x86'),
    nativeAddon(),
    writableDirectory(runtimeDirectory),
    demandSensor(facts),
    await guests(),
  ];
}

const check = (name: string, ok: boolean, detail: string, fix: string | null): Check => ({
  name,
  ok,
  detail,
  fix: ok ? null : fix,
});

const capability = (name: string, bit: number, detail: string): Check =>
  check(name, hasCapability(bit), detail, `run vmcd as root, or in a unit with AmbientCapabilities=${name}`);

function deadline({ deadlineLimit, tickNs, hrtickDeadline }: HostFacts): Check {
  const precision = hrtickDeadline
    ? 'budgets kept to the microsecond'
    : `budgets kept to ${tickNs / 1e6} ms ticks`;
  const detail =
    deadlineLimit > 0 ? `SCHED_DEADLINE up to ${deadlineLimit} of each core, ${precision}` : 'reservations';
  return check('SCHED_DEADLINE', deadlineLimit > 0, detail, 'CAP_SYS_NICE, and sched_rt_runtime_us above 0');
}

function calibration(): Check {
  const { calibration: found, problem } = findCalibration();
  const detail = found
    ? `context switches cost ${formatDuration(found.contextSwitchesNs)} in each period of a reservation, measured on ${found.measuredAt.slice(0, 10)}`
    : (problem ??
      'what context switches cost is not measured: 20us in each period of a reservation are counted');
  return check('calibration', found !== null, detail, 'vmc calibrate');
}

function cgroups({ cgroup }: HostFacts): Check[] {
  const delegate = 'run vmcd as root, or in a unit with Delegate=yes';
  const version = cgroup.version === 0 ? 'shares and quotas' : `version ${cgroup.version}: shares and quotas`;
  return [
    check('cgroup', cgroup.version !== 0, version, delegate),
    check('cpuset', cgroup.cpuset, 'reservations that are proved core by core', delegate),
  ];
}

function program(name: string, detail: string, debianPackage: string): Check {
  const found = (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
  return check(name, found, detail, `apt-get install ${debianPackage}`);
}

function nativeAddon(): Check {
  try {
    createRequire(import.meta.url)('koffi');
    return check('system calls', true, 'koffi loads', null);
  } catch (error) {
    return check('system calls', false, `koffi does not load: ${(error as Error).message}`, 'npm ci');
  }
}

function writableDirectory(path: string): Check {
  const fix = 'set VMC_RUNTIME_DIR, or XDG_RUNTIME_DIR, to a directory of yours';
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 });
    accessSync(path, constants.W_OK);
    return check('runtime directory', true, path, null);
  } catch {
    return check('runtime directory', false, `${path}: socket, lock and journal`, fix);
  }
}

function demandSensor({ sensors }: HostFacts): Check {
  const detail = 'owner.demand: what the owner uses or is kept waiting for';
  return check('run delay', sensors.includes('owner.demand'), detail, 'a kernel with CONFIG_SCHED_INFO');
}

async function guests(): Promise<Check> {
  const scanner = new GuestScanner();
  const { length } = await scanner.scan();
  // With the capability, what still cannot be seen is hidden by the kernel itself, and is no QEMU of anybody's.
  const hidden = hasCapability(CAP_SYS_PTRACE) ? 0 : scanner.hiddenProcesses;
  const detail = `${length} running${hidden > 0 ? `; ${hidden} processes of others cannot be recognised` : ''}`;
  return check('guests', hidden === 0, detail, 'CAP_SYS_PTRACE');
}
