import type { SignalStore } from '../../rps/index.js';
import { BANDWIDTH_STEP_NS, flowSignal, SLOW_STEP_NS } from '../../rps/signal-catalogue.js';
import { type Schedule, Ticker, timerSchedule } from '../../rps/ticker.js';
import { type Clock, systemClock } from '../../support/clock.js';
import type { Flow } from './flow.js';
import { FlowError, FlowProbe } from './flow-probe.js';

export interface FlowSensorOptions {
  readonly flows: readonly Flow[];
  readonly signals: Pick<SignalStore, 'record'>;
  /** The token that the peers ask for, now. */
  readonly token: () => string;
  /** Told once when a peer is not to be had, and once when it is again. */
  readonly onChange: (flow: Flow, trouble: string | null) => void;
  readonly clock?: Clock;
  readonly schedule?: Schedule;
}

/** Looks at the latency between two at the bandwidth. */
const BANDWIDTH_EVERY = BANDWIDTH_STEP_NS / SLOW_STEP_NS;

interface Watched {
  readonly flow: Flow;
  readonly probe: FlowProbe;
  /** What could not be measured. */
  trouble: 'latency' | 'bandwidth' | null;
  busy: boolean;
}

/**
 * Latency of flows every 10 s (one handshake), bandwidth once a minute (at most 4 MiB), one flow after the other. A peer that is not to
 * be had leaves gaps; its signals are lost after three of them. The constructor does nothing; `stop` undoes `start`, twice is safe.
 */
export class FlowSensor {
  readonly #options: FlowSensorOptions;
  readonly #watched: readonly Watched[];
  readonly #clock: Clock;
  readonly #ticker: Ticker;
  #ticks = 0;
  #running = false;

  constructor(options: FlowSensorOptions) {
    const { flows, token, clock = systemClock, schedule = timerSchedule } = options;
    this.#options = options;
    this.#clock = clock;
    this.#watched = flows.map((flow) => ({
      flow,
      probe: new FlowProbe(flow, token),
      trouble: null,
      busy: false,
    }));
    this.#ticker = new Ticker(SLOW_STEP_NS, () => void this.#look(), clock, schedule);
  }

  start(): void {
    if (this.#watched.length === 0) return;
    this.#running = true;
    this.#ticker.start();
  }

  stop(): void {
    this.#running = false;
    this.#ticker.stop();
  }

  async #look(): Promise<void> {
    const atNs = this.#clock.monotonicNs();
    const tick = this.#ticks++;
    for (const [index, watched] of this.#watched.entries()) {
      // The one before has not come to an end.
      if (watched.busy) continue;
      watched.busy = true;
      await this.#lookAt(watched, (tick + index) % BANDWIDTH_EVERY === 0, atNs);
      watched.busy = false;
    }
  }

  async #lookAt(watched: Watched, withBandwidth: boolean, atNs: bigint): Promise<void> {
    const { probe } = watched;
    const isThere = await this.#measure(watched, 'latency', () => probe.latencyMs(), atNs);
    if (isThere && withBandwidth) {
      await this.#measure(watched, 'bandwidth', () => probe.bytesPerSecond(), atNs);
    }
  }

  /** The place of a sample is that of the tick, however long it took. */
  async #measure(
    watched: Watched,
    what: 'latency' | 'bandwidth',
    ask: () => Promise<number>,
    atNs: bigint,
  ): Promise<boolean> {
    try {
      const value = await ask();
      if (!this.#running) return false;
      this.#options.signals.record(flowSignal(watched.flow.name, what), value, atNs);
      if (watched.trouble === what) this.#tell(watched, null, '');
      return true;
    } catch (error) {
      if (!(error instanceof FlowError)) throw error;
      if (this.#running) this.#tell(watched, what, error.message);
      return false;
    }
  }

  #tell(watched: Watched, trouble: Watched['trouble'], message: string): void {
    if ((watched.trouble === null) !== (trouble === null)) {
      this.#options.onChange(watched.flow, trouble === null ? null : message);
    }
    watched.trouble = trouble;
  }
}
