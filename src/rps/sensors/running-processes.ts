import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Clock, systemClock } from '../../support/clock.js';
import { matchesGlob } from '../../support/glob.js';

export interface RunningProcessesOptions {
  readonly procRoot?: string;
  readonly clock?: Clock;
}

/** The kernel keeps so much of a name (TASK_COMM_LEN less its end). */
const NAME_CHARACTERS = 15;
/** Questions within this time are answered from one look at the processes. */
const FRESH_NS = 200_000_000n;

/** Which processes run on this host, by name. A look forks nothing and reads one small file a process. */
export class RunningProcesses {
  readonly #procRoot: string;
  readonly #clock: Clock;
  #names: readonly { readonly pid: number; readonly names: readonly string[] }[] = [];
  #atNs: bigint | null = null;

  constructor({ procRoot = '/proc', clock = systemClock }: RunningProcessesOptions = {}) {
    this.#procRoot = procRoot;
    this.#clock = clock;
  }

  /** Whether a process whose name fits the glob runs, besides those with the given pids. */
  isRunning(pattern: string, besides: ReadonlySet<number> = new Set()): boolean {
    const nowNs = this.#clock.monotonicNs();
    if (this.#atNs === null || nowNs - this.#atNs > FRESH_NS) {
      this.#names = this.#look();
      this.#atNs = nowNs;
    }
    return this.#names.some(
      ({ pid, names }) => !besides.has(pid) && names.some((name) => matchesGlob(pattern, name)),
    );
  }

  #look() {
    return readdirSync(this.#procRoot)
      .filter((name) => /^\d+$/.test(name))
      .map((name) => ({ pid: Number(name), names: this.#namesOf(name) }));
  }

  /** As the kernel has it; where that may be cut off, also what it was started as. None: it has ended meanwhile. */
  #namesOf(pid: string): readonly string[] {
    const own = this.#read(pid, 'comm').replace(/\n$/, '');
    if (own === '') return [];
    if (own.length < NAME_CHARACTERS) return [own];
    const [program = ''] = this.#read(pid, 'cmdline').split('\0');
    const started = basename(program);
    return started.startsWith(own) ? [started] : [own];
  }

  #read(pid: string, file: string): string {
    try {
      return readFileSync(`${this.#procRoot}/${pid}/${file}`, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return '';
    }
  }
}
