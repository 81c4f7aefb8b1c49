/**
 * CPU time of a process, all its threads, ended ones included, in ns; 0 once it has ended. While it stands still nothing has
 * changed that only the process itself can change: its threads, its program, whether it is stopped.
 */
export type CpuClock = (pid: number) => bigint;
