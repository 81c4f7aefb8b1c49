import type { Socket } from 'node:net';
import { clientOf } from './http-client-identity.js';

/** Who may change something besides root: the daemon's own user, and the one that the socket was given to. */
export const ownersOf = (socketOwner: number | null): ReadonlySet<number> =>
  new Set([0, process.getuid?.() ?? 0, ...(socketOwner === null ? [] : [socketOwner])]);

/** Whether one of the owners is at the other end of a connection: the kernel says so. Over TCP nobody is. */
export function isOwner(socket: Socket, owners: ReadonlySet<number>): boolean {
  const { uid } = clientOf(socket);
  return uid !== null && owners.has(uid);
}
