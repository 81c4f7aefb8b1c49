import { setTimeout as delay } from 'node:timers/promises';
import type { Guest } from '../../../qemu/guest.js';
import {
  type Autogroup,
  autogroupFile,
  autogroupsEnabled,
  isInRootCgroup,
  readAutogroup,
  sessionMates,
} from '../autogroup.js';
import { writeValue } from '../cgroup-files.js';
import type { Journal } from '../journal.js';
import { readStartTime } from '../task-stat.js';
import type { UndoRecord } from '../undo-record.js';
import type { GuestKnob, SettingOfKnob } from './guest-knob.js';

type Nice = SettingOfKnob<'nice'>;

interface NiceSession {
  readonly name: string;
  readonly before: number;
  readonly undo: UndoRecord;
  /** Id in the journal. */
  readonly record: number;
}

/** A user without CAP_SYS_ADMIN may write one autogroup every tenth of a second, of the whole host. */
const WRITE_PAUSE_MS = 110;
const WRITE_TRIES = 3;

/**
 * The nice value of a guest's session: with autogroups the kernel divides CPU among sessions by it. Only where the
 * session holds nothing but the guest: the owner's shell is never made nicer.
 */
export class NiceKnob implements GuestKnob<'nice'> {
  readonly knob = 'nice';
  readonly #set = new Map<string, NiceSession>();

  constructor(private readonly journal: Journal) {}

  async set(guest: Guest, { nice }: Nice): Promise<void> {
    const current = requireOwnSession(guest);
    const { pid, startTime } = guest;
    const known = this.#standing(guest.key);
    const before = known?.name === current.name ? known.before : current.nice;
    const undo = { operation: 'autogroup', pid, startTime, nice: before } as const;
    const record = this.journal.record(undo);
    this.#set.set(guest.key, { name: current.name, before, undo, record });
    try {
      await write(guest, nice);
    } catch (error) {
      if (readAutogroup(pid)?.nice === before) this.forget(guest.key);
      throw error;
    }
  }

  async unset(guest: Guest): Promise<void> {
    const known = this.#standing(guest.key);
    if (known && readAutogroup(guest.pid)?.name === known.name) await write(guest, known.before);
    this.forget(guest.key);
  }

  observe({ key, pid }: Guest): Nice | null {
    const known = this.#standing(key);
    const current = known && readAutogroup(pid);
    // In another session now: nothing of ours is on it.
    return current?.name === known?.name && current ? { knob: 'nice', nice: current.nice } : null;
  }

  forget(key: string): void {
    const known = this.#set.get(key);
    if (known) this.journal.clear(known.record);
    this.#set.delete(key);
  }

  /** Undefined also where the guardian has undone it meanwhile. */
  #standing(key: string): NiceSession | undefined {
    const known = this.#set.get(key);
    return known && this.journal.standing(known.undo) ? known : undefined;
  }
}

/** @throws errno error saying why a nice value cannot act on this guest alone. */
function requireOwnSession({ pid, startTime, cgroup }: Guest): Autogroup {
  const current = readAutogroup(pid);
  if (readStartTime(pid) !== startTime) throw failure('ESRCH', `process ${pid} has ended`);
  if (current === null || !autogroupsEnabled()) {
    throw failure('ENOTSUP', 'sessions have no nice values here: switch kernel.sched_autogroup_enabled on');
  }
  if (!isInRootCgroup(pid)) {
    throw failure(
      'ENOTSUP',
      `it is in the cgroup ${cgroup}: nice values of sessions act in the root one only`,
    );
  }
  const mates = sessionMates(pid, current.name);
  if (mates.length > 0) {
    throw failure(
      'ENOTSUP',
      `its session holds other processes too (${mates.slice(0, 3).join(', ')}${mates.length > 3 ? ', …' : ''}): start it ` +
        'with setsid, or with -daemonize',
    );
  }
  return current;
}

async function write({ pid, startTime }: Guest, nice: number): Promise<void> {
  for (let attempt = 1; readStartTime(pid) === startTime && readAutogroup(pid)?.nice !== nice; attempt++) {
    try {
      writeValue(autogroupFile(pid), `${nice}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || attempt === WRITE_TRIES) throw error;
      await delay(WRITE_PAUSE_MS);
    }
  }
}

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });
