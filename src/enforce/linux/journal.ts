import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
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
 *     - ID …                       has been undone
 *
 * A record is struck by its first byte, in place: what needs no room cannot fail for want of it. OWNER is the daemon that
 * writes it, by pid and start time: a guardian undoes its own daemon's journal only, however late it comes to it. Undoing runs
 * from the last record to the first. Records of another boot are void: the kernel has forgotten them. In every version the
 * first three fields mean this.
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
  /**
   * We placed all threads of this process that had the affinity `mask` on the cores of `set` (masks as above): those that have
   * it now, or have inherited it, get `mask`.
   */
  | {
      readonly operation: 'placement';
      readonly pid: number;
      readonly startTime: bigint;
      readonly set: string;
      readonly mask: string;
    }
  /** Nice value as it was of the process's session (its autogroup). */
  | {
      readonly operation: 'autogroup';
      readonly pid: number;
      readonly startTime: bigint;
      readonly nice: number;
    }
  /** Properties as they were of a unit of systemd's: `systemctl set-property --runtime`. */
  | { readonly operation: 'unit'; readonly unit: string; readonly properties: readonly string[] }
  /** Scheduling parameters as they were of a domain of libvirt's, by its uuid: `virsh schedinfo --live`. */
  | {
      readonly operation: 'domain';
      readonly pid: number;
      readonly startTime: bigint;
      readonly domain: string;
      readonly parameters: readonly string[];
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
/** Below this the history costs nothing: a journal is not rewritten. */
const COMPACT_BYTES = 64 * 1024;

/** What this version of vmc cannot give back: nothing may be taken before somebody has who can. */
export class UnknownJournalError extends Error {
  override readonly name = 'UnknownJournalError';
  constructor(
    readonly file: string,
    readonly why: string,
  ) {
    super(
      `${file} ${why}: what it holds cannot be given back by this version; run \`vmc release\` of the version that wrote it, ` +
        'then start again (nothing was changed)',
    );
  }
}

interface Standing {
  readonly undo: UndoRecord;
  readonly line: string;
  /** Where its first byte is. */
  readonly at: number;
}

export class FileJournal implements Journal {
  #descriptor: number | null = null;
  #length = 0;
  #nextId = 1;
  readonly #pending = new Map<number, Standing>();
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

  /** Starts a journal with what could not be given back so far; all else that an earlier daemon left has been undone. */
  open(carried: readonly UndoRecord[] = []): void {
    this.#rewrite(carried.map((undo) => [this.#nextId++, undo] as const));
  }

  record(undo: UndoRecord): number {
    const line = lineOf(undo);
    const standing = this.#byLine.get(line);
    if (standing !== undefined) return standing;
    const id = this.#nextId++;
    const at = this.#length;
    this.#append(recordLine(id, line));
    this.#pending.set(id, { undo, line, at });
    this.#byLine.set(line, id);
    return id;
  }

  standing(undo: UndoRecord): boolean {
    return this.#byLine.has(lineOf(undo));
  }

  clear(id: number): void {
    const standing = this.#pending.get(id);
    if (!standing) return;
    writeWhole(this.#open(), '-', standing.at);
    this.#pending.delete(id);
    this.#byLine.delete(standing.line);
    if (this.#pending.size === 0) this.#forgetHistory();
  }

  pending(): readonly { readonly id: number; readonly undo: UndoRecord }[] {
    return [...this.#pending].map(([id, { undo }]) => ({ id, undo }));
  }

  /**
   * A daemon of months must not fill /run: rewrites a journal of which most has been undone. Only while no guardian can be at
   * work on the file; where there is no room for a second one nothing changes.
   */
  compact(): void {
    if (this.#length < COMPACT_BYTES) return;
    const standing = [...this.#pending.values()].reduce((sum, { line }) => sum + line.length, 0);
    if (this.#length < 2 * standing) return;
    try {
      this.#rewrite(this.pending().map(({ id, undo }) => [id, undo] as const));
    } catch {
      // A full disk: the old one is whole, and serves on.
    }
  }

  /** Closes the journal, and removes it when nothing is left to undo. */
  close(): void {
    if (this.#descriptor === null) return;
    closeSync(this.#descriptor);
    this.#descriptor = null;
    if (this.#pending.size === 0 && existsSync(this.file)) unlinkSync(this.file);
  }

  /** A write that fails (disk full) throws before the change is made; what got into the file is overwritten by the next. */
  #append(text: string): void {
    const written = writeWhole(this.#open(), text, this.#length);
    this.#length += written;
  }

  #forgetHistory(): void {
    this.#length = Buffer.byteLength(this.#header());
    ftruncateSync(this.#open(), this.#length);
  }

  /** Beside the old one, then in its place: whoever reads finds one of the two, whole. */
  #rewrite(records: readonly (readonly [number, UndoRecord])[]): void {
    const { O_CREAT, O_EXCL, O_RDWR } = constants;
    const beside = `${this.file}.new`;
    rmSync(beside, { force: true });
    const descriptor = openSync(beside, O_CREAT | O_EXCL | O_RDWR, 0o600);
    const pending = new Map<number, Standing>();
    let length = 0;
    try {
      length += writeWhole(descriptor, this.#header(), length);
      for (const [id, undo] of records) {
        const line = lineOf(undo);
        pending.set(id, { undo, line, at: length });
        length += writeWhole(descriptor, recordLine(id, line), length);
      }
      renameSync(beside, this.file);
    } catch (error) {
      closeSync(descriptor);
      rmSync(beside, { force: true });
      throw error;
    }
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = descriptor;
    this.#length = length;
    this.#pending.clear();
    this.#byLine.clear();
    for (const [id, standing] of pending) {
      this.#pending.set(id, standing);
      this.#byLine.set(standing.line, id);
    }
  }

  #open(): number {
    if (this.#descriptor === null) throw new Error('the journal is not open');
    return this.#descriptor;
  }

  #header(): string {
    return `${[MAGIC, VERSION, this.bootId, this.owner].join('\t')}\n`;
  }
}

/** The daemon that wrote a journal, if it still lives: what is in it is that daemon's to undo. */
export function livingOwner(file: string): number | null {
  const [, , , owner = ''] = journalLines(file)[0]?.split('\t') ?? [];
  const [, pid, startTime] = /^(\d+)-(\d+)$/.exec(owner) ?? [];
  if (pid === undefined || startTime === undefined) return null;
  const stat = readTaskStat(Number(pid));
  // One that has ended and has not been waited for undoes nothing any more.
  return stat?.startTime === BigInt(startTime) && !/[ZX]/.test(stat.state) ? Number(pid) : null;
}

const recordLine = (id: number, line: string): string => `+\t${id}\t${line}\n`;

/** Answers the number of bytes; throws ENOSPC where not all of them find room. */
function writeWhole(descriptor: number, text: string, position: number): number {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
  }
  return bytes.length;
}

/**
 * Records that a journal on disk still holds, oldest first; a torn last line (a crash in mid-write) is ignored. Throws an
 * {@link UnknownJournalError} for what another version wrote, and errno errors for a file that may not be read.
 */
export function readPending(file: string, bootId: string): readonly UndoRecord[] {
  const [header, ...lines] = journalLines(file);
  if (header === undefined) return [];
  const [magic, version, boot] = header.split('\t');
  if (magic !== MAGIC) throw new UnknownJournalError(file, 'is no journal of vmc');
  if (boot !== bootId) return [];
  if (version !== VERSION) throw new UnknownJournalError(file, `was written by another version (${version})`);
  const pending = new Map<string, readonly string[]>();
  for (const line of lines) {
    const [sign, id, ...fields] = line.split('\t');
    if (id === undefined) continue;
    if (sign === '-') pending.delete(id);
    else if (sign === '+') pending.set(id, fields.map(unescapeField));
  }
  return [...pending.values()].map((fields) => {
    const undo = parseFields(fields);
    if (undo === null)
      throw new UnknownJournalError(file, `holds a record of another version (${fields[0]})`);
    return undo;
  });
}

/** Whole lines; none where there is no file. */
function journalLines(file: string): string[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    // Whoever could write it would have us undo what they like, as root perhaps.
    const { uid, mode } = fstatSync(descriptor);
    if (uid !== process.geteuid?.() || (mode & 0o022) !== 0)
      throw new UnknownJournalError(file, "is not this user's alone");
    return readFileSync(descriptor, 'utf8').split('\n').slice(0, -1);
  } finally {
    closeSync(descriptor);
  }
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
    case 'placement':
      return [undo.operation, `${undo.pid}`, `${undo.startTime}`, undo.set, undo.mask];
    case 'unit':
      return [undo.operation, undo.unit, ...undo.properties];
    case 'domain':
      return [undo.operation, `${undo.pid}`, `${undo.startTime}`, undo.domain, ...undo.parameters];
    case 'autogroup':
      return [undo.operation, `${undo.pid}`, `${undo.startTime}`, `${undo.nice}`];
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
    case 'placement':
      return { operation, pid: number(0), startTime: big(1), set: text(2), mask: text(3) };
    case 'unit':
      return { operation, unit: text(0), properties: rest.slice(1) };
    case 'domain':
      return { operation, pid: number(0), startTime: big(1), domain: text(2), parameters: rest.slice(3) };
    case 'autogroup':
      return { operation, pid: number(0), startTime: big(1), nice: number(2) };
    default:
      return null;
  }
}
