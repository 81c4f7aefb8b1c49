/** What changes one thing back; `startTime`s guard against a reused number. */
export type UndoRecord =
  /** We stop this process by SIGSTOP: SIGCONT. */
  | { readonly operation: 'continue'; readonly pid: number; readonly startTime: bigint }
  /** We freeze this process by the cgroup whose freezer this file sets (`freezer.state` or `cgroup.freeze`): thaw it. */
  | { readonly operation: 'thaw'; readonly pid: number; readonly startTime: bigint; readonly file: string }
  /**
   * A command for a guest's monitor, as JSON on one line, that undoes what one of ours did there. Nothing is sent to a monitor
   * that does not prove to be the process's own. `{"execute":"cont"}` is sent before all else.
   */
  | {
      readonly operation: 'qmp';
      readonly pid: number;
      readonly startTime: bigint;
      readonly socket: string;
      readonly command: string;
    }
  /** Scheduling class as it was. */
  | {
      readonly operation: 'sched';
      readonly pid: number;
      readonly tid: number;
      readonly startTime: bigint;
      readonly policy: number;
      readonly nice: number;
      readonly priority: number;
    }
  /** Affinity as it was: hexadecimal mask, most significant byte first. */
  | {
      readonly operation: 'affinity';
      readonly tid: number;
      readonly startTime: bigint;
      readonly mask: string;
    }
  /**
   * We placed all threads of this process that had the affinity `mask` on the cores of `set` (masks as above): those that have
   * it now, or have inherited it, get `mask`.
   */
  | {
      readonly operation: 'placement';
      readonly pid: number;
      readonly startTime: bigint;
      readonly set: string;
      readonly mask: string;
    }
  /** Nice value as it was of the process's session (its autogroup). */
  | {
      readonly operation: 'autogroup';
      readonly pid: number;
      readonly startTime: bigint;
      readonly nice: number;
    }
  /** Properties as they were of a unit of systemd's: `systemctl set-property --runtime`. */
  | { readonly operation: 'unit'; readonly unit: string; readonly properties: readonly string[] }
  /** Scheduling parameters as they were of a domain of libvirt's, by its uuid: `virsh schedinfo --live`. */
  | {
      readonly operation: 'domain';
      readonly pid: number;
      readonly startTime: bigint;
      readonly domain: string;
      readonly parameters: readonly string[];
    }
  /** Membership as it was: write `id` into `file` (cgroup.procs, tasks or cgroup.threads). */
  | { readonly operation: 'member'; readonly id: number; readonly startTime: bigint; readonly file: string }
  /** Content of a file as it was. */
  | { readonly operation: 'write'; readonly file: string; readonly content: string }
  /**
   * A queueing discipline of ours on a network device, in the network namespace of that inode: `root` (ours by its handle), or
   * `ingress`, which leads to `target`, a device of ours (else empty).
   */
  | {
      readonly operation: 'qdisc';
      readonly namespace: string;
      readonly device: string;
      readonly parent: 'root' | 'ingress';
      readonly target: string;
    }
  /** A network device that we made, in the network namespace of that inode. */
  | { readonly operation: 'link'; readonly namespace: string; readonly device: string }
  /** A directory that we made. */
  | { readonly operation: 'rmdir'; readonly directory: string };
