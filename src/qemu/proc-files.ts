import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What /proc/PID/stat and /proc/PID/task/TID/stat say of a process or thread (proc(5)). */
export interface ProcStat {
  readonly comm: string;
  /** R, S, D, T (stopped by a signal), t, Z, X, I. */
  readonly state: string;
  readonly parent: number;
  /** Device number of the controlling terminal, 0 without one. */
  readonly terminal: number;
  /** User and system time of all threads, those that have ended included, in clock ticks. */
  readonly cpuTicks: bigint;
  /** Field 22, clock ticks since boot. */
  readonly startTime: bigint;
  /** Threads that it has now. */
  readonly threads: number;
  /** Changes when the process executes another program: the addresses at which code and stack begin (fields 26 and 28). */
  readonly program: string;
}

/**
 * A file below /proc; null when it is not there (any more) or not for us to read. A process may end between
 * any two of these calls, so an error other than a missing permission says nothing more than that.
 */
export function readProcFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return absent(error);
  }
}

/** Names in a directory below /proc; null as for {@link readProcFile}. */
export function readProcDirectory(path: string): readonly string[] | null {
  try {
    return readdirSync(path);
  } catch (error) {
    return absent(error);
  }
}

/**
 * Target of a link below /proc; null as for {@link readProcFile}, `forbidden` when it is not for us to read.
 */
export function readProcLink(path: string): { readonly target: string } | { readonly forbidden: boolean } {
  try {
    return { target: readlinkSync(path) };
  } catch (error) {
    absent(error);
    return { forbidden: ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '') };
  }
}

/** Null for a system call's error; a defect of ours, which has no errno, goes on up. */
function absent(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  return null;
}

/** Null when `text` is not a stat line. A command's name may hold anything: the last parenthesis ends it. */
export function parseProcStat(text: string): ProcStat | null {
  const [open, close] = [text.indexOf('('), text.lastIndexOf(')')];
  if (open < 0 || close < open) return null;
  // Field 3, the state, comes first in what is left.
  const fields = text.slice(close + 2).split(' ');
  const [state, parent, terminal] = [fields[0], Number(fields[1]), Number(fields[4])];
  const [userTicks, systemTicks, startTime] = [fields[11], fields[12], fields[19]];
  if (!state || !isDigits(userTicks) || !isDigits(systemTicks) || !isDigits(startTime)) return null;
  return {
    comm: text.slice(open + 1, close),
    state,
    parent,
    terminal,
    cpuTicks: BigInt(userTicks) + BigInt(systemTicks),
    startTime: BigInt(startTime),
    threads: Number(fields[17]),
    program: `${fields[23]} ${fields[25]}`,
  };
}

const isDigits = (text: string | undefined): text is string => text !== undefined && /^\d+\s*$/.test(text);

/** Null when there is no such process (any more). */
export function readProcessStat(procRoot: string, pid: number): ProcStat | null {
  const text = readProcFile(`${procRoot}/${pid}/stat`);
  return text === null ? null : parseProcStat(text);
}

/** Null when the process has no such thread (any more). */
export function readThreadStat(procRoot: string, pid: number, tid: number): ProcStat | null {
  const text = readProcFile(`${procRoot}/${pid}/task/${tid}/stat`);
  return text === null ? null : parseProcStat(text);
}

/** Thread ids of a process in ascending order; none when it has ended. */
export function readThreadIds(procRoot: string, pid: number): readonly number[] {
  const names = readProcDirectory(`${procRoot}/${pid}/task`) ?? [];
  return names.map(Number).sort((a, b) => a - b);
}
