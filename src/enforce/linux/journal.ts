import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { readStartTime, readTaskStat } from './task-stat.js';

/**
 * The journal: what vmc changed on this host and how to change it back, on disk *before* the change is made. Daemon,
 * guardian (Perl) and `vmc release` read it, so its form is plain: one record a line, fields separated by tabs, the
 * characters `%`, tab and line feed in a field written as %25, %09 and %0A.
 *
 *     vmc-journal 1 BOOT-ID OWNER
 *     + ID OPERATION FIELD…        to be undone
 *     - ID                         has been undone
 *
 * OWNER is the daemon that writes it, by pid and start time: a guardian undoes its own daemon's journal only, however
 * late it comes to it. Undoing runs from the last record to the first. Records of another boot are void: the kernel has forgotten them.
 */
export interface Journal {
  /** Writes the record, then answers its id. A record equal to one that still stands is not written twice. */
  record(undo: UndoRecord): number;
  /** Whether an equal record stands. */
  standing(undo: UndoRecord): boolean;
  /** Marks one record as undone. */
  clear(id: number): void;
  /** Records not undone yet, oldest first. */
  pending(): readonly { readonly id: number; readonly undo: UndoRecord }[];
}

/** What changes one thing back; `startTime`s guard against a reused number. */
export type UndoRecord =
  /** We stop this process by SIGSTOP: SIGCONT. */
  | { readonly operation: 'continue'; readonly pid: number; readonly startTime: bigint }
  /** We freeze this process by the cgroup whose freezer this file sets (`freezer.state` or `cgroup.freeze`): thaw it. */
  | { readonly operation: 'thaw'; readonly pid: number; readonly startTime: bigint; readonly file: string }
  /**
   * A command for a guest's monitor, as JSON on one line, that undoes what one of ours did there. Nothing is sent to a monitor
   * that does not prove to be the process's own. `{"execute":"cont"}` is sent before all else.
   */
  | {
      readonly operation: 'qmp';
      readonly pid: number;
      readonly startTime: bigint;
      readonly socket: string;
      readonly command: string;
    }
  /** Scheduling class as it was. */
  | {
      readonly operation: 'sched';
      readonly pid: number;
      readonly tid: number;
      readonly startTime: bigint;
      readonly policy: number;
      readonly nice: number;
      readonly priority: number;
    }
  /** Affinity as it was: hexadecimal mask, most significant byte first. */
  | {
      readonly operation: 'affinity';
      readonly tid: number;
      readonly startTime: bigint;
      readonly mask: string;
    }
  /** Membership as it was: write `id` into `file` (cgroup.procs, tasks or cgroup.threads). */
  | { readonly operation: 'member'; readonly id: number; readonly startTime: bigint; readonly file: string }
  /** Content of a file as it was. */
  | { readonly operation: 'write'; readonly file: string; readonly content: string }
  /**
   * A queueing discipline of ours on a network device, in the network namespace of that inode: `root` (ours by its handle), or
   * `ingress`, which leads to `target`, a device of ours (else empty).
   */
  | {
      readonly operation: 'qdisc';
      readonly namespace: string;
      readonly device: string;
      readonly parent: 'root' | 'ingress';
      readonly target: string;
    }
  /** A network device that we made, in the network namespace of that inode. */
  | { readonly operation: 'link'; readonly namespace: string; readonly device: string }
  /** A directory that we made. */
  | { readonly operation: 'rmdir'; readonly directory: string };

const MAGIC = 'vmc-journal';
const VERSION = '1';

export class FileJournal implements Journal {
  #descriptor: number | null = null;
  #nextId = 1;
  readonly #pending = new Map<number, UndoRecord>();
  readonly #byLine = new Map<string, number>();

  /** See the form above. */
  readonly owner = `${process.pid}-${readStartTime(process.pid)}`;

  constructor(
    readonly file: string,
    readonly bootId: string,
  ) {}

  /** The guardian has undone what this journal held and removed it: nothing may be done on its word any more. */
  get revoked(): boolean {
    return this.#descriptor === null || fstatSync(this.#descriptor).nlink === 0;
  }

  /** Starts an empty journal; what an earlier daemon left must have been undone before. */
  open(): void {
    // O_APPEND: after a compaction the next record must land behind the header, not behind a hole.
    const { O_CREAT, O_TRUNC, O_APPEND, O_WRONLY, O_NOFOLLOW } = constants;
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    const flags = O_CREAT | O_TRUNC | O_APPEND | O_WRONLY | O_NOFOLLOW;
    this.#descriptor = openSync(this.file, flags, 0o600);
    this.#append(this.#header());
    this.#pending.clear();
    this.#byLine.clear();
  }

  record(undo: UndoRecord): number {
    const line = lineOf(undo);
    const standing = this.#byLine.get(line);
    if (standing !== undefined) return standing;
    const id = this.#nextId++;
    this.#append(`+\t${id}\t${line}\n`);
    this.#pending.set(id, undo);
    this.#byLine.set(line, id);
    return id;
  }

  standing(undo: UndoRecord): boolean {
    return this.#byLine.has(lineOf(undo));
  }

