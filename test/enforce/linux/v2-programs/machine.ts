import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type StartedGuest, startGuest } from '../../../../guests/start-guest.js';
import type { TaskId } from '../../../../src/enforce/linux/cgroups.js';
import {
  type SchedAttributes,
  writeSchedAttributes,
} from '../../../../src/enforce/linux/sched-attributes.js';
import { errnoName } from '../../../../src/enforce/linux/syscalls.js';
import { readStartTime } from '../../../../src/enforce/linux/task-stat.js';
import { readThreadCpuNs } from '../../../../src/qemu/cpu-time.js';

/* What programs inside the test host share: making load, reading the kernel's accounts. */

export const MOUNT = '/sys/fs/cgroup';
export const MS = 1_000_000n;

/** Does something that the kernel may refuse: "ok", or the errno's name. */
export function outcomeOf(action: () => void): string {
  try {
    action();
    return 'ok';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? `${error}`;
  }
}

export const read = (path: string): string => readFileSync(`${MOUNT}/${path}`, 'utf8').trim();
export const write = (path: string, value: string | number): void =>
  writeFileSync(`${MOUNT}/${path}`, `${value}`);
export const attempt = (path: string, value: string | number): string => outcomeOf(() => write(path, value));
export const make = (path: string): void => void mkdirSync(`${MOUNT}/${path}`, { recursive: true });

/** Removes a tree of groups that nothing is in any more. */
export function removeTree(path: string): void {
  for (const name of groupsIn(path)) removeTree(`${path}/${name}`);
  rmdirSync(`${MOUNT}/${path}`);
}

export function groupsIn(path: string): string[] {
  const entries = readdirSync(`${MOUNT}/${path}`, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

const children: ChildProcess[] = [];
const guests: StartedGuest[] = [];

/** A process that takes all the CPU it gets. */
export function startHog(): TaskId {
  return startProcess(['/bin/sh', '-c', 'while :; do :; done']);
}

/** What it complains about is part of what the scenario prints. */
export function startProcess([program = '', ...parameters]: readonly string[]): TaskId {
  const child = spawn(program, parameters, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (child.pid === undefined) throw new Error(`${program} did not start`);
  children.push(child);
  return task(child.pid);
}

/** A process or thread that runs now. */
export function task(id: number): TaskId {
  const startTime = readStartTime(id);
  if (startTime === null) throw new Error(`${id} has ended`);
  return { id, startTime };
}

export interface TestGuest {
  readonly process: TaskId;
  /** By index. */
  readonly vcpus: readonly TaskId[];
}

/** A real QEMU guest that computes on all of its vCPUs. */
export async function startTestGuest(name: string, cpus = 1): Promise<TestGuest> {
  const guest = await startPatiently(name, cpus);
  guests.push(guest);
  const vcpus = readdirSync(`/proc/${guest.pid}/task`)
    .map((tid) => ({ tid: Number(tid), name: readFileSync(`/proc/${guest.pid}/task/${tid}/comm`, 'utf8') }))
    .filter(({ name: thread }) => /^CPU \d+\/TCG/.test(thread))
    .sort((a, b) => a.name.localeCompare(b.name));
  return { process: task(guest.pid), vcpus: vcpus.map(({ tid }) => task(tid)) };
}

/** An emulated machine in an emulated machine may stand still for longer than a guest is given to start. */
async function startPatiently(name: string, cpus: number): Promise<StartedGuest> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await startGuest({ name, cpus });
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** Ends everything that was started here. */
export async function endAll(): Promise<void> {
  const running = children.splice(0).filter((child) => child.exitCode === null && child.signalCode === null);
  const ends = running.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of running) child.kill('SIGKILL');
  await Promise.all([...ends, ...guests.splice(0).map((guest) => guest.stop())]);
}

/** Of the reservations that scenarios give, and as much again. */
const LONGEST_PERIOD_MS = 200;

/** Makes the machine as it was when it was booted, so that scenarios do not see each other's traces. */
export async function reset(): Promise<void> {
  await endAll();
  await until('the groups are empty', () => groupsIn('.').every((group) => attemptRemoval(group)));
  // What was leaked on purpose: to make a partition counts the bandwidth anew. Not while some is still in flight, which
  // would be taken off the new count.
  await delay(LONGEST_PERIOD_MS);
  write('cgroup.subtree_control', '+cpuset');
  make('partition');
  write('partition/cpuset.cpus', 1);
  write('partition/cpuset.cpus.partition', 'root');
  write('partition/cpuset.cpus.partition', 'member');
  removeTree('partition');
  for (const controller of read('cgroup.subtree_control').split(' ')) {
    write('cgroup.subtree_control', `-${controller}`);
  }
  if (deadlineTotal() !== 0) throw new Error(`bandwidth is still taken: ${deadlineTotal()}`);
}

const attemptRemoval = (group: string): boolean => outcomeOf(() => removeTree(group)) === 'ok';

export interface Shares {
  /** Cores, for each thread that was asked for. */
  readonly rates: readonly number[];
  /** Cores that it was seen on. */
  readonly cores: readonly (readonly number[])[];
}

/** What each thread gets over `seconds`, by the scheduler's account. */
export async function measure(threads: readonly TaskId[], seconds: number): Promise<Shares> {
  const samples = threads.map((): Sample[] => []);
  const cores = threads.map(() => new Set<number>());
  const start = process.hrtime.bigint();
  const end = start + BigInt(seconds * 1e9);
  for (let now = start; now < end; now = process.hrtime.bigint()) {
    threads.forEach((thread, index) => {
      samples[index]?.push({ atNs: Number(process.hrtime.bigint() - start), cpuNs: Number(cpuNs(thread)) });
      cores[index]?.add(lastCore(thread));
    });
    await delay(SAMPLE_MS);
  }
  return { rates: samples.map(slope), cores: cores.map((seen) => [...seen].sort()) };
}

/** No divisor of the periods in use: samples fall everywhere in them. */
const SAMPLE_MS = 23;

interface Sample {
  readonly atNs: number;
  readonly cpuNs: number;
}

/** Least squares: a staircase has the slope of its average, wherever in a step the window begins and ends. */
function slope(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [at, cpu] = [mean((sample) => sample.atNs), mean((sample) => sample.cpuNs)];
  const covariance = mean((sample) => (sample.atNs - at) * (sample.cpuNs - cpu));
  return covariance / mean((sample) => (sample.atNs - at) ** 2);
}

/** How long a measurement is repeated, or a start. */
const PATIENCE_MS = 45_000;

/**
 * Measures until `good`: time in here stands still and leaps with the load of the machine outside, and a window that a
 * leap falls into says nothing. When patience ends, the last measurement is answered whatever it says.
 */
export async function measureUntil(
  threads: readonly TaskId[],
  seconds: number,
  good: (rates: readonly number[]) => boolean,
): Promise<Shares> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const shares = await measure(threads, seconds);
    if (good(shares.rates) || Date.now() > end) return shares;
  }
}

