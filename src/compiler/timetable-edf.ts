import type { RunningCeiling } from './duty-jobs.js';
import { smaller } from './exact.js';
import type { Gang, Window } from './timetable.js';

interface Job {
  readonly gang: Gang;
  readonly index: number;
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
  const jobs: readonly Job[] = gangs.map((gang, index) => ({ gang, index, remainingNs: 0n, deadlineNs: 0n }));
  const limits = ceilings.map(({ classes, vcpus }) => ({ classes: new Set(classes), vcpus }));
  const open = new Map<Job, bigint>();
  const windows: Window[] = [];
  let now = 0n;
  while (now < hyperperiodNs && jobs.length > 0) {
    for (const job of jobs) {
      if (job.deadlineNs > now) continue;
      if (job.remainingNs > 0n) return null;
      job.remainingNs = job.gang.runNs;
      job.deadlineNs = now + job.gang.periodNs;
    }
    const running = choose(jobs, limits);
    for (const [job, startNs] of open) if (!running.has(job)) close(job, startNs, now);
    for (const job of running) if (!open.has(job)) open.set(job, now);
    const next = nextEvent(jobs, running, now);
    for (const job of running) job.remainingNs -= next - now;
    now = next;
  }
  for (const [job, startNs] of open) close(job, startNs, hyperperiodNs);
  return jobs.some(({ remainingNs }) => remainingNs > 0n) ? null : windows;

  function close(job: Job, startNs: bigint, endNs: bigint): void {
    windows.push({ class: job.gang.class, member: job.gang.member, startNs, endNs });
    open.delete(job);
  }
}

function choose(
  jobs: readonly Job[],
  limits: readonly { readonly classes: ReadonlySet<string>; readonly vcpus: number }[],
): ReadonlySet<Job> {
  const used = limits.map(() => 0);
  const chosen = new Set<Job>();
  const ready = jobs.filter(({ remainingNs }) => remainingNs > 0n).sort(byDeadline);
  for (const job of ready) {
    const own = limits.flatMap(({ classes }, index) => (classes.has(job.gang.class) ? [index] : []));
    // INVARIANT: `used` has one number for each limit.
    if (own.some((index) => used[index]! + job.gang.vcpus > limits[index]!.vcpus)) continue;
    for (const index of own) used[index]! += job.gang.vcpus;
    chosen.add(job);
  }
  return chosen;
}

function byDeadline(a: Job, b: Job): number {
  return a.deadlineNs < b.deadlineNs ? -1 : a.deadlineNs > b.deadlineNs ? 1 : a.index - b.index;
}

/** The next release (every deadline is one) or end of a run. */
function nextEvent(jobs: readonly Job[], running: ReadonlySet<Job>, now: bigint): bigint {
  const times = [
    ...jobs.map(({ deadlineNs }) => deadlineNs),
    ...[...running].map(({ remainingNs }) => now + remainingNs),
  ];
  return times.reduce(smaller);
}
