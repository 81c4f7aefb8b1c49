import type { EnforcerEvent } from '../enforce/status.js';
import { type Connection, requestStream } from './http-request.js';
import { type LastingStreamOptions, lastingStream } from './lasting-stream.js';
import { query } from './query-string.js';
import { parseEvents } from './server-sent-events.js';

/** With `reconnect` it goes on behind the event that was read last. */
export interface EventStreamOptions extends LastingStreamOptions {
  /** Only events with a greater number; default: all that are kept. */
  readonly after?: number | undefined;
  /** Only events from this wall-clock instant on, ms. */
  readonly sinceMs?: number | undefined;
  /** False: the stream ends with what has happened. */
  readonly follow?: boolean | undefined;
}

/** What happens, until the signal aborts. What the daemon refuses for good rejects, with `reconnect` too. */
export function eventStream(
  connection: Connection,
  options: EventStreamOptions,
): AsyncGenerator<EnforcerEvent> {
  const { signal, follow, reconnect = false } = options;
  let last = options.after;
  async function* read(): AsyncGenerator<EnforcerEvent> {
    for await (const event of readEvents(connection, { ...options, after: last })) {
      last = event.sequence;
      yield event;
    }
  }
  return lastingStream(read, { signal, reconnect: reconnect && follow !== false });
}

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
