import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { IDLE_WEIGHT } from '../host.js';
import type { Journal } from './journal.js';
import type { OpenValues } from './open-values.js';
import { readStartTime } from './task-stat.js';

/** Writes a value to a cgroup file. Errors are Node's errno errors, with the file and the value in the message. */
export function writeValue(file: string, value: string): void {
  writeFileSync(file, value);
}

/** Content of a cgroup file without its line feed; null when it is gone. */
export function readValue(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch {
    return null;
  }
}

/** The file that has a group's weight, and the least weight it takes. */
export interface WeightFile {
  readonly name: 'cpu.weight' | 'cpu.shares';
  readonly least: number;
}

/** Sets a group's weight; {@link IDLE_WEIGHT} by `cpu.idle`, or by the least weight on kernels without it (before 5.15). */
export function writeWeight(directory: string, { name, least }: WeightFile, weight: number): void {
  const idle = join(directory, 'cpu.idle');
  const present = existsSync(idle);
  if (weight === IDLE_WEIGHT && present) writeValue(idle, '1');
  else {
    // An idle group takes no weight.
    if (present && readValue(idle) === '1') writeValue(idle, '0');
    writeValue(join(directory, name), `${weight === IDLE_WEIGHT ? least : weight}`);
  }
}

/** A group's weight as {@link writeWeight} takes it; null when it is gone. */
export function readWeight(
  values: Pick<OpenValues, 'read'>,
  directory: string,
  { name, least }: WeightFile,
): number | null {
  const [idle, weight] = [values.read(directory, 'cpu.idle'), values.read(directory, name)];
  if (weight === null) return null;
  return idle === '1' || (idle === null && Number(weight) === least) ? IDLE_WEIGHT : Number(weight);
}

/**
 * Makes a directory and journals that it is ours. One that is there already has a name that only we give: a daemon left
 * it that could not remove it, and it is ours to remove now.
 */
export function makeDirectory(directory: string, journal: Journal): void {
  journal.record({ operation: 'rmdir', directory });
  if (!existsSync(directory)) mkdirSync(directory);
}

/**
 * Journals the groups below `root` that are there already, with the processes in them: a daemon left them that could not
 * give them back. Groups first, parents before children, so that they are undone last; processes go to `home`.
 */
export function adoptLeftovers(
  root: string,
  accept: (name: string) => boolean,
  home: string,
  journal: Journal,
): void {
  const directories = listDirectories(root, accept).map((path) => join(root, ...path));
  for (const directory of directories) journal.record({ operation: 'rmdir', directory });
  for (const directory of [root, ...directories]) {
    for (const id of (readValue(join(directory, 'cgroup.procs')) ?? '')
      .split('\n')
      .filter(Boolean)
      .map(Number)) {
      const startTime = readStartTime(id);
      if (startTime === null || isOnRecord(id, startTime, home, journal)) continue;
      journal.record({ operation: 'member', id, startTime, file: home });
    }
  }
}

/** Whether the journal says already where a task came from in the hierarchy whose root has the file `home`. */
export function isOnRecord(id: number, startTime: bigint, home: string, journal: Journal): boolean {
  const mount = dirname(home);
  return journal
    .pending()
    .some(
      ({ undo }) =>
        undo.operation === 'member' &&
        undo.id === id &&
        undo.startTime === startTime &&
        undo.file.startsWith(`${mount}/`) &&
        basename(undo.file) === basename(home),
    );
}

/** Removes an empty cgroup and strikes it from the journal; one that is gone is fine. */
export function removeDirectory(directory: string, journal: Journal): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  for (const { id, undo } of journal.pending()) {
    if (undo.operation === 'rmdir' && undo.directory === directory) journal.clear(id);
  }
}

const NLINK_OF_LEAF = 2;

/** Directories below `root`, depth first, parents before children, as paths relative to it. `isLeaf`: known to have none in it, and not looked at. */
export function listDirectories(
  root: string,
  accept: (name: string) => boolean,
  isLeaf: (path: readonly string[]) => boolean = () => false,
): readonly string[][] {
  const found: string[][] = [];
  const visit = (path: string[]): void => {
    let entries: string[];
    try {
      // A directory has a link for itself, one for its name and one for each directory in it: most groups are leaves.
      if (statSync(join(root, ...path)).nlink === NLINK_OF_LEAF) return;
      entries = readdirSync(join(root, ...path), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && accept(entry.name))
        .map((entry) => entry.name);
    } catch {
      return; // vanished underneath: the next observation sees it as it is
    }
    for (const name of entries) {
      const below = [...path, name];
      found.push(below);
      if (!isLeaf(below)) visit(below);
    }
  };
  visit([]);
  return found;
}

/** Path of a task in the hierarchy that carries `controller` (v1) or in the unified one (''), from /proc. */
export function cgroupPathOf(task: string, controller: string): string | null {
  const text = readValue(`/proc/${task}/cgroup`);
  if (text === null) return null;
  for (const line of text.split('\n')) {
    const [, controllers, ...path] = line.split(':');
    const matches =
      controller === '' ? controllers === '' : (controllers ?? '').split(',').includes(controller);
    if (matches) return path.join(':');
  }
  return null;
}
