import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Plan } from '../compiler/plan.js';
import type { Grouping } from '../enforce/ledger/groupings.js';
import type { ConformanceDocument, LedgerDocument } from '../enforce/ledger/ledger-schema.js';
import type { Control, EnforcerEvent, GuestStatus, Measure, Status } from '../enforce/status.js';
import type { ForecastAnswer, HistoryAnswer, SignalInfo } from '../rps/index.js';
import type { AdmissionDocument } from './admission-schema.js';
import { type EventStreamOptions, eventStream } from './event-stream.js';
import { type ForecastOptions, type ForecastUpdate, forecastUpdates } from './forecast-updates.js';
import { type Connection, DaemonError, json, requestJson, requestText } from './http-request.js';
import type { LastingStreamOptions } from './lasting-stream.js';
import type { Problem } from './problem.js';
import { query } from './query-string.js';
import type { RunningTime, RunningTimeOutcome } from './running-time-schema.js';
import { socketPath } from './socket-path.js';

export type { EventStreamOptions } from './event-stream.js';
export type { ForecastOptions, ForecastUpdate } from './forecast-updates.js';
export { DaemonError } from './http-request.js';
export type { LastingStreamOptions } from './lasting-stream.js';
export type { Problem } from './problem.js';
export type {
  AdmissionDocument,
  ConformanceDocument,
  Control,
  EnforcerEvent,
  ForecastAnswer,
  GuestStatus,
  HistoryAnswer,
  LedgerDocument,
  Measure,
  Plan,
  RunningTime,
  RunningTimeOutcome,
  SignalInfo,
  Status,
};

export type ConnectOptions = {
  /** How long an answer may take, in milliseconds; default 10,000. */
  readonly timeoutMs?: number;
} & (
  | {
      /** Path of the daemon's unix socket; default: VMC_SOCKET, /run/vmc/vmcd.sock, or that of the user. */
      readonly socket?: string;
    }
  | {
      /** `http://127.0.0.1:7070`, of a daemon with `--listen`, or https where a proxy does TLS for it: reading only. */
      readonly url: string;
      /** What is in its token file. */
      readonly token: string;
    }
);

/** What became of a policy that was put, or read again. */
export interface TakenPolicy {
  readonly policy: Plan['policy'];
  /** Warnings and advice. */
  readonly diagnostics: NonNullable<Problem['diagnostics']>;
}

/** One of many forecasts that are asked for at once. */
export interface ForecastQuery extends ForecastOptions {
  /** Of {@link Client.series}: 'owner.demand'. */
  readonly signal: string;
}

/** What came of it: the forecast, or why there is none. `horizon` and `level` are what it was asked for with. */
export type QueriedForecast = {
  readonly signal: string;
  readonly horizon: string;
  readonly level: string;
} & ({ readonly forecast: ForecastAnswer } | { readonly problem: Problem });

/** Wall-clock instants, ms; absent: since the ledger was begun, until now. */
export interface LedgerTimes {
  readonly fromMs?: number;
  readonly toMs?: number;
}

/**
 * The daemon's HTTP interface. Nothing is sent before the first call. Every method rejects with a {@link DaemonError}:
 * `code` NO_DAEMON where none listens, FORBIDDEN where this user may not connect, PROBLEM where it refused (`problem` says
 * what, `status` is that of HTTP), TIMEOUT, BROKEN.
 */
export interface Client {
  /** Where it asks: the path of a socket, or an origin. */
  readonly address: string;
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
  /** What a signal will be: each step up to the horizon, and the average over it, with limits and how good such forecasts were. */
  forecast(signal: string, options?: ForecastOptions): Promise<ForecastAnswer>;
  /**
   * Up to 64 forecasts, of up to 6,000 steps together, in one request; the answers are in the order of the queries. What cannot be
   * answered has its own `problem` and spoils none of the others. Rejects where the whole request is refused.
   */
  forecasts(queries: readonly ForecastQuery[]): Promise<QueriedForecast[]>;
  /**
   * The forecast of a signal, and a new one for each of its samples, until the options' `signal` aborts. Whoever takes them more
   * slowly than they come is given the newest, with the number of those that were skipped. Rejects with status 410 when the signal is
   * not recorded any more.
   */
  forecastStream(
    signal: string,
    options?: ForecastOptions & LastingStreamOptions,
  ): AsyncGenerator<ForecastUpdate>;
  /**
   * When work of so much CPU time (such as '30s') will be done: by an ordinary process of the owner's, or on a virtual CPU of
   * a guest of `class`. `level` is that of the two-sided limits such as '95%' (the default).
   */
  runningTime(
    work: string,
    options?: { readonly class?: string; readonly level?: string },
  ): Promise<RunningTime>;
  /** Tells how long work took that was asked about, such as '31.5s': intervals learn from it. Owner only. */
  runningTimeOutcome(id: string, took: string): Promise<RunningTimeOutcome>;
  /**
   * What has happened that is remembered (after the event numbered `after`, or from the wall-clock instant `sinceMs` on: all
   * that is kept) and what happens, as it happens; with `follow` false only what has happened.
   */
  events(options?: EventStreamOptions): AsyncGenerator<EnforcerEvent>;
  /** What guests used and were promised between two wall-clock instants, by class unless told otherwise. */
  ledger(options?: LedgerTimes & { readonly by?: Grouping }): Promise<LedgerDocument>;
  /** Promised against delivered between two wall-clock instants, with what was missed and why. */
  conformance(options?: LedgerTimes): Promise<ConformanceDocument>;
  /** Whether the enforcer makes its steps. Rejects where nobody answers. */
  isAlive(): Promise<boolean>;
  /** Whether it has looked at the host and keeps the plan. Rejects where nobody answers. */
  isReady(): Promise<boolean>;
  /** In the text exposition format of Prometheus. */
  metrics(): Promise<string>;
  /** Flips a switch of the policy, for a time such as '2h' where given. Owner only. */
  setSwitch(name: string, on: boolean, options?: { readonly for?: string }): Promise<void>;
  /**
   * Pushes a value of a signal of the policy, as written ('31.5', '70%', '2GiB') or in the unit of the plan's thresholds, for
   * a time such as '2h' where given. Owner only.
   */
  pushSignal(name: string, value: string | number, options?: { readonly for?: string }): Promise<void>;
  /**
   * Takes the text of a policy, or of a plan, in the place of the one in force; with `keep` it is written into the
   * daemon's file, too, and counts after a restart. Rejects where it has errors (`problem.diagnostics`). Owner only.
   */
  putPolicy(text: string, options?: { readonly keep?: boolean }): Promise<TakenPolicy>;
  /** Has the daemon take its file as it is now. Owner only. */
  reload(): Promise<TakenPolicy>;
  /** Everything is given back when it resolves, and the daemon ends. Owner only. */
  release(): Promise<void>;
  /** Closes idle connections. */
  close(): void;
}

