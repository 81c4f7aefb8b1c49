import { setTimeout as delay } from 'node:timers/promises';
import type { Guest } from '../../qemu/guest.js';
import type { RunningTimetable } from '../host.js';
import type { TaskId } from './cgroups.js';
import type { Freezers } from './freezers.js';
import { GapPause, type PauseContext } from './gap-pause.js';
import type { TimingThread } from './timing-thread.js';

/** A new timetable waits so long for guests that it stops at once and for long to be told. */
const TELL_MS = 50;
/** At the end, guests have so long to go on by what is left with their monitors, before the guardian tells them. */
const SETTLE_MS = 300;

/**
 * What a timetable needs besides the timing thread: groups of their own for guests that are frozen, and guests told of long
 * gaps.
 */
export class DutyCycles {
  /** Guests that have been enclosed. */
  readonly #enclosed = new Map<string, TaskId>();
  readonly #pauses = new Map<string, GapPause>();
  /** Guests whose groups have gone underneath. */
  readonly #lost = new Set<string>();

  constructor(
    private readonly timing: TimingThread,
    private readonly freezers: Freezers | null,
    private readonly context: Omit<PauseContext, 'isHeld'>,
  ) {}

  /** What is in force; null: nothing. */
  get timetable(): RunningTimetable | null {
    const { timetable } = this.timing;
    if (timetable === null || this.#lost.size === 0) return timetable;
    return { ...timetable, entries: timetable.entries.filter(({ guest }) => !this.#lost.has(guest)) };
  }

  /** Whether the timetable in force names the guest. */
  has(key: string): boolean {
    return this.timetable?.entries.some(({ guest }) => guest === key) ?? false;
  }

  /** The guardian has undone the journal, and with it the groups: guests in them are out of force until set again. */
  lost(): void {
    for (const key of this.#enclosed.keys()) this.#lost.add(key);
    this.#enclosed.clear();
  }

  /** As {@link TimingThread.setTimetable}; guests that `find` does not know are left out. */
  async setTimetable(timetable: RunningTimetable, find: (key: string) => Guest | undefined): Promise<void> {
    await this.#tellOfGaps(timetable, find);
    await this.timing.setTimetable(timetable, ({ guest: key, by }) => {
      const guest = find(key);
      if (!guest) return null;
      const process = { id: guest.pid, startTime: guest.startTime };
      const vcpus = guest.vcpus.map(({ tid }) => tid);
      return { process, vcpus, freezer: by === 'freezer' ? this.#enclose(key, process) : null };
    });
    this.#lost.clear();
    const frozen = new Set(timetable.entries.filter(({ by }) => by === 'freezer').map(({ guest }) => guest));
    for (const key of this.#enclosed.keys()) if (!frozen.has(key)) this.#release(key);
  }

  /** The guest has been moved between groups: what freezes it may be another one now. */
  async moved(key: string, find: (key: string) => Guest | undefined): Promise<void> {
    const { timetable } = this.timing;
    if (timetable && this.#enclosed.has(key)) await this.setTimetable(timetable, find);
  }

  /** Frozen by somebody else: as good as stopped by its user. */
  isFrozenByOthers({ pid, startTime }: Guest): boolean {
    return this.freezers?.isFrozenByOthers({ id: pid, startTime }) ?? false;
  }

  /** No guest is told of gaps any more; resolves when those that run again go on, or soon. */
  async stop(): Promise<void> {
    for (const pause of this.#pauses.values()) pause.end();
    const over = Promise.all([...this.#pauses.values()].map((pause) => pause.over));
    this.#pauses.clear();
    await Promise.race([over, delay(SETTLE_MS, undefined, { ref: false })]);
  }

  async #tellOfGaps(timetable: RunningTimetable, find: (key: string) => Guest | undefined): Promise<void> {
    const { hyperperiodNs, entries } = timetable;
    const told = new Set(entries.map(({ guest }) => guest));
    for (const [key, pause] of this.#pauses) {
      if (told.has(key)) continue;
      pause.end();
      this.#pauses.delete(key);
    }
    const begun = entries.flatMap(({ guest: key, windows }) => {
      const guest = find(key);
      if (!guest || guest.qmpSockets.length === 0) return [];
      const isHeld = (one: string): boolean => this.timing.timesOf(one, 0n).held;
      const pause = this.#pauses.get(key) ?? new GapPause(guest, { ...this.context, isHeld });
      this.#pauses.set(key, pause);
      return [pause.follow({ hyperperiodNs, windows })];
    });
    await Promise.race([Promise.all(begun), delay(TELL_MS, undefined, { ref: false })]);
  }

  /** The guest has ended. */
  forget(key: string): void {
    this.timing.forget(key);
    this.#pauses.get(key)?.end();
    this.#pauses.delete(key);
    try {
      this.#release(key);
    } catch {
      // Its group stays until everything is given back: the journal has it.
      this.#enclosed.delete(key);
    }
  }

  #enclose(key: string, process: TaskId): string {
    if (!this.freezers) throw Object.assign(new Error('no freezer that may be written'), { code: 'ENOTSUP' });
    const file = this.freezers.enclose(process);
    this.#enclosed.set(key, process);
    return file;
  }

  #release(key: string): void {
    const process = this.#enclosed.get(key);
    if (!process) return;
    this.freezers?.release(process);
    this.#enclosed.delete(key);
  }
}
