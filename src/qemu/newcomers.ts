import { ProcFile } from '../support/proc-file.js';
import { readProcDirectory, readProcLink } from './proc-files.js';

/** A process may become QEMU some time after it was forked: how many looks it is given. */
const LOOKS = 3;

/**
 * Notices guests that start between two scans. The kernel tells the newest number that it gave out (/proc/loadavg): while
 * that stays there is no new process, which costs one read to know; else only processes that are newer are looked at.
 */
export class Newcomers {
  readonly #procRoot: string;
  readonly #isQemu: (program: string) => boolean;
  readonly #file: ProcFile | null;
  #newestId: number | null = null;
  readonly #looksLeft = new Map<number, number>();

  /** `isQemu`: whether a target of /proc/PID/exe is QEMU. */
  constructor(procRoot: string, isQemu: (program: string) => boolean) {
    this.#procRoot = procRoot;
    this.#isQemu = isQemu;
    this.#file = ProcFile.open(`${procRoot}/loadavg`);
  }

  /** The newest process or thread id that was given out; null where the kernel does not say. */
  newestId(): number | null {
    if (!this.#file?.read()) return null;
    const id = Number(/ (\d+)\s*$/.exec(this.#file.text())?.[1] ?? Number.NaN);
    return Number.isNaN(id) ? null : id;
  }

  /** Whether a process that was not there at the last look is a guest, besides the ones that are `known`. */
  look(known: { has(pid: number): boolean }): boolean {
    this.#findYoung();
    let found = false;
    for (const [pid, left] of this.#looksLeft) {
      const link = known.has(pid) ? null : readProcLink(`${this.#procRoot}/${pid}/exe`);
      const program = link && 'target' in link ? link.target : null;
      const isQemu = program !== null && this.#isQemu(program);
      if (program === null || isQemu || left === 1) this.#looksLeft.delete(pid);
      else this.#looksLeft.set(pid, left - 1);
      found ||= isQemu;
    }
    return found;
  }

  close(): void {
    this.#file?.close();
  }

  #findYoung(): void {
    const newest = this.newestId();
    const before = this.#newestId;
    this.#newestId = newest;
    if (newest === null || before === null || newest === before) return;
    for (const name of readProcDirectory(this.#procRoot) ?? []) {
      const pid = Number(name);
      // Where numbers have started over, the new ones are the low ones. Everything else in /proc is no number.
      if (newest > before ? pid > before && pid <= newest : pid <= newest) this.#looksLeft.set(pid, LOOKS);
    }
  }
}
