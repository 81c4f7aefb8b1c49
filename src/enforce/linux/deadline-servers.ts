import { setTimeout as delay } from 'node:timers/promises';
import { readThreadCpuNs } from '../../qemu/cpu-time.js';
import type { ObservedServer } from '../host.js';
import { onlineCores, readAffinity, writeAffinity } from './affinity.js';
import type { Cgroups, TaskId } from './cgroups.js';
import { errnoError } from './errno-error.js';
import type { Journal } from './journal.js';
import { signalProcess } from './process-signal.js';
import {
  deadlineAttributes,
  NORMAL,
  readSchedAttributes,
  SCHED_DEADLINE,
  SCHED_NORMAL,
  type SchedAttributes,
  writeSchedAttributes,
} from './sched-attributes.js';
import { isStopping, readStartTime, readTaskStat } from './task-stat.js';
import type { UndoRecord } from './undo-record.js';

/*
 * The life cycle of a reservation on one thread: absent → requested → held (→ changed) → leaving → absent.
 *
 * Entering: class first, then the cpuset, for the kernel admits a SCHED_DEADLINE thread only while its affinity spans
 * the whole root domain. Changing: out of the cpuset, new parameters, in again.
 *
 * Leaving (measured on Linux 6.18, docs/decisions/0001-leaving-sched-deadline.md):
 * - A thread that is not runnable, set straight to NORMAL, takes its bandwidth with it for good. It is first shrunk to
 *   the least server, whose bandwidth rounds to nothing.
 * - A runnable thread must not be shrunk first: if it is throttled its debt is then repaid at 1,024 ns in 4.2 s, and
 *   the next reservation it gets never runs. Set straight to NORMAL it leaks nothing, unless it blocks in that very
 *   moment; so its process is stopped for at most a period, which makes it one that is not runnable.
 */

/** The least server that the kernel grants (1,024 ns every 4.194304 s). */
const LEAST = deadlineAttributes(1_024n, 4_194_304_000n);
const HOLD_STEP_MS = 2;
const HOLD_LIMIT_MS = 300;
/** A runnable thread that made no progress for this many of its periods has lost its replenishment. */
const STUCK_PERIODS = 3n;
const STUCK_LEAST_NS = 2_000_000_000n;

export interface ReserveRequest {
  readonly process: TaskId;
  readonly thread: TaskId;
  readonly budgetNs: bigint;
  readonly periodNs: bigint;
  /** Null: not confined. */
  readonly core: number | null;
}

/** What confines threads to cores. */
type Confinement = Pick<Cgroups, 'confine' | 'coreOf'>;

/** Where no cpuset may be written: reservations of threads that run on any core (admitted globally). */
export const NO_CONFINEMENT: Confinement = {
  coreOf: () => null,
  confine: (_process, thread, core) => {
    if (core === null) return;
    throw Object.assign(new Error(`no cpuset to confine thread ${thread.id} with`), { code: 'ENOTSUP' });
  },
};

interface Progress {
  readonly cpuNs: bigint;
  readonly sinceNs: bigint;
}

/** Gives threads SCHED_DEADLINE reservations and takes them back. Refusals are thrown as errno errors. */
export class DeadlineServers {
  readonly #progress = new Map<number, Progress>();

  constructor(
    private readonly cgroups: Confinement,
    private readonly journal: Journal,
  ) {}

  async reserve(request: ReserveRequest): Promise<void> {
    const { process, thread, core } = request;
    const wanted = deadlineAttributes(request.budgetNs, request.periodNs);
    const current = this.#attributes(thread);
    if (current.policy !== SCHED_DEADLINE) {
      this.#remember(process, thread, current);
      this.#widenAffinity(thread);
      this.#write(thread, wanted);
    } else if (current.runtimeNs !== wanted.runtimeNs || current.periodNs !== wanted.periodNs) {
      if (this.cgroups.coreOf(process.id, thread.id) !== null) this.cgroups.confine(process, thread, null);
      this.#write(thread, wanted);
    }
    try {
      this.#confine(process, thread, core);
    } catch (error) {
      await this.leave(process, thread, { hold: false });
      throw error;
    }
  }

  /** `hold`: the process may be stopped for a moment (not when a shell watches it). */
  async leave(process: TaskId, thread: TaskId, { hold }: { hold: boolean }): Promise<void> {
    this.#progress.delete(thread.id);
    const record = this.#recordOf('sched', thread);
    if (readStartTime(thread.id) !== thread.startTime) {
      if (record) this.journal.clear(record.id);
      return;
    }
    if (this.cgroups.coreOf(process.id, thread.id) !== null) this.cgroups.confine(process, thread, null);
    const undo = record?.undo.operation === 'sched' ? record.undo : null;
    const original: SchedAttributes = {
      policy: undo?.policy ?? SCHED_NORMAL,
      nice: undo?.nice ?? 0,
      priority: undo?.priority ?? 0,
      resetOnFork: false,
      runtimeNs: 0n,
      periodNs: 0n,
    };
    await this.#leaveClass(process, thread, original, hold);
    this.#restoreAffinity(thread);
    if (record) this.journal.clear(record.id);
  }

