import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  adoptLeftovers,
  cgroupPathOf,
  listDirectories,
  makeDirectory,
  readValue,
  removeDirectory,
  writeValue,
} from './cgroup-files.js';
import { V1Membership } from './cgroup-v1-membership.js';
import { componentName, directoryName, type TaskId } from './cgroups.js';
import { clearThaws, type Freezers, freezerWords, V1_FILE } from './freezers.js';
import type { Journal } from './journal.js';

/** The freezer hierarchy of cgroup v1: a group for each guest below a slice of ours, whatever other hierarchies hold. */
export class FreezerV1 implements Freezers {
  readonly #slice: string;
  readonly #processes: V1Membership;
  readonly #empty = new Set<string>();

  constructor(
    private readonly mount: string,
    private readonly sliceName: string,
    private readonly journal: Journal,
  ) {
    this.#slice = join(mount, sliceName);
    this.#processes = new V1Membership(mount, 'freezer', 'cgroup.procs', sliceName, journal);
  }

  prepare(): void {
    makeDirectory(this.#slice, this.journal);
    adoptLeftovers(this.#slice, isOurs, join(this.mount, 'cgroup.procs'), this.journal);
    for (const path of listDirectories(this.#slice, isOurs)) this.#thaw(join(this.#slice, ...path));
  }

  enclose(process: TaskId): string {
    const directory = this.#directory(process);
    const origin = this.#processes.originOf(process);
    if (join(this.mount, origin) !== directory) {
      this.#processes.remember(process, origin);
      this.#empty.delete(directory);
      makeDirectory(directory, this.journal);
      this.#processes.move(process, directory);
    }
    return join(directory, V1_FILE);
  }

  release(process: TaskId): void {
    const directory = this.#directory(process);
    this.#thaw(directory);
    clearThaws(process, this.journal);
    this.#processes.undo(process);
    this.#empty.add(directory);
    this.#removeEmpty();
  }

  isFrozenByOthers(process: TaskId): boolean {
    const path = cgroupPathOf(`${process.id}`, 'freezer');
    if (path === null || path === '/' || path.startsWith(`/${this.sliceName}/`)) return false;
    return readValue(join(this.mount, path, V1_FILE)) !== RUNNING;
  }

  /** A thread that was just ending when its process was moved away keeps the group busy for a moment: again next time. */
  #removeEmpty(): void {
    for (const directory of this.#empty) {
      try {
        removeDirectory(directory, this.journal);
        this.#empty.delete(directory);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
      }
    }
  }

  #thaw(directory: string): void {
    const file = join(directory, V1_FILE);
    if (existsSync(file) && readValue(file) !== RUNNING) writeValue(file, RUNNING);
  }

  #directory({ id, startTime }: TaskId): string {
    return join(this.#slice, directoryName(`${id}-${startTime}`));
  }
}

const RUNNING = freezerWords(`/${V1_FILE}`).running;
const isOurs = (name: string): boolean => componentName(name) !== null;
