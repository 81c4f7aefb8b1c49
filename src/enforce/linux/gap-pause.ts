import { setTimeout as delay } from 'node:timers/promises';
import type { Guest } from '../../qemu/guest.js';
import { type GuestMonitor, openGuestMonitor, withGuestMonitor } from '../../qemu/guest-monitor.js';
import { cont, queryStatus, stop } from '../../qemu/qmp/commands.js';
import type { Clock } from '../../support/clock.js';
import type { Journal } from './journal.js';
import { nextLongGapNs, type Timing } from './long-gaps.js';
import { readStartTime } from './task-stat.js';
import type { UndoRecord } from './undo-record.js';

const MS = 1_000_000n;
/** How long before a gap the monitor is asked: one that has not answered by then is left alone. */
const ASK_AHEAD_NS = 200n * MS;
/** How long before a gap its virtual CPUs are paused. */
const STOP_AHEAD_NS = 3n * MS;
/** How long into a gap the command to go on is left with the monitor, which reads it once it runs again. */
const LEAVE_CONT_NS = 100n * MS;
/** Answers come after the gap, however long that is; as long as timers of Node's can be. */
const PATIENCE_MS = 2 ** 31 - 1;
const RETRY_MS = 1000;

export const CONT = '{"execute":"cont"}';

/** What a guest's pauses need of the host. */
export interface PauseContext {
  readonly clock: Clock;
  readonly journal: Journal & { readonly revoked: boolean };
  /** Whether the timetable holds the guest now. */
  readonly isHeld: (key: string) => boolean;
}

/** A monitor that was connected to, and whether its machine has told of being paused. */
interface Session {
  readonly monitor: GuestMonitor;
  readonly paused: { seen: boolean };
}

/**
 * Tells one guest of the long gaps of its timetable: its virtual CPUs are paused just before it is stopped and go on as soon
 * as it runs again, so that its clock stands still meanwhile. The timetable never waits for this; a guest whose monitor
 * does not answer in time is stopped all the same. A guest that was paused already, or that somebody else pauses, is left so.
 */
export class GapPause {
  #generation = 0;
  #resumed: Promise<void> = Promise.resolve();

  constructor(
    private readonly guest: Guest,
    private readonly context: PauseContext,
  ) {}

  /** Follows this timing from now on. Resolves when a gap that has begun already is told, or cannot be. */
  async follow(timing: Timing): Promise<void> {
    const generation = ++this.#generation;
    const gap = nextLongGapNs(timing, this.#now());
    if (gap !== null && gap <= this.#now() && !this.context.isHeld(this.guest.key)) {
      await this.#tell(gap, generation);
    }
    void this.#keep(timing, generation);
  }

  /** The latest pause is over, when this resolves. */
  get over(): Promise<void> {
    return this.#resumed;
  }

  /** Nothing is told any more; one that is paused goes on with the end of its gap. */
  end(): void {
    this.#generation += 1;
  }

  #now(): bigint {
    return this.context.clock.monotonicNs();
  }

  async #keep(timing: Timing, generation: number): Promise<void> {
    while (generation === this.#generation) {
      await this.#resumed;
      // One that lasts already is past telling.
      const gap = nextLongGapNs(timing, this.#now(), { begun: false });
      if (gap === null) return;
      await this.#sleepUntil(gap - ASK_AHEAD_NS);
      if (generation === this.#generation) await this.#tell(gap, generation);
      await this.#sleepUntil(gap + MS);
    }
  }

  /** Pauses the guest by the gap that begins at `gapNs`, and sees to it that it goes on after that. */
  async #tell(gapNs: bigint, generation: number): Promise<void> {
    await this.#resumed;
    const session = await this.#ask();
    if (!session) return;
    await this.#sleepUntil(gapNs - STOP_AHEAD_NS);
    if (generation !== this.#generation || !this.#runs() || this.context.journal.revoked) {
      session.monitor.client.close();
      return;
    }
    const undo = this.#undo(session);
    const { journal } = this.context;
    journal.record(undo);
    const stopping = stop(session.monitor.client).then(
      () => session.paused.seen,
      () => false,
    );
    this.#resumed = this.#resume(session, stopping, gapNs).then(() => {
      if (journal.standing(undo)) journal.clear(journal.record(undo));
    });
    // Not told in time: it is when it runs again, for an instant.
    await Promise.race([stopping, delay(Number(ASK_AHEAD_NS / MS), undefined, { ref: false })]);
  }

  /** A connection to the guest's monitor while the guest runs; null: none, or not within its time. */
  async #ask(): Promise<Session | null> {
    const paused = { seen: false };
    const options = {
      connectTimeoutMs: Number(ASK_AHEAD_NS / MS),
      commandTimeoutMs: PATIENCE_MS,
      onEvent: ({ event }: { readonly event: string }) => {
        if (event === 'STOP') paused.seen = true;
      },
    };
    let inTime = true;
    const asking = openGuestMonitor(this.guest, options)
      .then(async (monitor) => {
        const { running } = await queryStatus(monitor.client).catch(() => ({ running: false }));
        if (running && inTime) return { monitor, paused };
        monitor.client.close();
        return null;
      })
      .catch(() => null);
    const late = delay(Number(ASK_AHEAD_NS / MS), null, { ref: false }).then(() => {
      inTime = false;
      return null;
    });
    return Promise.race([asking, late]);
  }

  /** Nothing to be done when somebody else had paused it first. */
  async #resume({ monitor }: Session, stopping: Promise<boolean>, gapNs: bigint): Promise<void> {
    const gapBegun = this.#sleepUntil(gapNs + LEAVE_CONT_NS).then(() => 'gap' as const);
    const first = await Promise.race([stopping, gapBegun]);
    if (first === false) {
      monitor.client.close();
      return;
    }
    await gapBegun;
    try {
      await cont(monitor.client);
    } catch {
      await this.#continueLater();
    } finally {
      monitor.client.close();
    }
  }

  /** The connection broke: once it runs, by a new one, for as long as the guest lives. */
  async #continueLater(): Promise<void> {
    for (;;) {
      if (!isAlive(this.guest)) return;
      try {
        if (this.#runs()) return await withGuestMonitor(this.guest, ({ client }) => cont(client));
      } catch {
        // hung, or another client has it: again
      }
      await delay(RETRY_MS, undefined, { ref: false });
    }
  }

  #runs(): boolean {
    return !this.context.isHeld(this.guest.key);
  }

  #undo({ monitor }: Session): UndoRecord {
    const { pid, startTime } = this.guest;
    return { operation: 'qmp', pid, startTime, socket: monitor.path, command: CONT };
  }

  async #sleepUntil(atNs: bigint): Promise<void> {
    const leftMs = Number(atNs - this.#now()) / 1e6;
    if (leftMs > 0) await delay(Math.min(leftMs, PATIENCE_MS), undefined, { ref: false });
  }
}

const isAlive = ({ pid, startTime }: Guest): boolean => readStartTime(pid) === startTime;
