import { Agent } from 'node:http';
import type { Plan } from '../compiler/plan.js';
import type { EnforcerEvent, GuestStatus, Status } from '../enforce/status.js';
import type { ForecastAnswer, HistoryAnswer, SignalInfo } from '../rps/index.js';
import type { AdmissionDocument } from './admission-schema.js';
import { type Connection, requestJson, requestStream } from './http-request.js';
import { parseEvents } from './server-sent-events.js';
import { socketPath } from './socket-path.js';

export { DaemonError } from './http-request.js';
export type {
  AdmissionDocument,
  EnforcerEvent,
  ForecastAnswer,
  GuestStatus,
  HistoryAnswer,
  Plan,
  SignalInfo,
  Status,
};

export interface ConnectOptions {
  /** Path of the daemon's unix socket; default: VMC_SOCKET, /run/vmc/vmcd.sock, or that of the user. */
  readonly socket?: string;
  /** How long an answer may take, in milliseconds; default 10,000. */
  readonly timeoutMs?: number;
}

/**
 * The daemon's HTTP interface. Nothing is sent before the first call. Every method rejects with a {@link DaemonError}:
 * `code` NO_DAEMON where none listens, PROBLEM where it refused (its `status` is that of HTTP), TIMEOUT.
 */
export interface Client {
  readonly socket: string;
  status(): Promise<Status>;
  guests(): Promise<GuestStatus[]>;
  /** By key, pid or name. */
  guest(id: string): Promise<GuestStatus>;
  plan(): Promise<Plan>;
  /** Whether a request, a text of the language, would fit beside everything that the plan in force holds. */
  admit(request: string): Promise<AdmissionDocument>;
  /** The signals that are recorded. */
  series(): Promise<SignalInfo[]>;
  /** Samples of one signal from the wall-clock instant `fromMs` on; `step` is a time such as '1min'. */
  samples(
    signal: string,
    options?: { readonly fromMs?: number; readonly step?: string },
  ): Promise<HistoryAnswer>;
  /** `horizon` is a time such as '30s' (the default), `level` that of the two-sided limits such as '95%' (the default). */
  forecast(
    signal: string,
    options?: { readonly horizon?: string; readonly level?: string },
  ): Promise<ForecastAnswer>;
  /** What happens from now on (after the event numbered `after`, where given), until `signal` aborts. */
  events(options?: { readonly after?: number; readonly signal?: AbortSignal }): AsyncGenerator<EnforcerEvent>;
  /** Flips a switch of the policy, for a time such as '2h' where given. Owner only. */
  setSwitch(name: string, on: boolean, options?: { readonly for?: string }): Promise<void>;
  /**
   * Pushes a value of a signal of the policy, as written ('31.5', '70%', '2GiB') or in the unit of the plan's thresholds, for
   * a time such as '2h' where given. Owner only.
   */
  pushSignal(name: string, value: string | number, options?: { readonly for?: string }): Promise<void>;
  /** Everything is given back when it resolves, and the daemon ends. Owner only. */
  release(): Promise<void>;
  /** Closes idle connections. */
  close(): void;
}

/** A client of the daemon that listens on a unix socket. */
export function connect(options: ConnectOptions = {}): Client {
  const agent = new Agent({ keepAlive: true });
  const { socket = socketPath(), timeoutMs = 10_000 } = options;
  const connection: Connection = { socket, timeoutMs, agent };
  const get = <T>(path: string) => requestJson<T>(connection, 'GET', path);
  const put = async (
    name: string,
    value: boolean | string | number,
    { for: time }: { readonly for?: string } = {},
  ) => {
    const body = { value, ...(time !== undefined && { for: time }) };
    await requestJson(connection, 'PUT', `/v1/signals/${encodeURIComponent(name)}`, body);
  };
  return {
    socket,
    status: () => get('/v1/status'),
    guests: () => get('/v1/guests'),
    guest: (id) => get(`/v1/guests/${encodeURIComponent(id)}`),
    plan: () => get('/v1/plan'),
    admit: (request) => requestJson(connection, 'POST', '/v1/admit', { request }),
    series: () => get('/v1/series'),
    samples: (signal, { fromMs, step } = {}) =>
      get(`/v1/series/${encodeURIComponent(signal)}${query({ from: fromMs, step })}`),
    forecast: (signal, { horizon, level } = {}) =>
      get(`/v1/forecast/${encodeURIComponent(signal)}${query({ horizon, level })}`),
    events: ({ after, signal } = {}) => readEvents(connection, after, signal),
    setSwitch: (name, on, options) => put(name, on, options),
    pushSignal: (name, value, options) => put(name, value, options),
    release: async () => {
      await requestJson(connection, 'POST', '/v1/release');
    },
    close: () => agent.destroy(),
  };
}

function query(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return text === '' ? '' : `?${text}`;
}

async function* readEvents(
  connection: Connection,
  after: number | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<EnforcerEvent> {
  const response = await requestStream(connection, `/v1/events${query({ after })}`, signal);
  try {
    for await (const data of parseEvents(response)) yield JSON.parse(data) as EnforcerEvent;
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    response.destroy();
  }
}
