import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type StartedGuest, type StartGuestOptions, startGuest } from '../guests/start-guest.js';
import { canSetScheduling } from '../src/enforce/linux/capability.js';
import { freeDeadlineBandwidth, linuxHostFacts } from '../src/enforce/linux/host-facts.js';
import { findCgroupMounts } from '../src/enforce/linux/mounts.js';
import { readTaskStat } from '../src/enforce/linux/task-stat.js';
import { packageRoot } from '../src/support/package-root.js';

/** What the demonstration shows to whom: all of it to root, duty cycles to an unprivileged user. */
export interface Stage {
  readonly policy: string;
  readonly guests: readonly StartGuestOptions[];
  /** What this user misses, and why; null: nothing. */
  readonly missing: string | null;
}

export function chooseStage(): Stage {
  const folder = relative(process.cwd(), join(packageRoot(), 'examples', 'policies'));
  const lent = { name: 'demo-lent' };
  const { mechanisms } = linuxHostFacts();
  if (mechanisms.includes('reservation') && mechanisms.includes('share')) {
    // As an owner might start them: gold and silver on one core, so that they have something to divide.
    const together = { taskset: [Math.max(0, coreCount() - 1)] };
    return {
      policy: join(folder, 'demo.vmc'),
      guests: [
        { name: 'demo-reserved' },
        { name: 'demo-gold', ...together },
        { name: 'demo-silver', ...together },
        lent,
      ],
      missing: null,
    };
  }
  return {
    policy: join(folder, 'demo-unprivileged.vmc'),
    guests: [lent],
    missing:
      'Reservations and shares are not shown: they need root (SCHED_DEADLINE takes CAP_SYS_NICE, shares a writable\n' +
      'cgroup cpu controller). `vmc doctor` says what is missing on this host. Duty cycles need neither.',
  };
}

/** Starts the guests; ends those that did start when one does not. */
export async function startGuests(options: readonly StartGuestOptions[]): Promise<readonly StartedGuest[]> {
  const started = await Promise.allSettled(options.map((guest) => startGuest(guest)));
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = started.find((result) => result.status === 'rejected');
  if (!failure) return running;
  await Promise.all(running.map((guest) => guest.stop()));
  throw failure.reason;
}

export function coreCount(): number {
  const { cores } = linuxHostFacts();
  return typeof cores === 'number' ? cores : cores.length;
}

/** `vmc compile POLICY`, shown as a user would see it. Answers whether the policy compiled. */
export function showPlan(policy: string): boolean {
  const vmc = join(packageRoot(), 'bin', 'vmc.cjs');
  return spawnSync(process.execPath, [vmc, 'compile', policy], { stdio: 'inherit' }).status === 0;
}

/** What must be the same before the daemon starts and after it has ended. */
export async function snapshot(guests: readonly StartedGuest[]): Promise<string> {
  const bandwidth = canSetScheduling() ? Math.round((await freeDeadlineBandwidth()) / 1000) : 'unknown';
  const lines = guests.map(({ pid, name }) => `${name} ${threads(pid)} ${cgroups(pid)}`);
  return [`free deadline bandwidth ${bandwidth}`, `groups of ours: ${ourGroups()}`, ...lines].join('\n');
}

function ourGroups(): string {
  const mounts = findCgroupMounts();
  const roots = mounts.version === 0 ? [] : [mounts.cpu, mounts.cpuset];
  return roots.filter((root) => root !== null && existsSync(join(root, 'vmc.slice'))).join(' ') || 'none';
}

/** Scheduling class of each thread, and whether any is stopped: fields 3 and 41 of stat. */
function threads(pid: number): string {
  const stopped = readTaskStat(pid)?.state === 'T' ? 'stopped' : 'running';
  const classes = readdirSync(`/proc/${pid}/task`).map((tid) => {
    const stat = readFileSync(`/proc/${pid}/task/${tid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38];
  });
  return `${stopped}, classes ${[...new Set(classes)].join(' ')}`;
}

const cgroups = (pid: number): string =>
  readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    .split('\n')
    .filter((line) => /:(cpu|cpuset|cpu,cpuacct|):/.test(line))
    .join(' ');
