import { Agent } from 'node:http';
import type { Plan } from '../compiler/plan.js';
import type { Grouping } from '../enforce/ledger/groupings.js';
import type { ConformanceDocument, LedgerDocument } from '../enforce/ledger/ledger-schema.js';
import type { EnforcerEvent, GuestStatus, Status } from '../enforce/status.js';
import type { ForecastAnswer, HistoryAnswer, SignalInfo } from '../rps/index.js';
import type { AdmissionDocument } from './admission-schema.js';
import { type Connection, requestJson, requestStream } from './http-request.js';
import { parseEvents } from './server-sent-events.js';
import { socketPath } from './socket-path.js';

export { DaemonError } from './http-request.js';
export type {
  AdmissionDocument,
  ConformanceDocument,
  EnforcerEvent,
  ForecastAnswer,
  GuestStatus,
  HistoryAnswer,
  LedgerDocument,
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

export interface EventOptions {
  readonly after?: number;
  readonly sinceMs?: number;
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** Wall-clock instants, ms; absent: since the ledger was begun, until now. */
export interface LedgerTimes {
  readonly fromMs?: number;
  readonly toMs?: number;
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
  /**
   * What has happened that is remembered (after the event numbered `after`, or from the wall-clock instant `sinceMs` on: all
   * that is kept) and what happens, until `signal` aborts; with `follow` false only what has happened.
   */
  events(options?: EventOptions): AsyncGenerator<EnforcerEvent>;
  /** What guests used and were promised between two wall-clock instants, by class unless told otherwise. */
  ledger(options?: LedgerTimes & { readonly by?: Grouping }): Promise<LedgerDocument>;
  /** Promised against delivered between two wall-clock instants, with what was missed and why. */
  conformance(options?: LedgerTimes): Promise<ConformanceDocument>;
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
    events: (options) => readEvents(connection, options),
    ledger: ({ fromMs, toMs, by } = {}) => get(`/v1/ledger${query({ from: fromMs, to: toMs, by })}`),
    conformance: ({ fromMs, toMs } = {}) => get(`/v1/ledger/conformance${query({ from: fromMs, to: toMs })}`),
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
  { after, sinceMs, follow, signal }: EventOptions = {},
): AsyncGenerator<EnforcerEvent> {
  const wanted = query({ after, since: sinceMs, follow: follow === false ? 'false' : undefined });
  const response = await requestStream(connection, `/v1/events${wanted}`, signal);
  try {
    for await (const data of parseEvents(response)) yield JSON.parse(data) as EnforcerEvent;
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    response.destroy();
  }
}