  clear(id: number): void {
    const undo = this.#pending.get(id);
    if (!undo) return;
    this.#append(`-\t${id}\n`);
    this.#pending.delete(id);
    this.#byLine.delete(lineOf(undo));
    if (this.#pending.size === 0) this.#compact();
  }

  pending(): readonly { readonly id: number; readonly undo: UndoRecord }[] {
    return [...this.#pending].map(([id, undo]) => ({ id, undo }));
  }

  /** Closes the journal, and removes it when nothing is left to undo. */
  close(): void {
    if (this.#descriptor === null) return;
    closeSync(this.#descriptor);
    this.#descriptor = null;
    if (this.#pending.size === 0 && existsSync(this.file)) unlinkSync(this.file);
  }

  #append(text: string): void {
    if (this.#descriptor === null) throw new Error('the journal is not open');
    // A short write (disk full) throws before the change is made.
    const written = writeSync(this.#descriptor, text);
    if (written !== Buffer.byteLength(text)) {
      throw Object.assign(new Error('the journal could not be written whole'), { code: 'ENOSPC' });
    }
  }

  /** With nothing to undo the history is worthless: a daemon of months must not fill /run. */
  #compact(): void {
    if (this.#descriptor === null) return;
    ftruncateSync(this.#descriptor, 0);
    this.#append(this.#header());
  }

  #header(): string {
    return `${[MAGIC, VERSION, this.bootId, this.owner].join('\t')}\n`;
  }
}

/** The daemon that wrote a journal, if it still lives: what is in it is that daemon's to undo. */
export function livingOwner(file: string): number | null {
  const [, , , owner = ''] = firstLine(file).split('\t');
  const [, pid, startTime] = /^(\d+)-(\d+)$/.exec(owner) ?? [];
  if (pid === undefined || startTime === undefined) return null;
  const stat = readTaskStat(Number(pid));
  // One that has ended and has not been waited for undoes nothing any more.
  return stat?.startTime === BigInt(startTime) && !/[ZX]/.test(stat.state) ? Number(pid) : null;
}

function firstLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').split('\n', 1)[0] ?? '';
  } catch {
    return '';
  }
}

/** Records that a journal on disk still holds, oldest first; a torn last line (a crash in mid-write) is ignored. */
export function readPending(file: string, bootId: string): readonly UndoRecord[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  const lines = text.split('\n').slice(0, -1);
  const header = lines.shift()?.split('\t') ?? [];
  if (header[0] !== MAGIC || header[1] !== VERSION || header[2] !== bootId) return [];
  const pending = new Map<string, UndoRecord>();
  for (const line of lines) {
    const [sign, id, ...fields] = line.split('\t');
    if (id === undefined) continue;
    if (sign === '-') pending.delete(id);
    const undo = sign === '+' ? parseFields(fields.map(unescapeField)) : null;
    if (undo) pending.set(id, undo);
  }
  return [...pending.values()];
}

const escapeField = (field: string): string =>
  field.replace(/%/g, '%25').replace(/\t/g, '%09').replace(/\n/g, '%0A');
const unescapeField = (field: string): string =>
  field.replace(/%0A/g, '\n').replace(/%09/g, '\t').replace(/%25/g, '%');

const lineOf = (undo: UndoRecord): string => fieldsOf(undo).map(escapeField).join('\t');

function fieldsOf(undo: UndoRecord): string[] {
  switch (undo.operation) {
    case 'continue':
      return [undo.operation, `${undo.pid}`, `${undo.startTime}`];
    case 'thaw':
      return [undo.operation, `${undo.pid}`, `${undo.startTime}`, undo.file];
    case 'qmp':
      return [undo.operation, `${undo.pid}`, `${undo.startTime}`, undo.socket, undo.command];
    case 'sched':
      return [
        undo.operation,
        `${undo.pid}`,
        `${undo.tid}`,
        `${undo.startTime}`,
        `${undo.policy}`,
        `${undo.nice}`,
        `${undo.priority}`,
      ];
    case 'affinity':
      return [undo.operation, `${undo.tid}`, `${undo.startTime}`, undo.mask];
    case 'member':
      return [undo.operation, `${undo.id}`, `${undo.startTime}`, undo.file];
    case 'write':
      return [undo.operation, undo.file, undo.content];
    case 'qdisc':
      return [undo.operation, undo.namespace, undo.device, undo.parent, undo.target];
    case 'link':
      return [undo.operation, undo.namespace, undo.device];
    case 'rmdir':
      return [undo.operation, undo.directory];
  }
}

function parseFields(fields: readonly string[]): UndoRecord | null {
  const [operation, ...rest] = fields;
  const text = (index: number): string => rest[index] ?? '';
  const number = (index: number): number => Number(text(index));
  const big = (index: number): bigint => BigInt(/^\d+$/.test(text(index)) ? text(index) : 0);
  switch (operation) {
    case 'continue':
      return { operation, pid: number(0), startTime: big(1) };
    case 'thaw':
      return { operation, pid: number(0), startTime: big(1), file: text(2) };
    case 'qmp':
      return { operation, pid: number(0), startTime: big(1), socket: text(2), command: text(3) };
    case 'sched':
      return {
        operation,
        pid: number(0),
        tid: number(1),
        startTime: big(2),
        policy: number(3),
        nice: number(4),
        priority: number(5),
      };
    case 'affinity':
      return { operation, tid: number(0), startTime: big(1), mask: text(2) };
    case 'member':
      return { operation, id: number(0), startTime: big(1), file: text(2) };
    case 'write':
      return { operation, file: text(0), content: text(1) };
    case 'qdisc': {
      const parent = text(2) === 'ingress' ? 'ingress' : 'root';
      return { operation, namespace: text(0), device: text(1), parent, target: text(3) };
    }
    case 'link':
      return { operation, namespace: text(0), device: text(1) };
    case 'rmdir':
      return { operation, directory: text(0) };
    default:
      return null;
  }
}
