import type { Guest } from '../../../qemu/guest.js';
import { errnoError } from '../errno-error.js';
import type { Journal } from '../journal.js';
import { readLimit } from '../process-limits.js';
import {
  fifoAttributes,
  readSchedAttributes,
  restoreSchedAttributes,
  SCHED_DEADLINE,
  SCHED_FIFO,
  writeSchedAttributes,
} from '../sched-attributes.js';
import { readStartTime } from '../task-stat.js';
import type { UndoRecord } from '../undo-record.js';
import type { GuestKnob, SettingOfKnob } from './guest-knob.js';

type Priority = SettingOfKnob<'priority'>;

interface Thread {
  readonly tid: number;
  readonly startTime: bigint;
}

/** A thread that we raised: what undoes it, and its record's id in the journal. */
interface Raised {
  readonly undo: Extract<UndoRecord, { operation: 'sched' }>;
  readonly record: number;
}

/**
 * SCHED_FIFO for a guest's virtual CPUs and its main loop; threads that these start are ordinary ones. Only for guests that
 * the timetable in force stops: nothing else would take the CPU from them again.
 */
export class PriorityKnob implements GuestKnob<'priority'> {
  readonly knob = 'priority';
  readonly #raised = new Map<string, Map<number, Raised>>();

  constructor(
    private readonly journal: Journal,
    /** Whether the timetable in force has this guest, by its key. */
    private readonly isTimed: (guest: string) => boolean,
  ) {}

  async set(guest: Guest, { priority }: Priority): Promise<void> {
    if (!this.isTimed(guest.key)) throw failure('ENOTSUP', 'no timetable is in force that stops it');
    requireUnlimited(guest);
    const raised = this.#standing(guest.key);
    this.#raised.set(guest.key, raised);
    try {
      for (const { tid, startTime } of threadsOf(guest)) {
        if (readStartTime(tid) === startTime) this.#raise(guest, { tid, startTime }, priority, raised);
      }
    } catch (error) {
      await this.unset(guest);
      throw error;
    }
  }

  async unset(guest: Guest): Promise<void> {
    for (const [tid, { undo }] of this.#standing(guest.key)) {
      if (readStartTime(tid) !== undo.startTime || policyOf(tid) !== SCHED_FIFO) continue;
      const result = restoreSchedAttributes(tid, undo);
      if (result < 0) throw errnoError(result, `giving thread ${tid} its scheduling class back`);
    }
    this.forget(guest.key);
  }

  /** 0: one of its threads has lost it, or is new. */
  observe(guest: Guest): Priority | null {
    if (this.#standing(guest.key).size === 0) return null;
    const priorities = threadsOf(guest).flatMap(({ tid }) => {
      const attributes = readSchedAttributes(tid);
      if (typeof attributes === 'number') return [];
      return attributes.policy === SCHED_FIFO ? attributes.priority : 0;
    });
    return { knob: 'priority', priority: Math.min(...priorities) };
  }

  forget(key: string): void {
    for (const { undo, record } of this.#raised.get(key)?.values() ?? []) {
      if (this.journal.standing(undo)) this.journal.clear(record);
    }
    this.#raised.delete(key);
  }

  #raise({ pid }: Guest, { tid, startTime }: Thread, priority: number, raised: Map<number, Raised>): void {
    const current = readSchedAttributes(tid);
    if (typeof current === 'number') return; // it ended
    if (current.policy === SCHED_DEADLINE) throw failure('ENOTSUP', `thread ${tid} holds a reservation`);
    if (raised.get(tid)?.undo.startTime !== startTime) {
      const { policy, nice, priority: before } = current;
      const undo = { operation: 'sched', pid, tid, startTime, policy, nice, priority: before } as const;
      raised.set(tid, { undo, record: this.journal.record(undo) });
    }
    if (current.policy === SCHED_FIFO && current.priority === priority) return;
    const result = writeSchedAttributes(tid, fifoAttributes(priority));
    if (result < 0) throw errnoError(result, `real-time priority of thread ${tid}`);
  }

  /** Without what the guardian has undone meanwhile. */
  #standing(key: string): Map<number, Raised> {
    const raised = [...(this.#raised.get(key) ?? [])];
    return new Map(raised.filter(([, { undo }]) => this.journal.standing(undo)));
  }
}

/** Those that a plan's servers would be on. */
const threadsOf = ({ pid, startTime, vcpus }: Guest): readonly Thread[] => [
  { tid: pid, startTime },
  ...vcpus.filter(({ tid }) => tid !== pid),
];

function policyOf(tid: number): number | null {
  const attributes = readSchedAttributes(tid);
  return typeof attributes === 'number' ? null : attributes.policy;
}

/** @throws ENOTSUP where the kernel would end the guest for computing so long under a real-time class (man 2 setrlimit). */
function requireUnlimited({ pid }: Guest): void {
  const limit = readLimit('Max realtime timeout', pid) ?? Number.POSITIVE_INFINITY;
  if (limit === Number.POSITIVE_INFINITY) return;
  throw failure(
    'ENOTSUP',
    `its RLIMIT_RTTIME is ${limit} us, after which the kernel would end it: start it with 'prlimit --rttime=unlimited'`,
  );
}

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });
