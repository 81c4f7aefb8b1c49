import type { ForecastAnswer } from '../rps/index.js';
import { type Connection, DaemonError, requestStream } from './http-request.js';
import { type LastingStreamOptions, lastingStream } from './lasting-stream.js';
import type { Problem } from './problem.js';
import { query } from './query-string.js';
import { parseEvents } from './server-sent-events.js';

/** What a forecast is asked for with. */
export interface ForecastOptions {
  /** How far ahead: a time such as '30s', the default, of 1 to 600 steps of the signal. */
  readonly horizon?: string | undefined;
  /** Of the two-sided limits: a percentage above 0% and below 100%, such as '95%', the default. */
  readonly level?: string | undefined;
}

/** A forecast of a stream. */
export interface ForecastUpdate {
  /** How many there were since the last one that are not sent, because that was not read yet. */
  readonly skipped: number;
  readonly forecast: ForecastAnswer;
}

/**
 * The forecast of a signal now, and a new one for each sample. Rejects with a {@link DaemonError} of status 410 when the signal is not
 * recorded any more, and with what the daemon refuses for good.
 */
export function forecastUpdates(
  connection: Connection,
  name: string,
  { horizon, level, signal, reconnect }: ForecastOptions & LastingStreamOptions,
): AsyncGenerator<ForecastUpdate> {
  const path = `/v1/forecast/${encodeURIComponent(name)}/stream${query({ horizon, level })}`;
  return lastingStream(() => readUpdates(connection, path, signal), { signal, reconnect });
}

async function* readUpdates(
  connection: Connection,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ForecastUpdate> {
  const response = await requestStream(connection, { method: 'GET', path, signal });
  try {
    for await (const data of parseEvents(response)) {
      const said = JSON.parse(data) as ForecastUpdate | { readonly problem: Problem };
      if ('problem' in said) throw ended(said.problem);
      yield said;
    }
  } finally {
    response.destroy();
  }
}

const ended = (problem: Problem): DaemonError =>
  new DaemonError('PROBLEM', problem.detail ?? problem.title, { status: problem.status, problem });
