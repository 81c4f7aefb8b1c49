import type { Plan } from '../compiler/plan.js';
import type { EventLog } from '../enforce/event-log.js';
import type { Status } from '../enforce/status.js';
import type { Forecast } from './forecast-schema.js';
import type { Series, SeriesSummary } from './series-schema.js';

/**
 * What the HTTP server asks of the daemon. Each is called once a request, answers from memory at once, and never throws
 * for what a client can ask wrongly: null stands for "there is no such thing".
 */
export interface DaemonServices {
  /** Null until the first observation of the host. */
  status(): Status | null;
  plan(): Plan;
  readonly events: EventFeed;
  readonly series: SeriesStore;
  /** `horizonNs` is at least one sampling interval; `level` is in (0, 1), two-sided. */
  forecast(signal: string, horizonNs: bigint, level: number): Forecast | ForecastRefusal;
  /** False: the policy has no such switch. `forNs` null: until it is set again. */
  setSwitch(name: string, on: boolean, forNs: bigint | null): boolean;
  /** Gives everything back; the daemon ends after that. */
  release(): Promise<void>;
}

/** Why there is no forecast. */
export interface ForecastRefusal {
  readonly refused: 'no-such-signal' | 'too-far' | 'too-few-samples';
  /** In the asker's words. */
  readonly message: string;
}

/** As src/enforce/event-log.ts keeps it. */
export type EventFeed = Pick<EventLog, 'since' | 'subscribe'>;

export interface SeriesStore {
  list(): readonly SeriesSummary[];
  /** Samples from `fromMs` (wall clock) on, averaged over steps of `stepMs`; null: no such signal. */
  read(signal: string, fromMs: number, stepMs: number): Series | null;
}
