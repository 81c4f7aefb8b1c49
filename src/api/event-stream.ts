import { setTimeout as delay } from 'node:timers/promises';
import type { EnforcerEvent } from '../enforce/status.js';
import { type Connection, DaemonError, requestStream } from './http-request.js';
import { query } from './query-string.js';
import { parseEvents } from './server-sent-events.js';

export interface EventStreamOptions {
  /** Only events with a greater number; default: all that are kept. */
  readonly after?: number | undefined;
  /** Only events from this wall-clock instant on, ms. */
  readonly sinceMs?: number | undefined;
  /** False: the stream ends with what has happened. */
  readonly follow?: boolean | undefined;
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether a connection that breaks is made again, behind the event that was read last, for as long as it takes.
   * Default: the stream ends, or rejects, with the connection.
   */
  readonly reconnect?: boolean | undefined;
}

const LEAST_WAIT_MS = 100;
const MOST_WAIT_MS = 5_000;

/** What happens, until the signal aborts. What the daemon refuses for good rejects, with `reconnect` too. */
export async function* eventStream(
  connection: Connection,
  options: EventStreamOptions,
): AsyncGenerator<EnforcerEvent> {
  const { signal, reconnect = false } = options;
  let last = options.after;
  let waitMs = LEAST_WAIT_MS;
  for (;;) {
    try {
      for await (const event of readEvents(connection, { ...options, after: last })) {
        last = event.sequence;
        waitMs = LEAST_WAIT_MS;
        yield event;
      }
      if (!reconnect || options.follow === false) return;
    } catch (error) {
      if (signal?.aborted) return;
      if (!reconnect || !mayPass(error)) throw error;
    }
    await delay(waitMs, undefined, signal && { signal }).catch(() => {});
    if (signal?.aborted) return;
    waitMs = Math.min(2 * waitMs, MOST_WAIT_MS);
  }
}

const HTTP_TOO_MANY_REQUESTS = 429;
const HTTP_SERVER_ERROR = 500;

/** A daemon that is started again, or has too much to do. */
const mayPass = (error: unknown): boolean => {
  if (!(error instanceof DaemonError)) return (error as NodeJS.ErrnoException).code === 'ECONNRESET';
  const { code, status } = error;
  if (code === 'FORBIDDEN') return false;
  return code !== 'PROBLEM' || status === HTTP_TOO_MANY_REQUESTS || (status ?? 0) >= HTTP_SERVER_ERROR;
};

async function* readEvents(
  connection: Connection,
  { after, sinceMs, follow, signal }: EventStreamOptions,
): AsyncGenerator<EnforcerEvent> {
  const path = `/v1/events${query({ after, since: sinceMs, follow: follow === false ? false : undefined })}`;
  const response = await requestStream(connection, { method: 'GET', path, signal });
  try {
    for await (const data of parseEvents(response)) yield JSON.parse(data) as EnforcerEvent;
  } finally {
    response.destroy();
  }
}