  /** What the kernel says the thread holds; null when it is not SCHED_DEADLINE. */
  observe(pid: number, tid: number): ObservedServer | null {
    const attributes = readSchedAttributes(tid);
    if (typeof attributes === 'number' || attributes.policy !== SCHED_DEADLINE) return null;
    return {
      budgetNs: attributes.runtimeNs,
      periodNs: attributes.periodNs,
      core: this.cgroups.coreOf(pid, tid),
    };
  }

  /**
   * Frees a thread whose replenishment the kernel has lost: runnable, yet without a nanosecond of CPU for several of
   * its periods. Answers whether there was anything to do.
   */
  healIfStuck(pid: number, thread: TaskId, server: ObservedServer, nowNs: bigint): boolean {
    const cpuNs = readThreadCpuNs(pid, thread.id);
    const runnable = readTaskStat(thread.id)?.state === 'R';
    const last = this.#progress.get(thread.id);
    if (cpuNs === null || !runnable || !last || last.cpuNs !== cpuNs) {
      if (cpuNs !== null) this.#progress.set(thread.id, { cpuNs, sinceNs: nowNs });
      return false;
    }
    const patience = server.periodNs * STUCK_PERIODS;
    if (nowNs - last.sinceNs < (patience > STUCK_LEAST_NS ? patience : STUCK_LEAST_NS)) return false;
    this.#progress.delete(thread.id);
    writeSchedAttributes(thread.id, NORMAL);
    return true; // the next reconciliation finds it without its server and gives it one
  }

  #confine(process: TaskId, thread: TaskId, core: number | null): void {
    if (this.cgroups.coreOf(process.id, thread.id) !== core) this.cgroups.confine(process, thread, core);
  }

  async #leaveClass(
    process: TaskId,
    thread: TaskId,
    original: SchedAttributes,
    hold: boolean,
  ): Promise<void> {
    const undo: UndoRecord = { operation: 'continue', pid: process.id, startTime: process.startTime };
    // Stopped already, by its user or by the timetable: a throttled thread only has yet to notice.
    const stoppedByOthers = isStopping(process.id);
    const mustHold = hold && !stoppedByOthers && readTaskStat(thread.id)?.state === 'R';
    const onDutyCycle = this.journal.standing(undo);
    const record = mustHold ? this.journal.record(undo) : null;
    try {
      if (mustHold) signalProcess(process, 'SIGSTOP');
      const state = await stateOnceStopped(thread, mustHold || stoppedByOthers);
      if (state !== 'R') this.#write(thread, LEAST);
      this.#write(thread, original);
    } finally {
      if (record !== null) {
        signalProcess(process, 'SIGCONT');
        if (!onDutyCycle) this.journal.clear(record);
      }
    }
  }

  #attributes(thread: TaskId): SchedAttributes {
    if (readStartTime(thread.id) !== thread.startTime) throw errnoError(-3, `thread ${thread.id} has ended`);
    const attributes = readSchedAttributes(thread.id);
    if (typeof attributes === 'number')
      throw errnoError(attributes, `reading the class of thread ${thread.id}`);
    return attributes;
  }

  #write(thread: TaskId, attributes: SchedAttributes): void {
    const result = writeSchedAttributes(thread.id, attributes);
    if (result < 0) throw errnoError(result, `setting the scheduling class of thread ${thread.id}`);
  }

  #remember(process: TaskId, thread: TaskId, current: SchedAttributes): void {
    this.journal.record({
      operation: 'sched',
      pid: process.id,
      tid: thread.id,
      startTime: thread.startTime,
      policy: current.policy,
      nice: current.nice,
      priority: current.priority,
    });
  }

  /** The kernel admits a SCHED_DEADLINE thread only while it may use every core of its root domain. */
  #widenAffinity(thread: TaskId): void {
    const mask = readAffinity(thread.id);
    if (mask === null || BigInt(`0x${mask}`) === onlineCores()) return;
    this.journal.record({ operation: 'affinity', tid: thread.id, startTime: thread.startTime, mask });
    const result = writeAffinity(thread.id, onlineCores().toString(16).padStart(mask.length, '0'));
    if (result < 0) throw errnoError(result, `widening the affinity of thread ${thread.id}`);
  }

  #restoreAffinity(thread: TaskId): void {
    const record = this.#recordOf('affinity', thread);
    if (record?.undo.operation !== 'affinity') return;
    writeAffinity(thread.id, record.undo.mask);
    this.journal.clear(record.id);
  }

  #recordOf(operation: 'sched' | 'affinity', thread: TaskId): { id: number; undo: UndoRecord } | undefined {
    return this.journal
      .pending()
      .find(
        ({ undo }) =>
          undo.operation === operation && undo.tid === thread.id && undo.startTime === thread.startTime,
      );
  }
}

/** State of a thread; when its process is being stopped, once it has noticed, or after a while in any case. */
async function stateOnceStopped(thread: TaskId, stopping: boolean): Promise<string | undefined> {
  let state = readTaskStat(thread.id)?.state;
  for (let waited = 0; stopping && state === 'R' && waited < HOLD_LIMIT_MS; waited += HOLD_STEP_MS) {
    await delay(HOLD_STEP_MS);
    state = readTaskStat(thread.id)?.state;
  }
  return state;
}
