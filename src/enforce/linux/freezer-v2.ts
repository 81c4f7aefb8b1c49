import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GroupPath } from '../host.js';
import { cgroupPathOf, listDirectories, readValue, writeValue } from './cgroup-files.js';
import { type Cgroups, directoryName, type TaskId } from './cgroups.js';
import { clearThaws, type Freezers, freezerWords, V2_FILE } from './freezers.js';
import type { Journal } from './journal.js';

/** Where guests are put that no group of theirs holds alone: no class has an empty name. */
const ENCLOSURES = '';

/** Whether a group below our slice is one that freezing needs: the reconciler is not to hear of it. */
export const isEnclosure = (path: GroupPath | null): boolean => path?.[0] === ENCLOSURES;

/**
 * cgroup v2, where any group can be frozen: the guest's own leaf in our slice; else the group that its manager gave it alone,
 * which it stays in; else, for a guest among other processes, a group that is made for it.
 */
export class FreezerV2 implements Freezers {
  readonly #slice: string;
  /** Files of groups that were enclosed here, by process. */
  readonly #files = new Map<string, string>();

  constructor(
    private readonly mount: string,
    sliceName: string,
    private readonly cgroups: Cgroups,
    private readonly journal: Journal,
  ) {
    this.#slice = join(mount, sliceName);
  }

  prepare(): void {
    const everywhere = listDirectories(this.#slice, () => true);
    for (const path of everywhere) thaw(join(this.#slice, ...path, V2_FILE));
  }

  enclose(process: TaskId): string {
    const file = join(this.#ownGroup(process) ?? this.#makeGroup(process), V2_FILE);
    const before = this.#files.get(keyOf(process));
    if (before !== undefined && before !== file) thaw(before);
    this.#files.set(keyOf(process), file);
    this.#removeEmpty(process);
    return file;
  }

  release(process: TaskId): void {
    const file = this.#files.get(keyOf(process));
    this.#files.delete(keyOf(process));
    if (file !== undefined) thaw(file);
    clearThaws(process, this.journal);
    if (isEnclosure(this.cgroups.groupOf(process.id))) this.cgroups.putBack(process);
    this.#removeEmpty(process);
  }

  isFrozenByOthers(process: TaskId): boolean {
    const path = cgroupPathOf(`${process.id}`, '');
    if (path === null || path === '/' || this.#files.has(keyOf(process))) return false;
    return /^frozen 1$/m.test(readValue(join(this.mount, path, 'cgroup.events')) ?? '');
  }

  /** The lowest group around all its threads that holds no other process. */
  #ownGroup(process: TaskId): string | null {
    const leaf = this.cgroups.groupOf(process.id);
    if (leaf?.at(-1) === keyOf(process)) return join(this.#slice, ...leaf.map(directoryName));
    const path = cgroupPathOf(`${process.id}`, '');
    if (path === null) throw Object.assign(new Error(`process ${process.id} has ended`), { code: 'ESRCH' });
    let directory = join(this.mount, path);
    // Within a threaded group single threads have groups of their own: its root is above.
    while (directory !== this.mount && readValue(join(directory, 'cgroup.type')) === 'threaded') {
      directory = dirname(directory);
    }
    return directory !== this.mount && holdsOnly(directory, process.id) ? directory : null;
  }

  #makeGroup(process: TaskId): string {
    const path = enclosureOf(process);
    this.cgroups.create(path.slice(0, 1));
    this.cgroups.create(path);
    this.cgroups.gather(process, path);
    return join(this.#slice, ...path.map(directoryName));
  }

  #removeEmpty(process: TaskId): void {
    const path = enclosureOf(process);
    const directory = join(this.#slice, ...path.map(directoryName));
    if (existsSync(directory) && !isEnclosure(this.cgroups.groupOf(process.id))) this.cgroups.remove(path);
  }
}

const keyOf = ({ id, startTime }: TaskId): string => `${id}-${startTime}`;
const enclosureOf = (process: TaskId): GroupPath => [ENCLOSURES, keyOf(process)];

function holdsOnly(directory: string, pid: number): boolean {
  const below = [[], ...listDirectories(directory, () => true)];
  const texts = below.map((path) => readValue(join(directory, ...path, 'cgroup.procs')) ?? '');
  return texts.every((text) => text.split('\n').every((id) => id === '' || id === `${pid}`));
}

function thaw(file: string): void {
  if (readValue(file) === freezerWords(file).frozen) writeValue(file, freezerWords(file).running);
}
