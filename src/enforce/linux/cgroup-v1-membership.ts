import { join } from 'node:path';
import { cgroupPathOf, isOnRecord, writeValue } from './cgroup-files.js';
import type { TaskId } from './cgroups.js';
import type { Journal } from './journal.js';
import { readStartTime } from './task-stat.js';

/** Moves tasks between groups of one v1 hierarchy, and back to where they were found. */
export class V1Membership {
  /** `controller` names the hierarchy that is mounted at `mount`; `cgroup.procs` moves processes, `tasks` threads. */
  constructor(
    private readonly mount: string,
    private readonly controller: string,
    private readonly fileName: 'cgroup.procs' | 'tasks',
    private readonly sliceName: string,
    private readonly journal: Journal,
  ) {}

  /** Path of the task in this hierarchy; throws ESRCH when it has ended. */
  originOf(task: TaskId): string {
    const origin = cgroupPathOf(`${task.id}`, this.controller);
    if (origin === null) throw gone(task.id);
    return origin;
  }

  /** Where a task came from; one that a daemon left in our slice without saying so came from the root, for all we know. */
  remember(task: TaskId, origin: string): void {
    if (isOnRecord(task.id, task.startTime, this.#file('/'), this.journal)) return;
    const home = `${origin}/`.startsWith(`/${this.sliceName}/`) ? '/' : origin;
    this.journal.record({
      operation: 'member',
      id: task.id,
      startTime: task.startTime,
      file: this.#file(home),
    });
  }

  /** Writes the number only while it still names the same task; a reused one is put back by nobody but is not ours. */
  move(task: TaskId, directory: string): void {
    if (readStartTime(task.id) !== task.startTime) throw gone(task.id);
    writeValue(join(directory, this.fileName), `${task.id}`);
  }

  /** Back to where it was found; nothing when it was not moved. */
  undo(task: TaskId): void {
    for (const { id, undo } of this.journal.pending()) {
      if (undo.operation !== 'member' || undo.id !== task.id || undo.startTime !== task.startTime) continue;
      if (!undo.file.startsWith(`${this.mount}/`) || !undo.file.endsWith(`/${this.fileName}`)) continue;
      if (readStartTime(task.id) === task.startTime) writeValue(undo.file, `${task.id}`);
      this.journal.clear(id);
    }
  }

  #file(home: string): string {
    return join(this.mount, home, this.fileName);
  }
}

const gone = (id: number): Error =>
  Object.assign(new Error(`process or thread ${id} has ended`), { code: 'ESRCH' });
