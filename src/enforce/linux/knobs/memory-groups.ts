import { dirname, join } from 'node:path';
import type { Guest } from '../../../qemu/guest.js';
import { cgroupPathOf, makeDirectory, readValue, removeDirectory, writeValue } from '../cgroup-files.js';
import type { CgroupV2 } from '../cgroup-v2.js';
import { directoryName } from '../cgroups.js';
import { errnoError } from '../errno-error.js';
import type { Journal } from '../journal.js';
import { readStartTime } from '../task-stat.js';

/** What is in force on a guest's cgroup. */
export interface MemoryBounds {
  readonly usedBytes: number;
  /** Null: unlimited. */
  readonly ceilingBytes: number | null;
  /** Memory of it that the kernel takes from others before it; 0: none. */
  readonly floorBytes: number;
}

/**
 * Limits of the memory of single guests by the cgroups that they are in.
 *
 * Contract: `enter` sees to it that the guest is in a cgroup that holds nobody else and can be limited, and journals what undoes
 * that; it answers false where there is none. `leave` undoes it. What the kernel refuses is thrown as an errno error. All are
 * idempotent. Memory that a guest holds when it enters stays charged to where it was: only what it takes from then on counts.
 */
export interface MemoryGroups {
  /** Whether floors can be kept. */
  readonly hasFloors: boolean;
  enter(guest: Guest): boolean;
  /** Whether `enter` would answer true. */
  canEnter(guest: Guest): boolean;
  leave(guest: Guest): void;
  /** Null: it is in no such cgroup. */
  observe(guest: Guest): MemoryBounds | null;
  /** Null: unlimited. `hardBytes`: where the kernel ends what it can neither swap out nor drop. */
  setCeiling(guest: Guest, bytes: number | null, hardBytes: number | null): void;
  setFloor(guest: Guest, bytes: number): void;
  /** The guest has ended. */
  forget(key: string): void;
}

/** cgroup v1: a cgroup for each guest, below the one that it is in, so that the limits of that go on holding. */
export class MemoryGroupsV1 implements MemoryGroups {
  readonly hasFloors = false;
  /** By the key of the guest: the directory, and the journal's record of where it came from. */
  readonly #entered = new Map<string, { readonly directory: string; readonly member: number }>();

  constructor(
    private readonly mount: string,
    private readonly journal: Journal,
  ) {}

  enter(guest: Guest): boolean {
    const path = this.#pathOf(guest);
    const name = directoryName(guest.key);
    // One that an earlier daemon could not give back is in its own already.
    const isIn = path.endsWith(`/${name}`);
    const origin = join(this.mount, isIn ? dirname(path) : path);
    const directory = join(origin, name);
    makeDirectory(directory, this.journal);
    const { pid, startTime } = guest;
    const file = join(origin, 'cgroup.procs');
    const member = this.journal.record({ operation: 'member', id: pid, startTime, file });
    this.#entered.set(guest.key, { directory, member });
    if (!isIn) this.#move(guest, join(directory, 'cgroup.procs'), file);
    return true;
  }

  canEnter(): boolean {
    return true;
  }

