import type { TaskId } from './cgroups.js';
import type { Journal } from './journal.js';
import type { UndoRecord } from './undo-record.js';

/**
 * Freezes guests whose owner, or whose shell, could undo a signal: by a cgroup that holds nothing but that guest.
 *
 * Contract, for both versions: what is changed is journalled first; every method is idempotent; refusals are errno errors.
 * Freezing itself is the timing thread's, by the file that `enclose` names.
 */
export interface Freezers {
  /** Before anything is enclosed: also thaws whatever a daemon left frozen without a record. */
  prepare(): void;
  /** The file that freezes and thaws the group of this guest, in which it is from now on. */
  enclose(process: TaskId): string;
  /** Thaws it and gives its group back; nothing when it was not enclosed. */
  release(process: TaskId): void;
  /** Whether somebody else has it frozen: it is not ours to thaw, nor to take out of its group. */
  isFrozenByOthers(process: TaskId): boolean;
}

/** What is written into the file of a group. */
export interface FreezerWords {
  readonly frozen: string;
  readonly running: string;
}

/** By the name of the file: `freezer.state` (v1) or `cgroup.freeze` (v2). */
export const freezerWords = (file: string): FreezerWords =>
  file.endsWith(`/${V1_FILE}`) ? { frozen: 'FROZEN', running: 'THAWED' } : { frozen: '1', running: '0' };

export const V1_FILE = 'freezer.state';
export const V2_FILE = 'cgroup.freeze';

export const thawRecord = (process: TaskId, file: string): UndoRecord => ({
  operation: 'thaw',
  pid: process.id,
  startTime: process.startTime,
  file,
});

/** Strikes what the journal says of freezing this process. */
export function clearThaws(process: TaskId, journal: Journal): void {
  for (const { id, undo } of journal.pending()) {
    if (undo.operation === 'thaw' && undo.pid === process.id && undo.startTime === process.startTime) {
      journal.clear(id);
    }
  }
}
