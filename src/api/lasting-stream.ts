import { setTimeout as delay } from 'node:timers/promises';
import { DaemonError } from './http-request.js';

export interface LastingStreamOptions {
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined;
  /** Whether a connection that breaks is made again, for as long as it takes. Default: the stream ends, or rejects, with it. */
  readonly reconnect?: boolean | undefined;
}

const LEAST_WAIT_MS = 100;
const MOST_WAIT_MS = 5_000;

/**
 * What `read` reads from one connection after the other, until the signal aborts. What the daemon refuses for good rejects, with
 * `reconnect` too.
 */
export async function* lastingStream<T>(
  read: () => AsyncIterable<T>,
  { signal, reconnect = false }: LastingStreamOptions,
): AsyncGenerator<T> {
  let hasRead = false;
  let waitMs = LEAST_WAIT_MS;
  for (;;) {
    try {
      for await (const one of read()) {
        hasRead = true;
        waitMs = LEAST_WAIT_MS;
        yield one;
      }
      if (!reconnect) return;
    } catch (error) {
      if (signal?.aborted) return;
      if (!reconnect || !mayPass(error, hasRead)) throw error;
    }
    await delay(waitMs, undefined, signal && { signal }).catch(() => {});
    if (signal?.aborted) return;
    waitMs = Math.min(2 * waitMs, MOST_WAIT_MS);
  }
}

const HTTP_NOT_FOUND = 404;
const HTTP_TOO_MANY_REQUESTS = 429;
const HTTP_SERVER_ERROR = 500;

/** A daemon that is started again (what it has sampled before is not there at once), or has too much to do. */
const mayPass = (error: unknown, hasRead: boolean): boolean => {
  if (!(error instanceof DaemonError)) return (error as NodeJS.ErrnoException).code === 'ECONNRESET';
  const { code, status } = error;
  if (code === 'FORBIDDEN') return false;
  if (status === HTTP_NOT_FOUND) return hasRead;
  return code !== 'PROBLEM' || status === HTTP_TOO_MANY_REQUESTS || (status ?? 0) >= HTTP_SERVER_ERROR;
};