  leave(guest: Guest): void {
    const entered = this.#entered.get(guest.key);
    if (!entered) return;
    const origin = join(dirname(entered.directory), 'cgroup.procs');
    if (this.#directoryOf(guest) !== null) this.#move(guest, origin, origin);
    this.forget(guest.key);
  }

  observe(guest: Guest): MemoryBounds | null {
    const directory = this.#directoryOf(guest);
    if (directory === null) return null;
    const limit = numberIn(directory, 'memory.limit_in_bytes');
    // Unlimited is what no machine has.
    const ceilingBytes = limit !== null && limit < Number.MAX_SAFE_INTEGER ? limit : null;
    return { usedBytes: numberIn(directory, 'memory.usage_in_bytes') ?? 0, ceilingBytes, floorBytes: 0 };
  }

  /** There is one limit only: from it on the kernel swaps out or ends. */
  setCeiling(guest: Guest, bytes: number | null): void {
    const directory = this.#directoryOf(guest);
    if (directory) writeValue(join(directory, 'memory.limit_in_bytes'), bytes === null ? '-1' : `${bytes}`);
  }

  setFloor(): void {}

  forget(key: string): void {
    const entered = this.#entered.get(key);
    if (!entered) return;
    this.#entered.delete(key);
    removeDirectory(entered.directory, this.journal);
    this.journal.clear(entered.member);
  }

  #directoryOf(guest: Guest): string | null {
    const entered = this.#entered.get(guest.key);
    const path = cgroupPathOf(`${guest.pid}`, 'memory');
    return entered && path !== null && join(this.mount, path) === entered.directory
      ? entered.directory
      : null;
  }

  #pathOf(guest: Guest): string {
    const path = cgroupPathOf(`${guest.pid}`, 'memory');
    if (path === null || readStartTime(guest.pid) !== guest.startTime) throw gone(guest);
    return path;
  }

  #move(guest: Guest, file: string, back: string): void {
    if (readStartTime(guest.pid) !== guest.startTime) throw gone(guest);
    writeValue(file, `${guest.pid}`);
    const now = readStartTime(guest.pid);
    if (now === guest.startTime) return;
    // The number was given to another task in between, and that one was moved: back with it.
    if (now !== null) writeValue(back, `${guest.pid}`);
    throw gone(guest);
  }
}

/** cgroup v2: the group that a gathered guest is in; it is ours, and goes when the guest is given back. */
export class MemoryGroupsV2 implements MemoryGroups {
  readonly hasFloors = true;

  constructor(private readonly cgroups: CgroupV2) {}

  enter(guest: Guest): boolean {
    return this.cgroups.enableMemory(guest.pid);
  }

  canEnter(guest: Guest): boolean {
    return this.cgroups.directoryOf(guest.pid) !== null;
  }

  leave(guest: Guest): void {
    this.setFloor(guest, 0);
    this.setCeiling(guest, null, null);
  }

  observe(guest: Guest): MemoryBounds | null {
    const directory = this.cgroups.directoryOf(guest.pid);
    const usedBytes = directory === null ? null : numberIn(directory, 'memory.current');
    if (directory === null || usedBytes === null) return null;
    return {
      usedBytes,
      ceilingBytes: numberIn(directory, 'memory.high'),
      floorBytes: numberIn(directory, 'memory.min') ?? 0,
    };
  }

  setCeiling(guest: Guest, bytes: number | null, hardBytes: number | null): void {
    const directory = this.cgroups.directoryOf(guest.pid);
    if (directory === null || this.observe(guest) === null) return;
    writeValue(join(directory, 'memory.max'), hardBytes === null ? 'max' : `${hardBytes}`);
    writeValue(join(directory, 'memory.high'), bytes === null ? 'max' : `${bytes}`);
  }

  /** Protection counts only as far as the groups above have it, too. */
  setFloor(guest: Guest, bytes: number): void {
    const directory = this.cgroups.directoryOf(guest.pid);
    const bounds = this.observe(guest);
    if (directory === null || bounds === null) return;
    const change = bytes - bounds.floorBytes;
    const above = this.cgroups.directoriesAbove(guest.pid).map((one) => join(one, 'memory.min'));
    const own = join(directory, 'memory.min');
    for (const file of [...above, own]) {
      const now = Number(readValue(file) ?? 0);
      writeValue(file, `${Math.max(now + change, 0)}`);
    }
  }

  forget(): void {}
}

/** Null where it says `max`, or is not there. */
function numberIn(directory: string, file: string): number | null {
  const text = readValue(join(directory, file));
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

const ESRCH = -3;
const gone = ({ key }: Guest): Error => errnoError(ESRCH, `guest ${key} has ended`);
