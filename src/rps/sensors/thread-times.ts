import { ProcFile } from '../../support/proc-file.js';

/**
 * /proc/TID/schedstat of one thread: how long it has run and has waited on a run queue, and what came since
 * last time.
 */
export class ThreadTimes {
  readonly #file: ProcFile;
  #ranNs: number;
  #waitedNs: number;
  ranDeltaNs = 0;
  waitedDeltaNs = 0;

  private constructor(file: ProcFile, ranNs: number, waitedNs: number) {
    this.#file = file;
    this.#ranNs = ranNs;
    this.#waitedNs = waitedNs;
  }

  /**
   * Null when there is none: the thread has ended, or the kernel was built without CONFIG_SCHED_INFO. All
   * that a thread `bornSince` the last sample has done counts as new; else only what it does from now on.
   */
  static open(path: string, bornSince: boolean): ThreadTimes | null {
    const file = ProcFile.open(path);
    if (file === null) return null;
    if (!file.read()) {
      file.close();
      return null;
    }
    const [ran, waited] = [file.number(), file.number()];
    return bornSince ? new ThreadTimes(file, 0, 0) : new ThreadTimes(file, ran, waited);
  }

  /**
   * Brings the deltas up to date; false when the thread has ended (its last fraction of a second is not
   * seen).
   */
  read(): boolean {
    if (!this.#file.read()) return false;
    const ran = this.#file.number();
    const waited = this.#file.number();
    this.ranDeltaNs = ran - this.#ranNs;
    this.waitedDeltaNs = waited - this.#waitedNs;
    this.#ranNs = ran;
    this.#waitedNs = waited;
    return true;
  }

  close(): void {
    this.#file.close();
  }
}
