import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, systemClock } from '../support/clock.js';
import type { CpuClock } from '../support/cpu-clock.js';
import { executableTest } from './executables.js';
import type { Guest } from './guest.js';
import { GuestProcess } from './guest-process.js';
import { GuestRest } from './guest-rest.js';
import { Newcomers } from './newcomers.js';
import { type ProcStat, readProcDirectory, readProcLink } from './proc-files.js';
import { sameGuest } from './same-guest.js';
import { Turnstile } from './turnstile.js';
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
  /** Tells guests that have not run since they were last looked at, which are then looked at in turn. Default: all are, always. */
  readonly cpuClock?: CpuClock;
}

interface Followed {
  readonly process: GuestProcess;
  readonly vcpus: VcpuFinder;
  /** As the latest scan had it. */
  guest: Guest | null;
  readonly rest: GuestRest | null;
}

/** A guest that was seen, and its process's stat; null: it rests, and is what it was. */
interface Seen {
  readonly followed: Followed;
  readonly stat: ProcStat | null;
}

/** Monitors that are asked at once, and for how long one that does not answer keeps the next one waiting. */
const QUESTIONS_AT_ONCE = 16;
const QUESTION_PATIENCE_MS = 100;
/** Scans after which processes without a program are looked at again: their numbers may have been given away. */
const SCANS_WITHOUT_PROGRAM = 60;

/**
 * Finds the QEMU processes of this host, again and again. A scan forks nothing; it reads one link for each
 * process of the host and two or three files, which stay open, for each guest, and keeps what cannot change, so that one a second
 * costs next to nothing. A guest that ends during a scan is missing from it; nothing that a guest does makes
 * a scan fail or wait for long. A guest of which nothing has changed is the same object as in the scan before.
 */
export class GuestScanner {
  readonly #procRoot: string;
  readonly #isQemu: (program: string) => boolean;
  readonly #budgetMs: number;
  readonly #clock: Clock;
  readonly #askMonitor: AskMonitor;
  readonly #cpuClock: CpuClock | null;
  readonly #users: UserNames;
  readonly #newcomers: Newcomers;
  readonly #followed = new Map<number, Followed>();
  /** Kernel threads and zombies: they never execute a program. */
  readonly #withoutProgram = new Set<number>();
  #scans = 0;
  #newestId: number | null = null;
  #hiddenProcesses = 0;

  constructor(options: GuestScannerOptions = {}) {
    this.#procRoot = options.procRoot ?? '/proc';
    this.#isQemu = executableTest(options.executables);
    this.#budgetMs = options.monitorBudgetMs ?? 100;
    this.#clock = options.clock ?? systemClock;
    this.#cpuClock = options.cpuClock ?? null;
    const ask = options.askMonitor ?? askMonitor;
    const turnstile = new Turnstile(QUESTIONS_AT_ONCE, QUESTION_PATIENCE_MS);
    this.#askMonitor = (guest) => turnstile.run(() => ask(guest));
    this.#users = new UserNames(options.passwdPath);
    this.#newcomers = new Newcomers(this.#procRoot, this.#isQemu);
  }

  /**
   * Processes whose program the latest scan was not allowed to see: guests may be among them. Always 0 with
   * CAP_SYS_PTRACE; without it all processes of other users count, the kernel's own threads too.
   */
  get hiddenProcesses(): number {
    return this.#hiddenProcesses;
  }

  /** All guests there are now, in order of their pids; `afresh`: even those that rest are looked at. */
  async scan(afresh = false): Promise<readonly Guest[]> {
    this.#users.refresh();
    const newestId = this.#newcomers.newestId();
    const threadsBorn = newestId === null || newestId !== this.#newestId;
    if (this.#scans++ % SCANS_WITHOUT_PROGRAM === 0 || isOver(newestId, this.#newestId)) {
      this.#withoutProgram.clear();
    }
    this.#newestId = newestId;
    const seen = this.#findProcesses(afresh);
    const questions = seen.map(
      ({ followed, stat }) =>
        stat &&
        followed.vcpus.look(stat.state === 'T', threadsBorn || stat.threads !== followed.vcpus.threads),
    );
    await this.#answers(questions.filter((question) => question !== null));
    return seen.flatMap(({ followed, stat }) => {
      const guest = stat ? this.#toGuest(followed, stat) : followed.guest;
      return guest ? [guest] : [];
    });
  }

