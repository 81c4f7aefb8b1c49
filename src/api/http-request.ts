import { type Agent, type IncomingMessage, request } from 'node:http';
import type { Problem } from './problem.js';

/** The daemon could not be asked, or refused. */
export class DaemonError extends Error {
  override readonly name = 'DaemonError';
  readonly code: 'NO_DAEMON' | 'FORBIDDEN' | 'PROBLEM' | 'TIMEOUT' | 'BROKEN';
  /** HTTP status where there was an answer. */
  readonly status: number | null;

  constructor(code: DaemonError['code'], message: string, status: number | null = null) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export interface Connection {
  readonly socket: string;
  readonly timeoutMs: number;
  readonly agent: Agent;
}

type Method = 'GET' | 'PUT' | 'POST';

/** The JSON body of the answer, or a {@link DaemonError}. */
export async function requestJson<T>(
  connection: Connection,
  method: Method,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await send(connection, method, path, body);
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString('utf8');
  if (response.statusCode !== 200) throw refusal(response, text);
  return JSON.parse(text) as T;
}

/** The body of the answer while it comes; no time-out once it has begun. */
export async function requestStream(
  connection: Connection,
  path: string,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  const response = await send(connection, 'GET', path, undefined, signal);
  response.socket.setTimeout(0);
  if (response.statusCode === 200) return response;
  response.destroy();
  throw refusal(response, '');
}

function send(
  connection: Connection,
  method: Method,
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  const { socket, timeoutMs, agent } = connection;
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request({
      socketPath: socket,
      agent,
      method,
      path,
      timeout: timeoutMs,
      headers:
        text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      ...(signal && { signal }),
    });
    sent.once('response', resolve);
    sent.once('timeout', () =>
      sent.destroy(
        new DaemonError('TIMEOUT', `the daemon on ${socket} did not answer within ${timeoutMs} ms`),
      ),
    );
    sent.once('error', (error: NodeJS.ErrnoException) => {
      // A kept connection whose daemon has gone: another may be there by now.
      if (sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) {
        send(connection, method, path, body, signal).then(resolve, reject);
      } else reject(asDaemonError(error, socket));
    });
    sent.end(text);
  });
}

function asDaemonError(error: NodeJS.ErrnoException, socket: string): Error {
  if (error instanceof DaemonError || error.name === 'AbortError') return error;
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') {
    return new DaemonError('NO_DAEMON', `no daemon listens on ${socket}`);
  }
  if (error.code === 'EACCES') {
    return new DaemonError('FORBIDDEN', `a daemon listens on ${socket}, but this user may not talk to it`);
  }
  return new DaemonError('BROKEN', `the connection to ${socket} broke: ${error.message}`);
}

function refusal(response: IncomingMessage, text: string): DaemonError {
  const status = response.statusCode ?? null;
  try {
    const { title, detail } = JSON.parse(text) as Problem;
    return new DaemonError('PROBLEM', detail ?? title, status);
  } catch {
    return new DaemonError('PROBLEM', `the daemon answered with HTTP status ${status}`, status);
  }
}
