import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** What the enforcer reads of a process or thread before and after it acts on its number. */
export interface TaskStat {
  /** One letter: R, S, D, T (stopped), Z, … */
  readonly state: string;
  /** Field 22 of /proc/ID/stat. */
  readonly startTime: bigint;
  /** The core it last ran on. */
  readonly core: number;
}

/** Null once the task has been reaped: one that has ended is in state Z or X before. Works for thread ids too: /proc/TID exists, though it is not listed. */
export function readTaskStat(id: number): TaskStat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${id}/stat`, 'latin1');
  } catch {
    return null;
  }
  // The command name may hold spaces and parentheses: the fields start behind the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startTime, core] = [fields[0], fields[19], fields[36]];
  if (state === undefined || startTime === undefined || core === undefined) return null;
  return { state, startTime: BigInt(startTime), core: Number(core) };
}

/** Whether the process has been stopped by a signal, or is about to: a throttled thread notices late. */
export function isStopped(pid: number): boolean {
  return readTaskStat(pid)?.state === 'T' || hasPending(pid, constants.signals.SIGSTOP);
}

/** Whether a signal has been sent to the process that it has not taken yet: by the masks of /proc/PID/status. */
export function hasPending(pid: number, signal: number): boolean {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return false;
  }
  const bit = 1n << BigInt(signal - 1);
  return [...status.matchAll(/^(?:ShdPnd|SigPnd):\s*([0-9a-f]+)$/gm)].some(
    (match) => (BigInt(`0x${match[1]}`) & bit) !== 0n,
  );
}

/**
 * The same, also when the signal has been taken by one of its threads and the others have yet to follow: under load that
 * takes them some milliseconds. Reads the state of every thread.
 */
export function isStopping(pid: number): boolean {
  return isStopped(pid) || threadsOf(pid).some((tid) => readTaskStat(tid)?.state === 'T');
}

function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

/** Start time of the task that has this number now; null when there is none. */
export const readStartTime = (id: number): bigint | null => readTaskStat(id)?.startTime ?? null;