  /** Whether a guest has started that no scan has seen; costs one read while no process starts. For between two scans. */
  hasNewcomer(): boolean {
    return this.#newcomers.look(this.#followed);
  }

  /** Closes what it holds open of the guests and of /proc. The next scan finds them anew. */
  close(): void {
    for (const pid of [...this.#followed.keys()]) this.#forget(pid);
    this.#newcomers.close();
  }

  #findProcesses(afresh: boolean): readonly Seen[] {
    const nowNs = this.#clock.monotonicNs();
    const pids = (readProcDirectory(this.#procRoot) ?? [])
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
    const present = new Set(pids);
    for (const pid of [...this.#followed.keys()]) if (!present.has(pid)) this.#forget(pid);
    this.#hiddenProcesses = 0;
    return pids.flatMap((pid): readonly Seen[] => {
      const followed = this.#followed.get(pid);
      if (followed?.rest?.rests(nowNs, afresh) && followed.guest) return [{ followed, stat: null }];
      const stat = followed?.process.look();
      if (followed && stat) return [{ followed, stat }];
      this.#forget(pid);
      const found = this.#recognize(pid);
      const now = found?.process.look();
      return found && now ? [{ followed: found, stat: now }] : [];
    });
  }

  /** Never remembered for what is no guest but runs a program: it may become one by execve, under the same pid and start time. */
  #recognize(pid: number): Followed | null {
    if (this.#withoutProgram.has(pid)) return null;
    const link = readProcLink(`${this.#procRoot}/${pid}/exe`);
    if ('forbidden' in link) {
      if (link.forbidden) this.#hiddenProcesses += 1;
      else this.#withoutProgram.add(pid);
      return null;
    }
    if (!this.#isQemu(link.target)) return null;
    const process = GuestProcess.open(this.#procRoot, pid, link.target);
    if (process === null) return null;
    const vcpus = new VcpuFinder(process, this.#procRoot, this.#clock, this.#askMonitor);
    const rest = this.#cpuClock && new GuestRest(pid, this.#cpuClock);
    const followed: Followed = { process, vcpus, guest: null, rest };
    this.#followed.set(pid, followed);
    return followed;
  }

  #forget(pid: number): void {
    const followed = this.#followed.get(pid);
    followed?.process.close();
    followed?.vcpus.close();
    this.#followed.delete(pid);
  }

  async #answers(questions: readonly Promise<void>[]): Promise<void> {
    if (questions.length === 0) return;
    const budget = new AbortController();
    const tooLong = delay(this.#budgetMs, undefined, { signal: budget.signal }).catch(() => {});
    await Promise.race([Promise.all(questions), tooLong]);
    budget.abort();
  }

  #toGuest(followed: Followed, stat: ProcStat): Guest | null {
    const { process, vcpus } = followed;
    const place = process.place();
    if (place === null) return null;
    const guest: Guest = {
      key: `${process.pid}-${process.startTime}`,
      pid: process.pid,
      startTime: process.startTime,
      name: process.claims.name,
      uuid: process.claims.uuid,
      user: this.#users.nameOf(place.uid),
      uid: place.uid,
      ...place.cgroups,
      commandLine: process.commandLine,
      hasTerminal: stat.terminal !== 0,
      qmpSockets: process.qmpSockets,
      ...vcpus.found,
      stopped: stat.state === 'T',
    };
    if (followed.guest === null || !sameGuest(followed.guest, guest)) followed.guest = guest;
    return followed.guest;
  }
}

/** Numbers have started over: one that a kernel thread had may be another's. */
const isOver = (now: number | null, before: number | null): boolean =>
  now !== null && before !== null && now < before;

/**
 * One scan, by a scanner that is used for nothing else: for commands; a daemon keeps a {@link GuestScanner}.
 */
export async function scanGuests(options: GuestScannerOptions = {}): Promise<readonly Guest[]> {
  const scanner = new GuestScanner(options);
  try {
    return await scanner.scan();
  } finally {
    scanner.close();
  }
}
