import { ProcFile } from '../../support/proc-file.js';

/**
 * Length of a tick of the times in /proc/stat and /proc/PID/stat (USER_HZ is 100 on all of Linux's
 * interfaces).
 */
export const USER_TICK_NS = 10_000_000;

/** /proc/stat: what the processors did not do. */
export class ProcessorReader {
  readonly #file: ProcFile | null;
  /** Processors that are online. */
  processors = 0;
  /**
   * Time in which a processor was idle, waited for a disk, or was taken away by the hypervisor; sum of all,
   * since boot.
   */
  unusedNs = 0;

  constructor(root: string) {
    this.#file = ProcFile.open(`${root}/stat`);
  }

  read(): boolean {
    const file = this.#file;
    if (!file?.read() || !file.take('cpu ')) return false;
    file.skip(3);
    const idle = file.number();
    const ioWait = file.number();
    file.skip(2);
    const steal = file.number();
    this.unusedNs = (idle + ioWait + steal) * USER_TICK_NS;
    this.processors = 0;
    while (file.nextLine() && file.take('cpu')) this.processors++;
    return !Number.isNaN(this.unusedNs) && this.processors > 0;
  }

  close(): void {
    this.#file?.close();
  }
}

/** /proc/loadavg: the run queue now, and the newest process id. */
export class RunQueueReader {
  readonly #file: ProcFile | null;
  /** Runnable threads of the host, the reader's own not counted. */
  runnable = 0;
  /** The last process or thread id that was given out: as long as it stays there is no new thread. */
  lastId = 0;

  constructor(root: string) {
    this.#file = ProcFile.open(`${root}/loadavg`);
  }

  read(): boolean {
    const file = this.#file;
    if (!file?.read()) return false;
    for (let i = 0; i < 3; i++) file.decimal();
    this.runnable = Math.max(0, file.number() - 1);
    file.skip(1);
    this.lastId = file.number();
    return !Number.isNaN(this.lastId);
  }

  close(): void {
    this.#file?.close();
  }
}

/** /proc/meminfo. */
export class MemoryReader {
  readonly #file: ProcFile | null;
  totalBytes = 0;
  availableBytes = 0;

  constructor(root: string) {
    this.#file = ProcFile.open(`${root}/meminfo`);
  }

  read(): boolean {
    const file = this.#file;
    if (!file?.read() || !file.take('MemTotal:')) return false;
    this.totalBytes = file.number() * 1024;
    while (file.nextLine()) {
      if (!file.take('MemAvailable:')) continue;
      this.availableBytes = file.number() * 1024;
      return !Number.isNaN(this.availableBytes);
    }
    return false;
  }

  close(): void {
    this.#file?.close();
  }
}

/** /proc/pressure/RESOURCE: share of the last 10 s in which some task was stalled, in percent. */
export class PressureReader {
  readonly #file: ProcFile | null;
  somePercent = 0;

  constructor(root: string, resource: 'cpu' | 'memory' | 'io') {
    this.#file = ProcFile.open(`${root}/pressure/${resource}`);
  }

  read(): boolean {
    const file = this.#file;
    if (!file?.read() || !file.take('some avg10=')) return false;
    this.somePercent = file.decimal();
    return !Number.isNaN(this.somePercent);
  }

  close(): void {
    this.#file?.close();
  }
}

/**
 * /proc/schedstat, on kernels with CONFIG_SCHEDSTATS: how long threads of the host have waited on run
 * queues.
 */
export class RunDelayReader {
  readonly #file: ProcFile | null;
  /** Sum over all processors since boot. */
  waitedNs = 0;

  constructor(root: string) {
    this.#file = ProcFile.open(`${root}/schedstat`);
  }

  get available(): boolean {
    return this.#file !== null;
  }

  read(): boolean {
    const file = this.#file;
    if (!file?.read()) return false;
    let [sum, processors] = [0, 0];
    while (file.nextLine()) {
      if (!file.take('cpu')) continue;
      // The processor's number, then six counters and its running time; the eighth field is the waiting.
      file.skip(8);
      sum += file.number();
      processors++;
    }
    this.waitedNs = sum;
    return processors > 0 && !Number.isNaN(sum);
  }

  close(): void {
    this.#file?.close();
  }
}
