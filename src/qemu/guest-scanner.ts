import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, systemClock } from '../support/clock.js';
import { parseCgroups } from './cgroup-path.js';
import { parseQemuArguments, type QemuArguments } from './command-line.js';
import { isQemuExecutable, QEMU_EXECUTABLES } from './executables.js';
import type { Guest } from './guest.js';
import { locateSockets } from './monitor-sockets.js';
import {
  type ProcStat,
  readProcDirectory,
  readProcessStat,
  readProcFile,
  readProcLink,
} from './proc-files.js';
import { UserNames } from './user-names.js';
import { type AskMonitor, askMonitor, VcpuFinder } from './vcpu-finder.js';

export interface GuestScannerOptions {
  /** Patterns for QEMU's programs, in place of {@link QEMU_EXECUTABLES}. */
  readonly executables?: readonly string[];
  /**
   * How long a scan waits for monitors at most, ms; what they answer later shows in the next scan. Default
   * 100.
   */
  readonly monitorBudgetMs?: number;
  readonly procRoot?: string;
  readonly passwdPath?: string;
  readonly clock?: Clock;
  readonly askMonitor?: AskMonitor;
}

/** What does not change while a process runs the same program. */
interface KnownProcess {
  readonly startTime: bigint;
  readonly executable: string;
  readonly commandLine: readonly string[];
  readonly claims: QemuArguments;
  readonly qmpSockets: readonly string[];
  readonly vcpus: VcpuFinder;
}

/**
 * Finds the QEMU processes of this host, again and again. A scan forks nothing; it reads one link for each
 * process of the host and some five files for each guest, and keeps what cannot change, so that one a second
 * costs next to nothing. A guest that ends during a scan is missing from it; nothing that a guest does makes
 * a scan fail or wait for long.
 */
export class GuestScanner {
  readonly #procRoot: string;
  readonly #executables: readonly string[];
  readonly #budgetMs: number;
  readonly #clock: Clock;
  readonly #askMonitor: AskMonitor;
  readonly #users: UserNames;
  #known: ReadonlyMap<number, KnownProcess> = new Map();
  #hiddenProcesses = 0;

  constructor(options: GuestScannerOptions = {}) {
    this.#procRoot = options.procRoot ?? '/proc';
    this.#executables = options.executables ?? QEMU_EXECUTABLES;
    this.#budgetMs = options.monitorBudgetMs ?? 100;
    this.#clock = options.clock ?? systemClock;
    this.#askMonitor = options.askMonitor ?? askMonitor;
    this.#users = new UserNames(options.passwdPath);
  }

  /**
   * Processes whose program the latest scan was not allowed to see: guests may be among them. Always 0 with
   * CAP_SYS_PTRACE; without it all processes of other users count, the kernel's own threads too.
   */
  get hiddenProcesses(): number {
    return this.#hiddenProcesses;
  }

  /** All guests there are now, in order of their pids. */
  async scan(): Promise<readonly Guest[]> {
    this.#users.refresh();
    const known = this.#findProcesses();
    this.#known = known;
    const seen = [...known].map(([pid, process]) => ({
      pid,
      process,
      stat: readProcessStat(this.#procRoot, pid),
    }));
    const questions = seen.map(({ process, stat }) => process.vcpus.look(stat?.state === 'T'));
    await this.#answers(questions.filter((question) => question !== null));
    return seen.flatMap(({ pid, process, stat }) => {
      const guest = stat?.startTime === process.startTime && this.#toGuest(pid, process, stat);
      return guest ? [guest] : [];
    });
  }

  #findProcesses(): ReadonlyMap<number, KnownProcess> {
    const found = new Map<number, KnownProcess>();
    this.#hiddenProcesses = 0;
    const names = readProcDirectory(this.#procRoot) ?? [];
    for (const pid of names
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b)) {
      // Never remembered for what is no guest: any process may become one by execve, under the same pid and
      // start time.
      const link = readProcLink(`${this.#procRoot}/${pid}/exe`);
      if ('forbidden' in link) this.#hiddenProcesses += link.forbidden ? 1 : 0;
      else if (isQemuExecutable(link.target, this.#executables)) {
        const process = this.#recognize(pid, link.target);
        if (process) found.set(pid, process);
      }
    }
    return found;
  }

  #recognize(pid: number, executable: string): KnownProcess | null {
    const startTime = readProcessStat(this.#procRoot, pid)?.startTime;
    const known = this.#known.get(pid);
    if (known && known.startTime === startTime && known.executable === executable) return known;
    const text = readProcFile(`${this.#procRoot}/${pid}/cmdline`);
    if (startTime === undefined || !text) return null;
    const commandLine = text.replace(/\0$/, '').split('\0');
    const claims = parseQemuArguments(commandLine);
    const qmpSockets = locateSockets(this.#procRoot, pid, claims.monitorPaths);
    const vcpus = new VcpuFinder({ pid, qmpSockets }, this.#procRoot, this.#clock, this.#askMonitor);
    return { startTime, executable, commandLine, claims, qmpSockets, vcpus };
  }

  async #answers(questions: readonly Promise<void>[]): Promise<void> {
    if (questions.length === 0) return;
    const budget = new AbortController();
    const tooLong = delay(this.#budgetMs, undefined, { signal: budget.signal }).catch(() => {});
    await Promise.race([Promise.all(questions), tooLong]);
    budget.abort();
  }

  #toGuest(pid: number, process: KnownProcess, stat: ProcStat): Guest | null {
    const cgroups = readProcFile(`${this.#procRoot}/${pid}/cgroup`);
    const uid = /\nUid:\t(\d+)/.exec(readProcFile(`${this.#procRoot}/${pid}/status`) ?? '')?.[1];
    if (cgroups === null || uid === undefined) return null;
    return {
      key: `${pid}-${process.startTime}`,
      pid,
      startTime: process.startTime,
      name: process.claims.name,
      uuid: process.claims.uuid,
      user: this.#users.nameOf(Number(uid)),
      uid: Number(uid),
      ...parseCgroups(cgroups),
      commandLine: process.commandLine,
      hasTerminal: stat.terminal !== 0,
      qmpSockets: process.qmpSockets,
      ...process.vcpus.found,
      stopped: stat.state === 'T',
    };
  }
}

/**
 * One scan, by a scanner that is used for nothing else: for commands; a daemon keeps a {@link GuestScanner}.
 */
export function scanGuests(options: GuestScannerOptions = {}): Promise<readonly Guest[]> {
  return new GuestScanner(options).scan();
}
