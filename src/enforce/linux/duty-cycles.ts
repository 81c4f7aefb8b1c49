import type { Guest } from '../../qemu/guest.js';
import type { RunningTimetable } from '../host.js';
import type { TaskId } from './cgroups.js';
import type { Freezers } from './freezers.js';
import type { TimingThread } from './timing-thread.js';

/** What a timetable needs besides the timing thread: groups of their own for guests that are frozen. */
export class DutyCycles {
  /** Guests that have been enclosed. */
  readonly #enclosed = new Map<string, TaskId>();
  /** Guests whose groups have gone underneath. */
  readonly #lost = new Set<string>();

  constructor(
    private readonly timing: TimingThread,
    private readonly freezers: Freezers | null,
  ) {}

  /** What is in force; null: nothing. */
  get timetable(): RunningTimetable | null {
    const { timetable } = this.timing;
    if (timetable === null || this.#lost.size === 0) return timetable;
    return { ...timetable, entries: timetable.entries.filter(({ guest }) => !this.#lost.has(guest)) };
  }

  /** The guardian has undone the journal, and with it the groups: guests in them are out of force until set again. */
  lost(): void {
    for (const key of this.#enclosed.keys()) this.#lost.add(key);
    this.#enclosed.clear();
  }

  /** As {@link TimingThread.setTimetable}; guests that `find` does not know are left out. */
  async setTimetable(timetable: RunningTimetable, find: (key: string) => Guest | undefined): Promise<void> {
    await this.timing.setTimetable(timetable, ({ guest: key, by }) => {
      const guest = find(key);
      if (!guest) return null;
      const process = { id: guest.pid, startTime: guest.startTime };
      return { process, freezer: by === 'freezer' ? this.#enclose(key, process) : null };
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

  /** The guest has ended. */
  forget(key: string): void {
    this.timing.forget(key);
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
