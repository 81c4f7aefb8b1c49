import {
  type Guest,
  type GuestMonitor,
  isSameProcess,
  openGuestMonitor,
  type QmpDrive,
  type QmpDriveUse,
  QmpError,
  queryBalloon,
  queryBlock,
  queryBlockStats,
  queryMemoryBytes,
} from '../../../qemu/index.js';
import { Backoff } from '../../../qemu/qmp/backoff.js';
import type { Clock } from '../../../support/clock.js';
import { errnoError } from '../errno-error.js';

/** What a guest's monitor says of all that is set through it. */
export interface MonitorReading {
  readonly drives: readonly QmpDrive[];
  readonly driveUse: QmpDriveUse;
  /** Null: it has no balloon device. */
  readonly balloonBytes: number | null;
  readonly memoryBytes: number;
}

export interface TimedReading extends MonitorReading {
  readonly atNs: bigint;
}

interface Known {
  reading: TimedReading | null;
  asking: boolean;
  askedNs: bigint;
  failure: unknown;
  notBeforeNs: bigint;
  readonly backoff: Backoff;
}

/** A monitor serves one client at a time: it is for its operator most of the time. */
const READ_AGAIN_NS = 10_000_000_000n;
const NS_PER_MS = 1_000_000n;
const ESRCH = -3;
const TIMEOUTS = { connectTimeoutMs: 1000, commandTimeoutMs: 1000 };

/**
 * What the monitors of guests say, read back at most every ten seconds without anybody waiting for it, and whenever something
 * is changed through one. A monitor that failed is left alone for a while, so that one that hangs keeps nobody for long.
 */
export class MonitorReadings {
  readonly #known = new Map<string, Known>();

  constructor(private readonly clock: Clock) {}

  /** The last reading, of which a new one is begun if it is old; null: none yet. */
  latest(guest: Guest): TimedReading | null {
    const known = this.#of(guest.key);
    const nowNs = this.clock.monotonicNs();
    // A process that a signal has stopped cannot answer.
    const due = nowNs - known.askedNs >= READ_AGAIN_NS && nowNs >= known.notBeforeNs;
    if (due && !known.asking && !guest.stopped && guest.qmpSockets.length > 0) {
      known.asking = true;
      void this.change(guest, async () => {})
        .catch(() => {}) // the next one tries again; what was read last counts
        .finally(() => {
          known.asking = false;
        });
    }
    return known.reading;
  }

  /**
   * Connects, reads, has something changed, and reads again. Rejects with a {@link QmpError}, at once where one has just failed;
   * with ESRCH where the guest has ended.
   */
  async change(
    guest: Guest,
    apply: (monitor: GuestMonitor, before: MonitorReading) => Promise<void>,
  ): Promise<void> {
    const known = this.#of(guest.key);
    if (guest.stopped)
      throw new QmpError('timeout', 'the guest is stopped: its monitor answers when it runs');
    if (this.clock.monotonicNs() < known.notBeforeNs) throw known.failure;
    known.askedNs = this.clock.monotonicNs();
    try {
      const monitor = await openGuestMonitor(guest, TIMEOUTS);
      try {
        await apply(monitor, await this.#read(known, monitor));
        await this.#read(known, monitor);
      } finally {
        monitor.client.close();
      }
      known.backoff.succeeded();
    } catch (error) {
      if (!isSameProcess(guest.pid, guest.startTime)) throw errnoError(ESRCH, `guest ${guest.key} has ended`);
      known.failure = error;
      known.notBeforeNs = this.clock.monotonicNs() + BigInt(known.backoff.failed()) * NS_PER_MS;
      throw error;
    }
  }

  forget(key: string): void {
    this.#known.delete(key);
  }

  async #read(known: Known, { client }: GuestMonitor): Promise<MonitorReading> {
    const reading = {
      drives: await queryBlock(client),
      driveUse: await queryBlockStats(client),
      balloonBytes: await queryBalloon(client),
      memoryBytes: await queryMemoryBytes(client),
      atNs: this.clock.monotonicNs(),
    };
    known.reading = reading;
    return reading;
  }

  #of(key: string): Known {
    const known = this.#known.get(key);
    if (known) return known;
    const fresh: Known = {
      reading: null,
      asking: false,
      askedNs: this.clock.monotonicNs() - READ_AGAIN_NS,
      failure: null,
      notBeforeNs: 0n,
      backoff: new Backoff(1000, 60_000),
    };
    this.#known.set(key, fresh);
    return fresh;
  }
}
