import type { Socket } from 'node:net';
import { peerCredentials } from './peer-credentials.js';

const known = new WeakMap<Socket, boolean>();

/** Whether root or the daemon's own user is at the other end: the kernel says so, once for each connection. */
export function isOwner(socket: Socket): boolean {
  let answer = known.get(socket);
  if (answer === undefined) {
    const uid = peerCredentials(socket)?.uid;
    answer = uid !== undefined && (uid === 0 || uid === process.getuid?.());
    known.set(socket, answer);
  }
  return answer;
}
