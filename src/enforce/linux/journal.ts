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
import type { UndoRecord } from './undo-record.js';
import { lineOf, parseRecord } from './undo-record-line.js';

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
    else if (sign === '+') pending.set(id, fields);
  }
  return [...pending.values()].map((fields) => {
    const undo = parseRecord(fields);
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
