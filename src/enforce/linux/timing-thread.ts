import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../support/start-worker.js';
import type { DutyEntry, RunningTimetable } from '../host.js';
import type { TaskId } from './cgroups.js';
import { thawRecord } from './freezers.js';
import type { Journal } from './journal.js';
import { wakeAll } from './syscalls.js';
import { isStopped } from './task-stat.js';
import {
  COUNTER,
  COUNTERS_PER_SLOT,
  DOORBELL,
  doorbellOf,
  type FromTimingThread,
  LATENESS,
  LATENESS_OFFSET,
  LATENESS_STEP_NS,
  LATENESS_STEPS,
  LATENESS_STEPS_OFFSET,
  MAIN_TICK,
  SHARED_WORDS,
  SLOTS,
  type TimedGuest,
  type TimingScheduling,
  type ToTimingThread,
} from './timing-protocol.js';
import type { UndoRecord } from './undo-record.js';

const TICK_MS = 500;

/** How long a guest has been let run and held, in all, since it first came under a timetable. */
export interface DutyTimes {
  readonly allowedNs: bigint;
  readonly stoppedNs: bigint;
  readonly held: boolean;
}

export interface WakeUpLateness {
  readonly count: number;
  readonly meanNs: number;
  readonly maxNs: number;
  /** 99% were not later, to 10 us upwards; where more than 1% were over a millisecond late, the latest. */
  readonly p99Ns: number;
}

/** Whom an entry of a timetable is about, and the file that freezes it; null: it is stopped by signals. */
export interface TimedProcess {
  readonly process: TaskId;
  /** Thread ids of its virtual CPUs, as far as they are known. */
  readonly vcpus: readonly number[];
  readonly freezer: string | null;
}

/** The daemon's side of the timing thread: constructor does nothing, `start` starts the thread, `stop` lets all run. */
export class TimingThread {
  #worker: Worker | null = null;
  #version = 0;
  #timetable: RunningTimetable | null = null;
  #scheduling: TimingScheduling = 'normal';
  readonly #shared = new SharedArrayBuffer(SHARED_WORDS * 8);
  readonly #counters = new BigInt64Array(this.#shared);
  readonly #doorbell = doorbellOf(this.#shared);
  readonly #slots = new Map<string, number>();
  readonly #freeSlots: number[] = [];
  readonly #processes = new Map<string, TimedProcess>();
  /** Guests under the timetable that their users have stopped. */
  readonly #stoppedByUser = new Set<string>();
  readonly #waiting = new Map<number, () => void>();

  #ticking: NodeJS.Timeout | null = null;

  constructor(
    private readonly journal: Journal & { readonly revoked: boolean },
    private readonly onFailure: (message: string) => void,
  ) {}

  /** What is in force; null before the first. */
  get timetable(): RunningTimetable | null {
    return this.#timetable;
  }

  /** The scheduling class that the thread got: without `deadline` its wake-ups may be late under load. */
  get scheduling(): TimingScheduling {
    return this.#scheduling;
  }

