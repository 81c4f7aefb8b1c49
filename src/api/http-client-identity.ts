import type { Socket } from 'node:net';
import { peerCredentials } from './peer-credentials.js';

/** Who is at the other end of a connection, as far as limits and permissions go. */
export interface HttpClient {
  /** `uid 1000` on the unix socket, `address 127.0.0.1` over TCP: what limits count by. */
  readonly key: string;
  /** Null over TCP, and where the kernel does not say: such a client may change nothing. */
  readonly uid: number | null;
}

const known = new WeakMap<Socket, HttpClient>();

/** Asks the kernel once for each connection. */
export function clientOf(socket: Socket): HttpClient {
  let client = known.get(socket);
  if (client === undefined) {
    client = identify(socket);
    known.set(socket, client);
  }
  return client;
}

function identify(socket: Socket): HttpClient {
  const { remoteAddress } = socket;
  if (remoteAddress !== undefined) return { key: `address ${remoteAddress}`, uid: null };
  const uid = peerCredentials(socket)?.uid ?? null;
  return { key: uid === null ? 'nobody' : `uid ${uid}`, uid };
}
