import { ProcFile } from '../support/proc-file.js';
import { isSameThread } from './cpu-time.js';
import type { VcpuThread } from './guest.js';

/** Asks whether one thread still exists at the price of one read: a file of /proc that is open is that very thread's. */
export class ThreadHandle {
  readonly #file: ProcFile;

  private constructor(file: ProcFile) {
    this.#file = file;
  }

  /** Null when the thread has ended. */
  static open(procRoot: string, pid: number, { tid, startTime }: VcpuThread): ThreadHandle | null {
    const directory = `${procRoot}/${pid}/task/${tid}`;
    // The shortest file there is; kernels without CONFIG_SCHED_INFO do not have it.
    const file = ProcFile.open(`${directory}/schedstat`) ?? ProcFile.open(`${directory}/stat`);
    if (file === null) return null;
    if (isSameThread(pid, tid, startTime, procRoot)) return new ThreadHandle(file);
    file.close();
    return null;
  }

  get alive(): boolean {
    return this.#file.read();
  }

  close(): void {
    this.#file.close();
  }
}
