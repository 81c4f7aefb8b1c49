import { type Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Problem } from './problem.js';

/** The daemon could not be asked, or refused. */
export class DaemonError extends Error {
  override readonly name = 'DaemonError';
  readonly code: 'NO_DAEMON' | 'FORBIDDEN' | 'PROBLEM' | 'TIMEOUT' | 'BROKEN';
  /** HTTP status where there was an answer. */
  readonly status: number | null;
  /** What it answered, of RFC 9457: `type` is stable, `errors` and `diagnostics` have the places. */
  readonly problem: Problem | null;
  /** With status 429: after so many seconds it can be asked again. */
  readonly retryAfterS: number | null;

  constructor(
    code: DaemonError['code'],
    message: string,
    { status = null, problem = null, retryAfterS = null }: Partial<RefusedAnswer> = {},
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.problem = problem;
    this.retryAfterS = retryAfterS;
  }
}

interface RefusedAnswer {
  readonly status: number | null;
  readonly problem: Problem | null;
  readonly retryAfterS: number | null;
}

/** Where a daemon is, and how it is spoken to. */
export interface Connection {
  readonly target: { readonly socketPath: string } | UrlTarget;
  readonly timeoutMs: number;
  readonly agent: Agent;
}

interface UrlTarget {
  readonly url: URL;
  readonly token: string;
}

export interface Sent {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly body?: { readonly type: string; readonly text: string };
  readonly signal?: AbortSignal | undefined;
}

/** A body of JSON. */
export const json = (value: unknown): NonNullable<Sent['body']> => ({
  type: 'application/json',
  text: JSON.stringify(value),
});

/** The body of the answer as text, or a {@link DaemonError}. */
export async function requestText(connection: Connection, sent: Sent): Promise<string> {
  const response = await send(connection, sent);
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString('utf8');
  if (response.statusCode !== 200) throw refusal(response, text);
  return text;
}

export const requestJson = async <T>(connection: Connection, sent: Sent): Promise<T> =>
  JSON.parse(await requestText(connection, sent)) as T;

/** The daemon says something every 15 s: whoever says nothing for so long is not there any more. */
const SILENCE_MS = 45_000;

/** The body of the answer while it comes. */
export async function requestStream(connection: Connection, sent: Sent): Promise<IncomingMessage> {
  const response = await send(connection, sent);
  if (response.statusCode === 200) {
    response.socket.setTimeout(SILENCE_MS, () =>
      response.destroy(new DaemonError('BROKEN', `${nameOf(connection)} has gone silent`)),
    );
    return response;
  }
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  throw refusal(response, Buffer.concat(pieces).toString('utf8'));
}

function send(connection: Connection, sent: Sent): Promise<IncomingMessage> {
  const { timeoutMs, agent, target } = connection;
  const { method, path, body, signal } = sent;
  const headers = {
    ...(body && { 'content-type': body.type, 'content-length': Buffer.byteLength(body.text) }),
    ...('url' in target && { authorization: `Bearer ${target.token}` }),
  };
  const options = { method, timeout: timeoutMs, agent, headers, ...(signal && { signal }) };
  return new Promise((resolve, reject) => {
    const outgoing =
      'url' in target
        ? (target.url.protocol === 'https:' ? requestHttps : requestHttp)(urlOf(target, path), options)
        : requestHttp({ ...options, path, socketPath: target.socketPath });
    outgoing.once('response', resolve);
    outgoing.once('timeout', () =>
      outgoing.destroy(
        new DaemonError('TIMEOUT', `${nameOf(connection)} did not answer within ${timeoutMs} ms`),
      ),
    );
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      // A kept connection whose daemon has gone: another may be there by now.
      if (outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) {
        send(connection, sent).then(resolve, reject);
      } else reject(asDaemonError(error, connection));
    });
    outgoing.end(body?.text);
  });
}

/** A proxy may have the daemon below a path of its own. */
const urlOf = ({ url }: UrlTarget, path: string): URL =>
  new URL(`${url.pathname.replace(/\/$/, '')}${path}`, url);

const placeOf = ({ target }: Connection): string => ('url' in target ? target.url.origin : target.socketPath);
const nameOf = (connection: Connection): string => `the daemon on ${placeOf(connection)}`;

function asDaemonError(error: NodeJS.ErrnoException, connection: Connection): Error {
  if (error instanceof DaemonError || error.name === 'AbortError') return error;
  const place = placeOf(connection);
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') {
    return new DaemonError('NO_DAEMON', `no daemon listens on ${place}`);
  }
  if (error.code === 'EACCES') {
    return new DaemonError('FORBIDDEN', `a daemon listens on ${place}, but this user may not talk to it`);
  }
  return new DaemonError('BROKEN', `the connection to ${place} broke: ${error.message}`);
}

function refusal(response: IncomingMessage, text: string): DaemonError {
  const status = response.statusCode ?? null;
  const seconds = Number(response.headers['retry-after']);
  const retryAfterS = seconds > 0 ? seconds : null;
  try {
    const problem = JSON.parse(text) as Problem;
    return new DaemonError('PROBLEM', problem.detail ?? problem.title, { status, problem, retryAfterS });
  } catch {
    const message = `the daemon answered with HTTP status ${status}`;
    return new DaemonError('PROBLEM', message, { status, retryAfterS });
  }
}
