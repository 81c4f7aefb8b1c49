import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';

/** Another daemon answers on the socket. */
export class SocketInUseError extends Error {
  override readonly name = 'SocketInUseError';
}

/** Reading is for the group, too; connecting needs write permission. */
const SOCKET_UMASK = 0o117;

/**
 * Makes `server` listen on the unix socket `path`: its directory is made where there is none (0755 for root's, else 0700),
 * a socket that nobody listens on any more is replaced. The mode is 0660 from the first instant.
 * Throws {@link SocketInUseError} when something does listen there, and an error with code EEXIST where the path is that of
 * something else than a socket: nobody's file is removed for a slip of the pen.
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: process.getuid?.() === 0 ? 0o755 : 0o700 });
  if (await isAlive(path)) throw new SocketInUseError(`another daemon listens on ${path}`);
  removeSocket(path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // `listen` binds at once, so the mask can be put back before anything else runs.
    const mask = process.umask(SOCKET_UMASK);
    try {
      server.listen({ path }, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      process.umask(mask);
    }
  });
}

function removeSocket(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (stats.isSocket()) {
    rmSync(path, { force: true });
    return;
  }
  throw Object.assign(new Error(`${path} is there already, and is no socket`), { code: 'EEXIST' });
}

/** Whether a process listens on the socket. */
export function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