export const near = (value: number, wanted: number, tolerance: number): boolean =>
  Math.abs(value / wanted - 1) <= tolerance;

export const cpuNs = (thread: TaskId): bigint => readThreadCpuNs(thread.id, thread.id) ?? 0n;

function lastCore(thread: TaskId): number {
  const stat = readFileSync(`/proc/${thread.id}/stat`, 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[36]);
}

/** Cores that a thread may use, as the kernel lists them ("0-1"). */
export const allowedCores = (thread: TaskId): string =>
  /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync(`/proc/${thread.id}/status`, 'utf8'))?.[1] ?? '';

export const cgroupOf = (thread: TaskId): string =>
  readFileSync(`/proc/${thread.id}/cgroup`, 'utf8').trim().replace('0::', '');

/** What SCHED_DEADLINE has handed out in the root domain of all cores, in 1/2^20 of a core. */
export function deadlineTotal(): number {
  const debug = readFileSync('/sys/kernel/debug/sched/debug', 'utf8');
  const total = /dl_bw->total_bw\s*:\s*(-?\d+)/.exec(debug)?.[1];
  if (total === undefined) throw new Error('the scheduler prints no dl_bw->total_bw');
  return Number(total);
}

/** Sets the class of a thread: "ok", or the errno's name. */
export function setClass(thread: TaskId, attributes: SchedAttributes): string {
  const result = writeSchedAttributes(thread.id, attributes);
  return result < 0 ? errnoName(result) : 'ok';
}

export async function until(what: string, holds: () => boolean, timeoutMs = 20_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await delay(20);
  }
}

/** Prints what a scenario found, as the test outside reads it. Bigints become numbers. */
export function report(findings: unknown): void {
  console.log(JSON.stringify(findings, (_, value) => (typeof value === 'bigint' ? Number(value) : value)));
}
