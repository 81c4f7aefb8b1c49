import type { Guest } from '../../../qemu/guest.js';
import { readAffinity, threadsOf, writeAffinity } from '../affinity.js';
import { errnoError } from '../errno-error.js';
import type { Journal } from '../journal.js';
import { readSchedAttributes, SCHED_DEADLINE } from '../sched-attributes.js';
import { readStartTime } from '../task-stat.js';
import type { UndoRecord } from '../undo-record.js';
import type { GuestKnob, SettingOfKnob } from './guest-knob.js';

type Placement = SettingOfKnob<'placement'>;
type ThreadRecord = Extract<UndoRecord, { operation: 'affinity' }>;

/** What was done to one guest. Masks are hexadecimal, most significant byte first. */
interface Placed {
  readonly mask: string;
  /** What threads had that were not pinned by themselves, and new ones get back. */
  readonly original: string;
  /** Threads that had another mask than the main one, by number. */
  readonly pinned: ReadonlyMap<number, ThreadRecord>;
  readonly undo: UndoRecord;
  /** Ids in the journal, that of `undo` and those of `pinned`. */
  readonly records: readonly number[];
}

/**
 * Cores for all threads of a guest that hold no server, by affinity: the kernel admits a server only on threads that may
 * use every core (docs/decisions/0018). Threads that a placed one starts inherit its cores; others are placed by the next
 * step, which finds them.
 */
export class PlacementKnob implements GuestKnob<'placement'> {
  readonly knob = 'placement';
  readonly #placed = new Map<string, Placed>();

  constructor(private readonly journal: Journal) {}

  async set(guest: Guest, { cores }: Placement): Promise<void> {
    const before = this.#standing(guest.key);
    const current = readAffinity(guest.pid);
    if (current === null || readStartTime(guest.pid) !== guest.startTime) throw gone(guest);
    const mask = maskOf(cores, current.length);
    const placed = before?.mask === mask ? before : this.#remember(guest, mask, before);
    this.#placed.set(guest.key, placed);
    try {
      for (const tid of unreserved(guest.pid)) place(tid, mask);
    } catch (error) {
      await this.unset(guest);
      throw error;
    }
    if (placed !== before && before) this.#clear(before, placed);
  }

  async unset(guest: Guest): Promise<void> {
    const placed = this.#standing(guest.key);
    if (!placed) return;
    for (const tid of threadsOf(guest.pid)) this.free(guest, tid);
    this.#clear(placed);
    this.#placed.delete(guest.key);
  }

  /** Gives one thread back the affinity that it had: it is about to get a server, or moves where it has another. */
  free({ key, pid, startTime }: Pick<Guest, 'key' | 'pid' | 'startTime'>, tid: number): void {
    const placed = this.#standing(key);
    if (!placed || readStartTime(pid) !== startTime || readAffinity(tid) !== placed.mask) return;
    const own = placed.pinned.get(tid);
    writeAffinity(tid, own && own.startTime === readStartTime(tid) ? own.mask : placed.original);
  }

  observe({ key, pid }: Guest): Placement | null {
    const placed = this.#standing(key);
    if (!placed) return null;
    const masks = unreserved(pid).map((tid) => BigInt(`0x${readAffinity(tid) ?? placed.mask}`));
    // All of them hold servers, which have their cores by other means.
    if (masks.length === 0) return { knob: 'placement', cores: coresOfMask(BigInt(`0x${placed.mask}`)) };
    return { knob: 'placement', cores: coresOfMask(masks.reduce((all, mask) => all | mask, 0n)) };
  }

  forget(key: string): void {
    const placed = this.#placed.get(key);
    if (placed) this.#clear(placed);
    this.#placed.delete(key);
  }

  /** Journals what undoes it: undone from the last to the first, all threads at once, then those that were pinned. */
  #remember({ pid, startTime }: Guest, set: string, before: Placed | undefined): Placed {
    const original = before?.original ?? readAffinity(pid) ?? set;
    const pinned = before?.pinned ?? pinnedOtherwise(pid, original);
    const records = [...pinned.values()].map((record) => this.journal.record(record));
    const undo = { operation: 'placement', pid, startTime, set, mask: original } as const;
    return { mask: set, original, pinned, undo, records: [...records, this.journal.record(undo)] };
  }

  /** Undefined also where the guardian has undone it meanwhile. */
  #standing(key: string): Placed | undefined {
    const placed = this.#placed.get(key);
    return placed && this.journal.standing(placed.undo) ? placed : undefined;
  }

  #clear(placed: Placed, except?: Placed): void {
    for (const id of placed.records) if (!except?.records.includes(id)) this.journal.clear(id);
  }
}

/** Threads of a process without a server of their own. */
const unreserved = (pid: number): readonly number[] =>
  threadsOf(pid).filter((tid) => {
    const attributes = readSchedAttributes(tid);
    return typeof attributes !== 'number' && attributes.policy !== SCHED_DEADLINE;
  });

function pinnedOtherwise(pid: number, original: string): ReadonlyMap<number, ThreadRecord> {
  const pinned = new Map<number, ThreadRecord>();
  for (const tid of unreserved(pid)) {
    const [mask, startTime] = [readAffinity(tid), readStartTime(tid)];
    if (mask === null || startTime === null || mask === original) continue;
    pinned.set(tid, { operation: 'affinity', tid, startTime, mask });
  }
  return pinned;
}

/** @throws errno error where the kernel refuses, or takes only some of the cores. */
function place(tid: number, mask: string): void {
  if (readAffinity(tid) === mask) return;
  const result = writeAffinity(tid, mask);
  const now = readAffinity(tid);
  if (now === null) return; // it ended
  if (result < 0) throw errnoError(result, `placing thread ${tid}`);
  if (now !== mask) {
    throw Object.assign(new Error(`its cpuset leaves it only cores ${coresOfMask(BigInt(`0x${now}`))}`), {
      code: 'EINVAL',
    });
  }
}

const maskOf = (cores: readonly number[], length: number): string =>
  cores
    .reduce((mask, core) => mask | (1n << BigInt(core)), 0n)
    .toString(16)
    .padStart(length, '0');

function coresOfMask(mask: bigint): readonly number[] {
  return [...mask.toString(2)].reverse().flatMap((bit, core) => (bit === '1' ? [core] : []));
}

const gone = ({ pid }: Guest): Error =>
  Object.assign(new Error(`process ${pid} has ended`), { code: 'ESRCH' });
