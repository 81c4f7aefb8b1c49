import { setTimeout as delay } from 'node:timers/promises';
import type { RunningTimetable } from '../host.js';
import { Guardian, type GuardianEnd } from './guardian.js';
import { type FileJournal, readPending } from './journal.js';
import type { TimingThread } from './timing-thread.js';

/** A guardian that ended sooner than this is not replaced at once: what ended it may last. */
const PAUSE_MS = 1000;
const NOBODY_HELD: RunningTimetable = { hyperperiodNs: 1_000_000_000n, entries: [] };

/**
 * Keeps a guardian beside the daemon, from `start` to `release`: one that ended, whatever ended it, is replaced, and what it
 * has given back meanwhile is not believed to be in force.
 */
export class GuardianKeeper {
  readonly #guardian: Guardian;
  #startedMs = 0;
  #wanted = false;

  constructor(
    private readonly journal: FileJournal,
    private readonly timing: TimingThread,
    /** `prepare` takes again what has to be there before anything else is taken. */
    private readonly host: { readonly prepare: () => void; readonly onEvent: (message: string) => void },
  ) {
    this.#guardian = new Guardian({
      journal,
      onEnd: (end) => void this.#replace(end),
      onMessage: host.onEvent,
    });
  }

  /** See {@link Guardian}: false while it is being replaced, when nothing may be changed that nobody would change back. */
  get alive(): boolean {
    return this.#guardian.alive;
  }

  /** Starts the journal with what the last release, of an earlier daemon or of the guardian, could not give back. */
  openJournal(): void {
    const left = readPending(this.journal.file, this.journal.bootId);
    if (left.length > 0)
      this.host.onEvent(`${left.length} settings could not be given back yet: they stay on record`);
    this.journal.open(left);
  }

  start(): void {
    this.#wanted = true;
    this.#startedMs = performance.now();
    this.#guardian.start();
  }

  /** From now on the timing thread's heartbeats reach it. */
  listen(): Promise<void> {
    return this.timing.setGuardian(this.#guardian.heartbeatDescriptor);
  }

  /** A guardian that somebody has stopped guards nothing: it is ended, and replaced. */
  check(): void {
    this.#guardian.endIfStopped();
  }

  exclude<T>(work: () => Promise<T>): Promise<T> {
    return this.#guardian.exclude(work);
  }

  /** Everything in the journal is given back when this resolves; false when something could not be. */
  release(): Promise<boolean> {
    this.#wanted = false;
    return this.#guardian.release();
  }

  async #replace(end: GuardianEnd): Promise<void> {
    if (!this.#wanted) return;
    this.host.onEvent(
      end === 'released'
        ? 'the daemon was silent for over a second: the guardian gave everything back; starting again'
        : 'the guardian ended: starting another',
    );
    const hasty = performance.now() - this.#startedMs < PAUSE_MS;
    try {
      await this.timing.setGuardian(null);
      this.#guardian.closePipe();
      // Where none stays alive nobody would wake whom we hold: they run until one does.
      if (hasty) await this.timing.setTimetable(NOBODY_HELD, () => null);
      if (this.journal.revoked) {
        // What stood in the journal is undone; the next reconciliation finds it missing and takes it again.
        this.openJournal();
        this.timing.journalAgain();
        this.host.prepare();
      }
      if (hasty) await delay(PAUSE_MS);
      if (!this.#wanted) return;
      this.start();
      await this.listen();
    } catch (error) {
      this.host.onEvent(`no guardian yet: ${(error as Error).message}`);
      await delay(PAUSE_MS);
      await this.#replace('died');
    }
  }
}
