import { smaller } from '../exact.js';
import type { Gang, Window } from './build-timetable.js';
import type { RunningCeiling } from './duty-jobs.js';

interface Job {
  readonly gang: Gang;
  readonly index: number;
  /** Indices of the ceilings that it runs under. */
  readonly ceilings: readonly number[];
  remainingNs: bigint;
  deadlineNs: bigint;
}

/**
 * Windows by EDF over the guests' (run, period), with a ceiling on the running vCPUs of some classes: at every release
 * and end the guests with the earliest deadlines that fit together run. Null when one of them misses its deadline.
 */
export function edfWindows(
  gangs: readonly Gang[],
  ceilings: readonly RunningCeiling[],
  hyperperiodNs: bigint,
): readonly Window[] | null {
  const jobs = jobsOf(gangs, ceilings);
  const open = new Map<Job, bigint>();
  const windows: Window[] = [];
  let ready: readonly Job[] = [];
  let nextRelease = 0n;
  let now = 0n;
  while (now < hyperperiodNs && jobs.length > 0) {
    if (now === nextRelease) {
      if (!release(jobs, now)) return null;
      ready = jobs.filter(({ remainingNs }) => remainingNs > 0n).sort(byDeadline);
      nextRelease = jobs.map(({ deadlineNs }) => deadlineNs).reduce(smaller);
    }
    const running = choose(ready, ceilings);
    for (const [job, startNs] of open) if (!running.has(job)) close(job, startNs, now);
    for (const job of running) if (!open.has(job)) open.set(job, now);
    const next = [...running].map(({ remainingNs }) => now + remainingNs).reduce(smaller, nextRelease);
    for (const job of running) job.remainingNs -= next - now;
    ready = ready.filter(({ remainingNs }) => remainingNs > 0n);
    now = next;
  }
  for (const [job, startNs] of open) close(job, startNs, hyperperiodNs);
  return jobs.some(({ remainingNs }) => remainingNs > 0n) ? null : windows;

  function close(job: Job, startNs: bigint, endNs: bigint): void {
    windows.push({ class: job.gang.class, member: job.gang.member, startNs, endNs });
    open.delete(job);
  }
}

function jobsOf(gangs: readonly Gang[], ceilings: readonly RunningCeiling[]): readonly Job[] {
  const classes = ceilings.map((ceiling) => new Set(ceiling.classes));
  return gangs.map((gang, index) => ({
    gang,
    index,
    ceilings: classes.flatMap((names, ceiling) => (names.has(gang.class) ? [ceiling] : [])),
    remainingNs: 0n,
    deadlineNs: 0n,
  }));
}

/** Begins the periods that start now; false when the one before is not served. */
function release(jobs: readonly Job[], now: bigint): boolean {
  for (const job of jobs) {
    if (job.deadlineNs > now) continue;
    if (job.remainingNs > 0n) return false;
    job.remainingNs = job.gang.runNs;
    job.deadlineNs = now + job.gang.periodNs;
  }
  return true;
}

/** The first by deadline that fit together. */
function choose(ready: readonly Job[], ceilings: readonly RunningCeiling[]): ReadonlySet<Job> {
  const free = ceilings.map(({ vcpus }) => vcpus);
  const chosen = new Set<Job>();
  for (const job of ready) {
    if (free.every((vcpus) => vcpus === 0)) break;
    // INVARIANT: `free` has one number for each ceiling.
    if (job.ceilings.some((index) => job.gang.vcpus > free[index]!)) continue;
    for (const index of job.ceilings) free[index]! -= job.gang.vcpus;
    chosen.add(job);
  }
  return chosen;
}

function byDeadline(a: Job, b: Job): number {
  return a.deadlineNs < b.deadlineNs ? -1 : a.deadlineNs > b.deadlineNs ? 1 : a.index - b.index;
}
