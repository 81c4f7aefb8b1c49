import { AgentError, type AgentReadings, askGuestAgent, type Guest } from '../qemu/index.js';
import type { SignalStore } from '../rps/index.js';
import { AGENT_STEP_NS, guestSignal } from '../rps/signal-catalogue.js';
import { type Schedule, Ticker, timerSchedule } from '../rps/ticker.js';
import { type Clock, systemClock } from '../support/clock.js';

export interface GuestLoadsOptions {
  readonly guests: () => readonly Pick<Guest, 'key' | 'pid' | 'commandLine'>[];
  readonly signals: Pick<SignalStore, 'record'>;
  /** Default: {@link askGuestAgent}. */
  readonly ask?: (guest: Pick<Guest, 'pid' | 'commandLine'>) => Promise<AgentReadings>;
  readonly clock?: Clock;
  readonly schedule?: Schedule;
}

/** A guest whose agent does not answer is asked again after so many looks. */
const ASKED_AGAIN_AFTER = 10;

interface Known {
  /** Looks for which it is left alone. */
  resting: number;
  processors: AgentReadings['processors'];
}

/**
 * What guests say of themselves, once a minute, one after the other: `guest.KEY.load` and `guest.KEY.busy`. Asking takes a virtual processor
 * of the guest, so it is seldom. The constructor does nothing; `stop` undoes `start`, twice is safe.
 */
export class GuestLoads {
  readonly #options: GuestLoadsOptions;
  readonly #clock: Clock;
  readonly #ticker: Ticker;
  readonly #known = new Map<string, Known>();
  #running = false;
  #looking = false;

  constructor(options: GuestLoadsOptions) {
    const { clock = systemClock, schedule = timerSchedule } = options;
    this.#options = options;
    this.#clock = clock;
    this.#ticker = new Ticker(AGENT_STEP_NS, () => void this.look(), clock, schedule);
  }

  start(): void {
    this.#running = true;
    this.#ticker.start();
  }

  stop(): void {
    this.#running = false;
    this.#ticker.stop();
  }

  /** Asks every guest that is not left alone; `start` does so once a minute. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const atNs = this.#clock.monotonicNs();
    const guests = this.#options.guests();
    const present = new Set(guests.map(({ key }) => key));
    for (const key of this.#known.keys()) if (!present.has(key)) this.#known.delete(key);
    for (const guest of guests) {
      const known = this.#known.get(guest.key) ?? { resting: 0, processors: null };
      this.#known.set(guest.key, known);
      if (known.resting-- > 0) continue;
      await this.#ask(guest, known, atNs);
    }
    this.#looking = false;
  }

  async #ask(guest: Pick<Guest, 'key' | 'pid' | 'commandLine'>, known: Known, atNs: bigint): Promise<void> {
    const { ask = askGuestAgent, signals } = this.#options;
    try {
      const { load, processors } = await ask(guest);
      known.resting = 0;
      const busy = busyPercent(known.processors, processors);
      known.processors = processors;
      if (!this.#running) return;
      if (load !== null) signals.record(guestSignal(guest.key, 'load'), load, atNs);
      if (busy !== null) signals.record(guestSignal(guest.key, 'busy'), busy, atNs);
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      known.resting = ASKED_AGAIN_AFTER;
      known.processors = null;
    }
  }
}

/** Of the guest's own processors, since the look before; null: not known, or the guest was started anew inside. */
function busyPercent(before: AgentReadings['processors'], now: AgentReadings['processors']): number | null {
  if (before === null || now === null) return null;
  const [busyMs, allMs] = [now.busyMs - before.busyMs, now.allMs - before.allMs];
  return allMs > 0 && busyMs >= 0 ? Math.min(100, (100 * busyMs) / allMs) : null;
}