/** A client of the daemon that listens on a unix socket, or by TCP. Throws a TypeError where the URL is none. */
export function connect(options: ConnectOptions = {}): Client {
  const connection = connectionTo(options);
  const { target, agent } = connection;
  const get = <T>(path: string) => requestJson<T>(connection, { method: 'GET', path });
  const post = <T>(path: string, body?: unknown) =>
    requestJson<T>(connection, { method: 'POST', path, ...(body !== undefined && { body: json(body) }) });
  const set = async (
    name: string,
    value: boolean | string | number,
    { for: time }: { readonly for?: string } = {},
  ) => {
    const body = json({ value, ...(time !== undefined && { for: time }) });
    const path = `/v1/signals/${encodeURIComponent(name)}`;
    await requestText(connection, { method: 'PUT', path, body });
  };
  return {
    address: 'url' in target ? target.url.origin : target.socketPath,
    status: () => get('/v1/status'),
    guests: () => get('/v1/guests'),
    guest: (id) => get(`/v1/guests/${encodeURIComponent(id)}`),
    plan: () => get('/v1/plan'),
    admit: (request) => post('/v1/admit', { request }),
    series: () => get('/v1/series'),
    samples: (signal, { fromMs, step } = {}) =>
      get(`/v1/series/${encodeURIComponent(signal)}${query({ from: fromMs, step })}`),
    forecast: (signal, { horizon, level } = {}) =>
      get(`/v1/forecast/${encodeURIComponent(signal)}${query({ horizon, level })}`),
    forecasts: async (queries) =>
      (await post<{ readonly forecasts: QueriedForecast[] }>('/v1/forecasts', { queries })).forecasts,
    forecastStream: (signal, options = {}) => forecastUpdates(connection, signal, options),
    runningTime: (work, options = {}) => post('/v1/running-time', { work, ...options }),
    runningTimeOutcome: (id, took) => post(`/v1/running-time/${encodeURIComponent(id)}/outcome`, { took }),
    events: (options = {}) => eventStream(connection, options),
    ledger: ({ fromMs, toMs, by } = {}) => get(`/v1/ledger${query({ from: fromMs, to: toMs, by })}`),
    conformance: ({ fromMs, toMs } = {}) => get(`/v1/ledger/conformance${query({ from: fromMs, to: toMs })}`),
    isAlive: () => answersYes(connection, '/healthz'),
    isReady: () => answersYes(connection, '/readyz'),
    metrics: () => requestText(connection, { method: 'GET', path: '/metrics' }),
    setSwitch: (name, on, options) => set(name, on, options),
    pushSignal: (name, value, options) => set(name, value, options),
    putPolicy: (text, { keep } = {}) => {
      // A policy never begins with a brace.
      const type = text.trimStart().startsWith('{') ? 'application/json' : 'text/plain';
      const path = `/v1/policy${query({ keep })}`;
      return requestJson(connection, { method: 'PUT', path, body: { type, text } });
    },
    reload: () => post('/v1/reload'),
    release: async () => {
      await post('/v1/release');
    },
    close: () => agent.destroy(),
  };
}

function connectionTo(options: ConnectOptions): Connection {
  const { timeoutMs = 10_000 } = options;
  if (!('url' in options)) {
    const { socket = socketPath() } = options;
    return { target: { socketPath: socket }, timeoutMs, agent: new Agent({ keepAlive: true }) };
  }
  const url = new URL(options.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TypeError(`a daemon is reached by http or https, not by ${url.protocol}`);
  const agent =
    url.protocol === 'https:' ? new HttpsAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  return { target: { url, token: options.token }, timeoutMs, agent };
}

const HTTP_UNAVAILABLE = 503;

/** A probe: what is not so yet, or any more, is no failure of the client. */
async function answersYes(connection: Connection, path: string): Promise<boolean> {
  try {
    await requestText(connection, { method: 'GET', path });
    return true;
  } catch (error) {
    if (error instanceof DaemonError && error.status === HTTP_UNAVAILABLE) return false;
    throw error;
  }
}
