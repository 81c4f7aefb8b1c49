import {
  type Client,
  DaemonError,
  type EnforcerEvent,
  type ForecastAnswer,
  type Status,
} from '../../api/client.js';

/** What is asked for each second. */
export interface DaemonView {
  readonly status: Status;
  readonly history: readonly (number | null)[];
  readonly forecast: ForecastAnswer | null;
}

/** What the owner wants is what decides most about guests. */
const SIGNAL = 'owner.demand';
const HORIZON = '30s';
const HISTORY_MS = 60_000;

/** One look at the daemon. Rejects with a DaemonError where it does not answer. */
export async function lookAtDaemon(client: Client): Promise<DaemonView> {
  const status = await client.status();
  const [history, forecast] = await Promise.all([
    orNone(client.samples(SIGNAL, { fromMs: status.atMs - HISTORY_MS })),
    orNone(client.forecast(SIGNAL, { horizon: HORIZON })),
  ]);
  return { status, history: history?.values ?? [], forecast };
}

/** A host may lack the signal: that is no failure. */
async function orNone<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof DaemonError && error.code === 'PROBLEM') return null;
    throw error;
  }
}

const MOST_EVENTS = 200;

/** The newest events, the newest last. */
export const withEvent = (events: readonly EnforcerEvent[], event: EnforcerEvent): readonly EnforcerEvent[] =>
  [...events, event].slice(-MOST_EVENTS);

/** Events from so long ago on are worth a line. */
export const EVENTS_MS = 3_600_000;

/** The events of the last hour. */
export async function recentEvents(client: Client): Promise<readonly EnforcerEvent[]> {
  let events: readonly EnforcerEvent[] = [];
  for await (const event of client.events({ sinceMs: Date.now() - EVENTS_MS, follow: false })) {
    events = withEvent(events, event);
  }
  return events;
}
