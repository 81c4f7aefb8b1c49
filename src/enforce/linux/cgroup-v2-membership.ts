import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type PinnedThread, pinnedThreads, restoreAffinities, threadsOf } from './affinity.js';
import { cgroupPathOf, isOnRecord, writeValue } from './cgroup-files.js';
import type { TaskId } from './cgroups.js';
import type { Journal } from './journal.js';
import { readStartTime } from './task-stat.js';
import type { UndoRecord } from './undo-record.js';

type MemberRecord = Extract<UndoRecord, { operation: 'member' }>;

/** What is remembered of a process that was gathered. */
interface Origin {
  readonly process: TaskId;
  readonly pinned: readonly PinnedThread[];
  /** cgroup.procs of the group that it was in. */
  readonly home: string;
  /** Ids in the journal, oldest first. */
  readonly records: number[];
}

/**
 * Moves processes and threads between groups of the unified hierarchy, and back to where they were found, each time
 * checking that the number still names the task that is meant. Moves keep the affinity of pinned threads.
 */
export class Membership {
  readonly #origins = new Map<string, Origin>();

  constructor(
    private readonly mount: string,
    private readonly journal: Journal,
  ) {}

  /** Journals where the process and its threads are now, and their affinities. */
  remember(process: TaskId): void {
    this.#forget(process);
    this.#forgetTheEnded();
    const home = cgroupPathOf(`${process.id}`, '');
    if (home === null) throw gone(process);
    const pinned = pinnedThreads(process.id);
    const records: number[] = [];
    const procs = this.#file(home, 'cgroup.procs');
    this.#origins.set(keyOf(process), { process, pinned, home: procs, records });
    // Undone from the last to the first: the process, threads that had groups of their own, affinities.
    for (const { id, startTime, mask } of pinned) {
      this.#record(process, { operation: 'affinity', tid: id, startTime, mask });
    }
    for (const id of threadsOf(process.id)) {
      const path = cgroupPathOf(`${process.id}/task/${id}`, '');
      const startTime = readStartTime(id);
      if (path === null || path === home || startTime === null) continue;
      this.#record(process, { operation: 'member', id, startTime, file: this.#file(path, 'cgroup.threads') });
    }
    this.#record(process, { operation: 'member', ...process, file: procs });
  }

  /**
   * Journals again where processes were found that are `ours` though no record says so: the guardian of a daemon that seemed to
   * hang has put them back, and a move that was under way came after that.
   */
  journalAgain(ours: (process: TaskId) => boolean): void {
    for (const { process, home } of this.#origins.values()) {
      if (readStartTime(process.id) !== process.startTime || !ours(process) || !existsSync(home)) continue;
      const { id, startTime } = process;
      if (isOnRecord(id, startTime, join(this.mount, 'cgroup.procs'), this.journal)) continue;
      this.#record(process, { operation: 'member', id, startTime, file: home });
    }
  }

  /** Moves all threads of the process; when the kernel refuses, what was remembered for this move is forgotten. */
  moveProcess(process: TaskId, file: string): void {
    const pinned = pinnedThreads(process.id);
    try {
      this.#move(process, file);
    } catch (error) {
      const path = cgroupPathOf(`${process.id}`, '');
      const records = this.#pendingOf(process).filter(isMember);
      if (path === null || records.some(({ undo }) => undo.file === this.#file(path, 'cgroup.procs'))) {
        this.#forget(process);
      }
      throw error;
    }
    restoreAffinities(pinned);
  }

  /** Puts a thread into `inside` and journals `outside`, the file that takes it back to its process. */
  confineThread(process: TaskId, thread: TaskId, inside: string, outside: string): void {
    this.#record(process, { operation: 'member', ...thread, file: outside });
    try {
      this.#move(thread, inside);
    } catch (error) {
      this.#strike(process, thread, outside);
      throw error;
    }
  }

  /** Takes a thread back to its process, and the journal's record with it. */
  releaseThread(process: TaskId, thread: TaskId, outside: string): void {
    if (readStartTime(thread.id) === thread.startTime) this.#move(thread, outside);
    this.#strike(process, thread, outside);
  }

  /** The same for every thread of the process that was confined. */
  releaseThreads(process: TaskId, outside: string): void {
    for (const { undo } of this.#pendingOf(process).filter(isMember)) {
      if (undo.file === outside) this.releaseThread(process, undo, outside);
    }
  }

  /** Returns the process to where `remember` found it; where that is gone, to the nearest group above that takes it. */
  putBack(process: TaskId): void {
    const origin = this.#origins.get(keyOf(process));
    for (const { id, undo } of [...this.#pendingOf(process)].reverse()) {
      if (undo.operation === 'member' && readStartTime(undo.id) === undo.startTime) this.#return(undo);
      this.journal.clear(id);
    }
    restoreAffinities(origin?.pinned ?? []);
    this.#origins.delete(keyOf(process));
  }

  #return({ id, file }: MemberRecord): void {
    // A group that ran empty while its process was with us may have been removed, or made into an inner one.
    let directory = dirname(file);
    for (;;) {
      try {
        writeValue(join(directory, basename(file)), `${id}`);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
        // The group of a thread makes sense within its process's only: the process as a whole has been put back.
        if (basename(file) === 'cgroup.threads') return;
        if (directory === this.mount) throw error;
      }
      directory = dirname(directory);
    }
  }

  #move(task: TaskId, file: string): void {
    const home = cgroupPathOf(`${task.id}`, '');
    if (home === null || readStartTime(task.id) !== task.startTime) throw gone(task);
    writeValue(file, `${task.id}`);
    const now = readStartTime(task.id);
    if (now === task.startTime) return;
    // The number was given to another task in between, and that one was moved: back with it.
    if (now !== null) writeValue(this.#file(home, basename(file)), `${task.id}`);
    throw gone(task);
  }

  #record(process: TaskId, undo: UndoRecord): void {
    const standing = new Set(this.journal.pending().map(({ id }) => id));
    const id = this.journal.record(undo);
    // One that stands already is someone else's to strike.
    if (!standing.has(id)) this.#origins.get(keyOf(process))?.records.push(id);
  }

  #pendingOf(process: TaskId): readonly { readonly id: number; readonly undo: UndoRecord }[] {
    const ids = new Set(this.#origins.get(keyOf(process))?.records);
    return this.journal.pending().filter(({ id }) => ids.has(id));
  }

  #strike(process: TaskId, thread: TaskId, file: string): void {
    for (const { id, undo } of this.#pendingOf(process).filter(isMember)) {
      if (undo.id === thread.id && undo.startTime === thread.startTime && undo.file === file) {
        this.journal.clear(id);
      }
    }
  }

  #forget(process: TaskId): void {
    for (const { id } of this.#pendingOf(process)) this.journal.clear(id);
    this.#origins.delete(keyOf(process));
  }

  /** Guests end without being put back: a daemon of months must not keep what it knew of each. */
  #forgetTheEnded(): void {
    for (const [key, { process }] of this.#origins) {
      if (readStartTime(process.id) !== process.startTime) this.#origins.delete(key);
    }
  }

  #file(path: string, name: string): string {
    return join(this.mount, path, name);
  }
}

const keyOf = (task: TaskId): string => `${task.id}-${task.startTime}`;

const isMember = (entry: {
  readonly id: number;
  readonly undo: UndoRecord;
}): entry is { readonly id: number; readonly undo: MemberRecord } => entry.undo.operation === 'member';

const gone = (task: TaskId): Error =>
  Object.assign(new Error(`process or thread ${task.id} has ended`), { code: 'ESRCH' });
