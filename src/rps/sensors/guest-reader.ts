import { readdirSync } from 'node:fs';
import type { CpuClock } from '../../support/cpu-clock.js';
import { ProcFile } from '../../support/proc-file.js';
import { USER_TICK_NS } from './host-readers.js';
import { ThreadTimes } from './thread-times.js';

/** utime and stime are each cut to a tick. */
const CUT_OFF_NS = 2 * USER_TICK_NS;

/**
 * CPU time and waiting of one guest's process: all its threads, QEMU's own included.
 *
 * Running time is taken from the threads, to the nanosecond, and held to the process's own total in
 * /proc/PID/stat, which counts threads that have ended but is cut to ticks: it can be off by less than two
 * ticks, and never drifts.
 */
export class GuestReader {
  readonly pid: number;
  readonly #directory: string;
  readonly #stat: ProcFile;
  readonly #cpuClock: CpuClock | null;
  #clockNs = 0n;
  readonly #threads = new Map<number, ThreadTimes>();
  #cpuNs = 0;
  /** Threads have been started on the host since it was last looked which of them are its own. */
  #mayHaveNew = false;
  ranDeltaNs = 0;
  waitedDeltaNs = 0;

  private constructor(directory: string, pid: number, stat: ProcFile, cpuClock: CpuClock | null) {
    this.pid = pid;
    this.#cpuClock = cpuClock;
    this.#directory = directory;
    this.#stat = stat;
  }

  /**
   * What the process did before is not counted. Null when it has ended or its threads' times may not be
   * read. `cpuClock`: tells while it does not run, so that nothing else need be read.
   */
  static open(root: string, pid: number, cpuClock: CpuClock | null = null): GuestReader | null {
    const directory = `${root}/${pid}`;
    const stat = ProcFile.open(`${directory}/stat`);
    if (stat === null) return null;
    const guest = new GuestReader(directory, pid, stat, cpuClock);
    const total = guest.#totalNs();
    if (total === null || guest.#openThreads(false).length === 0) {
      guest.close();
      return null;
    }
    guest.#cpuNs = total;
    return guest;
  }

  /** Thread ids, so that the owner's own can be told from them. */
  get threadIds(): Iterable<number> {
    return this.#threads.keys();
  }

  /** Brings the deltas up to date; false when the process has ended. `threadsBorn`: it may have started threads since. */
  read(threadsBorn: boolean): boolean {
    this.#mayHaveNew ||= threadsBorn;
    if (this.#hasNotRun()) {
      [this.ranDeltaNs, this.waitedDeltaNs] = [0, 0];
      return true;
    }
    const before = this.#threads.size;
    let [ran, waited] = [0, 0];
    for (const [id, thread] of this.#threads) {
      if (!thread.read()) {
        thread.close();
        this.#threads.delete(id);
        continue;
      }
      ran += thread.ranDeltaNs;
      waited += thread.waitedDeltaNs;
    }
    // Threads are started by threads that run: of an idle process nobody need look for them.
    if (ran > 0 && this.#mayHaveNew) {
      this.#mayHaveNew = false;
      for (const thread of this.#openThreads(true)) {
        if (!thread.read()) continue;
        ran += thread.ranDeltaNs;
        waited += thread.waitedDeltaNs;
      }
    }
    // The total takes as long to read as ten threads do: while none of them runs, nor ends, it stays as it is.
    const isIdle = ran === 0 && before > 0 && this.#threads.size === before;
    if (isIdle) {
      [this.ranDeltaNs, this.waitedDeltaNs] = [0, waited];
      return true;
    }
    const total = this.#totalNs();
    if (total === null) return false;
    const cpuNs = Math.min(Math.max(this.#cpuNs + ran, total), total + CUT_OFF_NS);
    this.ranDeltaNs = Math.max(0, cpuNs - this.#cpuNs);
    this.waitedDeltaNs = waited;
    this.#cpuNs = Math.max(this.#cpuNs, cpuNs);
    return true;
  }

  #hasNotRun(): boolean {
    const clockNs = this.#cpuClock?.(this.pid) ?? 0n;
    const stands = clockNs === this.#clockNs && clockNs > 0n;
    this.#clockNs = clockNs;
    return stands;
  }

  close(): void {
    this.#stat.close();
    for (const thread of this.#threads.values()) thread.close();
    this.#threads.clear();
  }

  /** Opens those that are not known yet, and answers them. */
  #openThreads(bornSince: boolean): readonly ThreadTimes[] {
    return this.#threadNames().flatMap((name) => {
      const id = Number(name);
      if (this.#threads.has(id)) return [];
      const times = ThreadTimes.open(`${this.#directory}/task/${name}/schedstat`, bornSince);
      if (times === null) return [];
      this.#threads.set(id, times);
      return [times];
    });
  }

  /**
   * utime + stime, fields 14 and 15; null when it has ended. A zombie's stat can be read: its times stand
   * still.
   */
  #totalNs(): number | null {
    if (!this.#stat.read()) return null;
    this.#stat.afterName();
    // State is a letter; ppid to cmajflt are ten numbers (tpgid may be -1: its digits count as one).
    this.#stat.skip(10);
    return (this.#stat.number() + this.#stat.number()) * USER_TICK_NS;
  }

  #threadNames(): readonly string[] {
    try {
      return readdirSync(`${this.#directory}/task`);
    } catch {
      return [];
    }
  }
}
