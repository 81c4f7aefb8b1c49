import { readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { freezerWords, V1_FILE } from './freezers.js';
import { pidfdSendSignal } from './syscalls.js';
import { hasPending, readTaskStat } from './task-stat.js';

/**
 * Stops one guest and lets it go on. Results are 0 or -errno. Each takes effect by itself, a moment later; `isOn` reads it
 * back. Twice is safe.
 */
export interface Brake {
  stop(): number;
  letGo(): number;
  isOn(): boolean;
  /** Its owner ends it, which it cannot notice while it is stopped. */
  isInTheWay(): boolean;
}

/** By SIGSTOP and SIGCONT. SIGKILL works on what is stopped. `pidfd` remains the caller's. */
export const signalBrake = (pid: number, pidfd: number): Brake => ({
  stop: () => pidfdSendSignal(pidfd, constants.signals.SIGSTOP),
  letGo: () => pidfdSendSignal(pidfd, constants.signals.SIGCONT),
  isOn: () => readTaskStat(pid)?.state === 'T',
  isInTheWay: () => false,
});

/** By the freezer of a group that holds only this guest; `file` is opened each time, for a group may be made anew. */
export function freezerBrake(pid: number, file: string): Brake {
  const { frozen, running } = freezerWords(file);
  const put = (word: string): number => {
    try {
      writeFileSync(file, word, { flag: 'r+' });
      return 0;
    } catch (error) {
      return (error as NodeJS.ErrnoException).errno ?? -constants.errno.EIO;
    }
  };
  const isV1 = file.endsWith(V1_FILE);
  return {
    stop: () => put(frozen),
    letGo: () => put(running),
    isOn: () => {
      try {
        // v1 tells FREEZING until the last thread has noticed.
        const word = readFileSync(file, 'latin1').trim();
        return word === frozen || word === 'FREEZING';
      } catch {
        return true; // the group has gone, and the guest with it
      }
    },
    // The freezer of v1 lets not even SIGKILL through.
    isInTheWay: () => isV1 && hasPending(pid, constants.signals.SIGKILL),
  };
}
