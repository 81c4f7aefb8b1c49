import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type StartedGuest, type StartGuestOptions, startGuest } from '../../../guests/start-guest.js';
import type { Action, Observation, ObservedGuest } from '../../../src/enforce/host.js';
import { cgroupPathOf, readValue } from '../../../src/enforce/linux/cgroup-files.js';
import { freeDeadlineBandwidth, linuxHostFacts } from '../../../src/enforce/linux/host-facts.js';
import { LinuxHost } from '../../../src/enforce/linux/linux-host.js';
import { readTaskStat } from '../../../src/enforce/linux/task-stat.js';
import { GuestScanner } from '../../../src/qemu/guest-scanner.js';
import { until } from '../../support/guests/until.js';
import { skipBecause } from '../../support/skip-because.js';

/** Skips with a reason where the mechanisms of this suite cannot be had: they need root and a v1 cpu controller. */
export function requireReservations(context: Mocha.Context): void {
  const facts = linuxHostFacts();
  if (facts.deadlineLimit === 0) skipBecause(context, 'needs CAP_SYS_NICE to set SCHED_DEADLINE');
  if (facts.cgroup.version !== 1)
    skipBecause(context, 'needs a writable cgroup v1 cpu controller (v2 is tested in the booted host)');
}

/** A real host under test with real guests on it; `close` gives everything back and ends what it started. */
export class RealHost {
  readonly host: LinuxHost;
  readonly events: string[] = [];
  readonly stateDirectory = mkdtempSync(join(tmpdir(), 'vmc-state-'));
  readonly sliceName = `vmc-test-${process.pid}.slice`;
  readonly #guests: StartedGuest[] = [];
  readonly #hogs: ChildProcess[] = [];

  constructor() {
    const scanner = new GuestScanner();
    this.host = new LinuxHost({
      stateDirectory: this.stateDirectory,
      sliceName: this.sliceName,
      // Other suites' guests are none of ours.
      scan: async () =>
        (await scanner.scan()).filter((guest) => this.#guests.some((ours) => ours.pid === guest.pid)),
      onEvent: (message) => this.events.push(message),
    });
  }

  async guest(options: StartGuestOptions): Promise<StartedGuest> {
    const guest = await startGuest(options);
    this.#guests.push(guest);
    return guest;
  }

  /** CPU hogs: by default twice as many as this host has cores. */
  overload(count = 2 * linuxCores()): void {
    for (let index = 0; index < count; index++) this.#hogs.push(startHog());
  }

  async observe(name: string): Promise<{ readonly at: bigint; readonly guest: ObservedGuest }> {
    const observation = await this.host.observe();
    return { at: observation.atNs, guest: find(observation, name) };
  }

  /** Fails the test with the kernel's refusal, if there is one. */
  async act(action: Action): Promise<void> {
    const outcome = await this.host.act(action);
    if (!outcome.ok) throw new Error(`${action.kind}: ${outcome.code} ${outcome.message}`);
  }

  /** Rate over `ms` of some counter of a guest, per ns of elapsed time. */
  async rate(name: string, ms: number, counter: (guest: ObservedGuest) => bigint): Promise<number> {
    const before = await this.observe(name);
    await elapse(ms);
    const after = await this.observe(name);
    return Number(counter(after.guest) - counter(before.guest)) / Number(after.at - before.at);
  }

  async close(): Promise<void> {
    await this.host.stop();
    for (const hog of this.#hogs) hog.kill('SIGKILL');
    await Promise.all(this.#guests.map((guest) => guest.stop()));
    rmSync(this.stateDirectory, { recursive: true, force: true });
  }
}

export const vcpuCpu = (guest: ObservedGuest): bigint => guest.vcpuCpuNs[0] ?? 0n;

export function find(observation: Observation, name: string): ObservedGuest {
  const found = observation.guests.find(({ guest }) => guest.name === name);
  if (!found) throw new Error(`no guest ${name} was found`);
  return found;
}

export function linuxCores(): number {
  const { cores } = linuxHostFacts();
  return typeof cores === 'number' ? cores : cores.length;
}

export function startHog(): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'sh', '-c', 'while :; do :; done'], {
    stdio: 'ignore',
  });
}

/** Measurements need time to pass; this is that, and no synchronisation. */
export const elapse = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const stateOf = (pid: number): string | undefined => readTaskStat(pid)?.state;

/** Whether the process is in a group of the v1 freezer that is not thawed. */
export function isFrozen(pid: number): boolean {
  const path = cgroupPathOf(`${pid}`, 'freezer');
  if (path === null || path === '/') return false;
  return readValue(`/sys/fs/cgroup/freezer${path}/freezer.state`) !== 'THAWED';
}

/** Waits until the free deadline bandwidth is again what it was (in millionths of a core). */
export async function untilBandwidthIs(expected: number): Promise<void> {
  let free = -1;
  await until(async () => {
    free = await freeDeadlineBandwidth();
    return Math.abs(free - expected) < TOLERANCE;
  }, 5_000).catch(() => expect(free, 'free deadline bandwidth').to.equal(expected));
}

/** Waits for the end of the guardian of a daemon that was killed: until then it holds deadline bandwidth of its own. */
export async function untilGuardianEnded(stateDirectory: string): Promise<void> {
  await until(() =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readValue(`/proc/${pid}/cmdline`) ?? '')
      .every((line) => !line.includes('guardian.pl') || !line.includes(stateDirectory)),
  );
}

/** The probe is exact to a millionth of a core for each helper. */
const TOLERANCE = 1000;

/** Groups of ours that are left anywhere below the controllers' roots. */
export function leftGroups(sliceName: string): readonly string[] {
  return ['cpu', 'cpuset', 'freezer']
    .map((name) => `/sys/fs/cgroup/${name}`)
    .flatMap((root) => readdirSync(root).filter((name) => name === sliceName));
}

export const cgroupLines = (pid: number): string =>
  readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    .split('\n')
    .filter((line) => /:(cpu|cpuset|freezer):/.test(line))
    .join('\n');
