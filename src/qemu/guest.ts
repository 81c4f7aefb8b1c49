/** One running QEMU process, as one scan of the host saw it. */
export interface Guest {
  /** `PID-STARTTIME`: names this process for ever, a reused pid has another start time. */
  readonly key: string;
  readonly pid: number;
  /** Field 22 of /proc/PID/stat, clock ticks since boot. */
  readonly startTime: bigint;
  /** `-name` (its `guest=` part), null without one. A claim by whoever started QEMU. */
  readonly name: string | null;
  readonly uuid: string | null;
  /** Login name of the process's owner, or the uid as text where it has none. */
  readonly user: string;
  readonly uid: number;
  /** systemd unit taken from the cgroup path, null outside one. */
  readonly unit: string | null;
  /** Path in the hierarchy of the cpu controller (or v2), "/" for the root. */
  readonly cgroup: string;
  readonly commandLine: readonly string[];
  /** A shell's job control watches it: to be frozen, never signalled. */
  readonly hasTerminal: boolean;
  readonly qmpSockets: readonly string[];
  readonly vcpus: readonly VcpuThread[];
  /** How `vcpus` was found; with `none` only process-wide mechanisms apply. */
  readonly vcpuSource: 'qmp' | 'thread-names' | 'none';
  /** Stopped by a signal (state T) at the time of the scan. */
  readonly stopped: boolean;
}

export interface VcpuThread {
  readonly index: number;
  readonly tid: number;
  /** Field 22 of /proc/PID/task/TID/stat. */
  readonly startTime: bigint;
}
