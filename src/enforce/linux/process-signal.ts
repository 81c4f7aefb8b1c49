import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import type { TaskId } from './cgroups.js';
import { pidfdOpen, pidfdSendSignal } from './syscalls.js';
import { readStartTime } from './task-stat.js';

/** Whether this user may signal the process: the kernel is asked (man 2 kill, signal 0), and nothing is sent. */
export function maySignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

/** Signals this very process through a pidfd. Answers 0, or -errno (also -ESRCH when its number is another's now). */
export function signalProcess(
  process: TaskId,
  signal: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGKILL',
): number {
  const pidfd = pidfdOpen(process.id);
  if (pidfd < 0) return pidfd;
  try {
    if (readStartTime(process.id) !== process.startTime) return -constants.errno.ESRCH;
    return pidfdSendSignal(pidfd, constants.signals[signal]);
  } finally {
    closeSync(pidfd);
  }
}
