import { setTimeout as delay } from 'node:timers/promises';
import type { Guest } from '../../qemu/guest.js';
import { powerDownVm } from '../../qemu/vm.js';
import type { Clock } from '../../support/clock.js';
import { errnoError } from './errno-error.js';
import { signalProcess } from './process-signal.js';

/** How long a guest has for its end by SIGTERM, on which QEMU closes its disks, before it is killed. */
const IN_ORDER_NS = 5_000_000_000n;
/** A guest that was let run just now may be asked that much later: its monitor is still behind. */
const TRIES = 3;
const BETWEEN_TRIES_MS = 50;

interface Ending {
  readonly askedNs: bigint;
  terminatedNs: bigint | null;
}

/** Guests that are to end: asked by their power button first. Nothing of it is journalled, for nothing of it can be undone. */
export class GuestEndings {
  readonly #endings = new Map<string, Ending>();

  constructor(private readonly clock: Clock) {}

  /** When it was first asked; undefined: it was not, or may go on since. */
  askedNs(key: string): bigint | undefined {
    return this.#endings.get(key)?.askedNs;
  }

  /**
   * Asks the guest to power down. Its time runs from the first attempt on, also where its monitor cannot be reached: that is
   * thrown (EIO), and the guest will be ended.
   */
  async powerDown(guest: Guest): Promise<void> {
    if (!this.#endings.has(guest.key)) {
      this.#endings.set(guest.key, { askedNs: this.clock.monotonicNs(), terminatedNs: null });
    }
    for (let tries = 1; ; tries++) {
      try {
        return await powerDownVm(guest);
      } catch (error) {
        if (tries === TRIES) throw Object.assign(error as Error, { code: 'EIO' });
        await delay(BETWEEN_TRIES_MS);
      }
    }
  }

  /** Ends its process: by SIGTERM, and if it is called again 5 s later and it is still there, by SIGKILL. Twice is safe. */
  end(guest: Guest): void {
    const nowNs = this.clock.monotonicNs();
    const ending = this.#endings.get(guest.key) ?? { askedNs: nowNs, terminatedNs: null };
    this.#endings.set(guest.key, ending);
    const isKilled = ending.terminatedNs !== null && nowNs - ending.terminatedNs >= IN_ORDER_NS;
    if (ending.terminatedNs !== null && !isKilled) return;
    ending.terminatedNs ??= nowNs;
    const result = signalProcess(
      { id: guest.pid, startTime: guest.startTime },
      isKilled ? 'SIGKILL' : 'SIGTERM',
    );
    if (result < 0) throw errnoError(result, `ending process ${guest.pid}`);
  }

  /** It may go on, or has ended: when it is to stop again it has its whole time again. */
  forget(key: string): void {
    this.#endings.delete(key);
  }
}
