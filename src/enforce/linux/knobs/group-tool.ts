import type { Guest } from '../../../qemu/guest.js';
import type { UndoRecord } from '../undo-record.js';
import type { GroupState } from './own-group-files.js';

/** How a manager is told what to set on the cgroup of a guest that it placed there. */
export interface GroupTool {
  /** Asks how it is now: what undoes anything set from now on. Rejects where the manager does not answer. */
  remember(guest: Guest): Promise<readonly UndoRecord[]>;
  /** Sets both; null: as `before` has it. Rejects where the manager refuses. */
  apply(guest: Guest, wanted: GroupState, before: readonly UndoRecord[]): Promise<void>;
}