  async start(): Promise<void> {
    this.#tick();
    this.#ticking = setInterval(() => this.#tick(), TICK_MS).unref();
    const worker = startWorker('timing-worker', import.meta.url, {
      workerData: this.#shared,
      // Its pidfds come from a system call: Node must not count them as leaked.
      trackUnmanagedFds: false,
    });
    this.#worker = worker;
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.on('message', (message: FromTimingThread) => {
        if (message.kind === 'ready') {
          this.#scheduling = message.scheduling;
          worker.off('error', reject);
          worker.on('error', (error) => this.onFailure(`the timing thread ended: ${String(error)}`));
          resolve();
        } else this.#receive(message);
      });
    });
  }

  /** Sends heartbeats there from now on. Resolves when nothing is sent to where they went before. */
  setGuardian(descriptor: number | null): Promise<void> {
    return this.#send((version) => ({ kind: 'guardian', version, descriptor }));
  }

  /** Resolves when the timetable is in force and every guest that left it runs again. */
  async setTimetable(
    timetable: RunningTimetable,
    find: (entry: DutyEntry) => TimedProcess | null,
  ): Promise<void> {
    const guests: TimedGuest[] = [];
    const before = new Map(this.#processes);
    for (const entry of timetable.entries) {
      const { guest, windows } = entry;
      const found = find(entry);
      if (!found) continue;
      const { process, vcpus, freezer } = found;
      this.#processes.set(guest, found);
      // A guest that its user stopped is not journalled: a release must not wake it. The thread finds it stopped.
      const stoppedByUser = !this.#isHeld(guest) && isStopped(process.id);
      if (stoppedByUser) this.#stoppedByUser.add(guest);
      else this.journal.record(undoOf(found));
      const slot = this.#slotOf(guest);
      const { id: pid, startTime } = process;
      guests.push({ guest, pid, startTime, vcpus, slot, freezer, windows });
    }
    const { hyperperiodNs } = timetable;
    await this.#send((version) => ({ kind: 'timetable', version, hyperperiodNs, guests }));
    this.#timetable = timetable;
    const staying = new Set(guests.map(({ guest }) => guest));
    for (const [guest, timed] of before) {
      if (staying.has(guest) && this.#processes.get(guest)?.freezer === timed.freezer) continue;
      this.#clear(timed);
      if (staying.has(guest)) continue;
      this.#processes.delete(guest);
      this.#stoppedByUser.delete(guest);
    }
  }

  /** After the guardian has undone the journal: writes down again what the thread may hold already. */
  journalAgain(): void {
    for (const [guest, timed] of this.#processes) {
      if (this.#isHeld(guest)) this.journal.record(undoOf(timed));
    }
  }

  /** Whether it is we who would have stopped this guest: between two looks at it the timing thread may have acted. */
  governs(guest: string): boolean {
    return this.#processes.has(guest) && !this.#stoppedByUser.has(guest);
  }

  /** Whether it is under the timetable. */
  isTimed(guest: string): boolean {
    return this.#processes.has(guest);
  }

  timesOf(guest: string, nowNs: bigint): DutyTimes {
    const slot = this.#slots.get(guest);
    if (slot === undefined) return { allowedNs: 0n, stoppedNs: 0n, held: false };
    const read = (counter: keyof typeof COUNTER): bigint =>
      Atomics.load(this.#counters, slot * COUNTERS_PER_SLOT + COUNTER[counter]);
    const held = read('held') === 1n;
    const running = this.#processes.has(guest) ? nowNs - read('sinceNs') : 0n;
    const since = running > 0n ? running : 0n;
    return {
      allowedNs: read('allowedNs') + (held ? 0n : since),
      stoppedNs: read('stoppedNs') + (held ? since : 0n),
      held,
    };
  }

  lateness(): WakeUpLateness {
    const read = (word: keyof typeof LATENESS): number =>
      Number(Atomics.load(this.#counters, LATENESS_OFFSET + LATENESS[word]));
    const count = read('count');
    const maxNs = read('maxNs');
    return {
      count,
      meanNs: count === 0 ? 0 : read('sumNs') / count,
      maxNs,
      p99Ns: this.#p99Ns(count, maxNs),
    };
  }

  #p99Ns(count: number, maxNs: number): number {
    let seen = 0;
    for (let step = 0; step < LATENESS_STEPS - 1; step++) {
      seen += Number(Atomics.load(this.#counters, LATENESS_STEPS_OFFSET + step));
      if (count > 0 && seen >= 0.99 * count) return Math.min((step + 1) * Number(LATENESS_STEP_NS), maxNs);
    }
    return maxNs;
  }

  /** Forgets guests that have ended, so that their slots serve others. */
  forget(guest: string): void {
    const slot = this.#slots.get(guest);
    const process = this.#processes.get(guest);
    if (process) this.#clear(process);
    this.#processes.delete(guest);
    this.#stoppedByUser.delete(guest);
    if (slot === undefined) return;
    this.#slots.delete(guest);
    this.#counters.fill(0n, slot * COUNTERS_PER_SLOT, (slot + 1) * COUNTERS_PER_SLOT);
    this.#freeSlots.push(slot);
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    this.#worker = null;
    if (this.#ticking) clearInterval(this.#ticking);
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#post(worker, { kind: 'end' });
    await ended;
    for (const process of this.#processes.values()) this.#clear(process);
    this.#processes.clear();
  }

  #send(message: (version: number) => ToTimingThread): Promise<void> {
    const version = ++this.#version;
    return new Promise((resolve) => {
      if (!this.#worker) {
        resolve();
        return;
      }
      this.#waiting.set(version, resolve);
      this.#post(this.#worker, message(version));
    });
  }

  /** It looks for messages only when the doorbell has rung. */
  #post(worker: Worker, message: ToTimingThread): void {
    worker.postMessage(message);
    Atomics.add(this.#counters, DOORBELL, 1n);
    wakeAll(this.#doorbell);
  }

  #receive(message: FromTimingThread): void {
    switch (message.kind) {
      case 'applied':
        this.#waiting.get(message.version)?.();
        this.#waiting.delete(message.version);
        return;
      case 'user-stopped': {
        const process = this.#processes.get(message.guest);
        this.#stoppedByUser.add(message.guest);
        if (process) this.#clear(process);
        return;
      }
      case 'user-continued': {
        const process = this.#processes.get(message.guest);
        // With the journal revoked nothing is on record: the thread asks again until it is.
        if (!process || this.journal.revoked) return;
        this.#stoppedByUser.delete(message.guest);
        this.journal.record(undoOf(process));
        if (this.#worker) this.#post(this.#worker, { kind: 'govern', guest: message.guest });
        return;
      }
      case 'failed':
        this.onFailure(`guest ${message.guest} could not be stopped or let run (errno ${-message.errno})`);
        return;
      default:
    }
  }

  #tick(): void {
    Atomics.store(this.#counters, MAIN_TICK, process.hrtime.bigint());
  }

  #isHeld(guest: string): boolean {
    const slot = this.#slots.get(guest);
    return slot !== undefined && Atomics.load(this.#counters, slot * COUNTERS_PER_SLOT + COUNTER.held) === 1n;
  }

  #slotOf(guest: string): number {
    const known = this.#slots.get(guest);
    if (known !== undefined) return known;
    const slot = this.#freeSlots.pop() ?? this.#slots.size;
    if (slot >= SLOTS)
      throw Object.assign(new Error(`more than ${SLOTS} guests on duty cycles`), { code: 'ENOSPC' });
    this.#slots.set(guest, slot);
    return slot;
  }

  #clear(timed: TimedProcess): void {
    const record = undoOf(timed);
    if (this.journal.standing(record)) this.journal.clear(this.journal.record(record));
  }
}

const undoOf = ({ process, freezer }: TimedProcess): UndoRecord =>
  freezer === null
    ? { operation: 'continue', pid: process.id, startTime: process.startTime }
    : thawRecord(process, freezer);
