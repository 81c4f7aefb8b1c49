import type { Socket } from 'node:net';
import { HTTP_LIMITS } from './http-limits.js';
import { type ProblemKind, problem } from './problem.js';

/** What Node and its parser find wrong with what comes in, before there is a request. */
const KINDS: Readonly<Record<string, readonly [ProblemKind, string]>> = {
  HPE_HEADER_OVERFLOW: [
    'headers-too-large',
    `request line and headers take at most ${HTTP_LIMITS.headerBytes} bytes together`,
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    'timeout',
    `the headers have to come within ${HTTP_LIMITS.headersMs} ms, the whole request within ${HTTP_LIMITS.requestMs} ms`,
  ],
};

/** Answers what is no HTTP, or does not come to an end, with a problem, and closes the connection. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [kind, detail] = KINDS[error.code ?? ''] ?? ['bad-request', 'that is no HTTP request'];
  const body = JSON.stringify(problem(kind, detail));
  const { status, title } = problem(kind);
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  // Whoever does not read it must not keep the connection.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

const LINGER_MS = 1000;
