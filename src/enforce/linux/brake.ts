import { readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { freezerWords, V1_FILE } from './freezers.js';
import { pidfdSendSignal, tgkill } from './syscalls.js';
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

/** A process with its virtual CPUs, by thread ids: none where they are not known. `pidfd` remains the caller's. */
export interface SignalledProcess {
  readonly pid: number;
  readonly pidfd: number;
  readonly vcpus: readonly number[];
}

/** By SIGSTOP and SIGCONT. SIGKILL works on what is stopped. */
export const signalBrake = ({ pid, pidfd, vcpus }: SignalledProcess): Brake => ({
  stop: () => stopBySignal({ pid, pidfd, vcpus }),
  letGo: () => pidfdSendSignal(pidfd, constants.signals.SIGCONT),
  isOn: () => readTaskStat(pid)?.state === 'T',
  isInTheWay: () => false,
});

/**
 * A signal to a process is taken by its first thread, QEMU's main loop, which sleeps and under load waits for a processor while the
 * virtual CPUs run on (measured: 6 ms). One that runs takes its own at once, and stops all others. What is left pending of several
 * is gone with the SIGCONT. INVARIANT: numbers of a process that lives, by its pidfd, are its own; none is given out twice in an instant.
 */
function stopBySignal({ pid, pidfd, vcpus }: SignalledProcess): number {
  const { SIGSTOP } = constants.signals;
  if (vcpus.length === 0 || pidfdSendSignal(pidfd, 0) !== 0) return pidfdSendSignal(pidfd, SIGSTOP);
  const taken = vcpus.filter((tid) => tgkill(pid, tid, SIGSTOP) === 0);
  return taken.length > 0 ? 0 : pidfdSendSignal(pidfd, SIGSTOP);
}

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
