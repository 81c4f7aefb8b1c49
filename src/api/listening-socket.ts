import { lchownSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';

/** Another daemon answers on the socket. */
export class SocketInUseError extends Error {
  override readonly name = 'SocketInUseError';
}

/** Whose a socket is; null: as the process has it. */
export interface SocketAccounts {
  readonly uid: number | null;
  readonly gid: number | null;
}

const OWN: SocketAccounts = { uid: null, gid: null };

/** It could not be given to whom it was to be given. */
export class SocketOwnerError extends Error {
  override readonly name = 'SocketOwnerError';
}

/** Reading is for the group, too; connecting needs write permission. */
const SOCKET_UMASK = 0o117;

/**
 * Makes `server` listen on the unix socket `path`: its directory is made where there is none (0755 for root's, else 0700),
 * a socket that nobody listens on any more is replaced. The mode is 0660 from the first instant.
 * Throws {@link SocketInUseError} when something does listen there, and an error with code EEXIST where the path is that of
 * something else than a socket: nobody's file is removed for a slip of the pen.
 * {@link SocketOwnerError} when it cannot be given to the accounts.
 */
export async function listenOnSocket(
  server: Server,
  path: string,
  accounts: SocketAccounts = OWN,
): Promise<void> {
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
  giveTo(path, accounts);
}

function giveTo(path: string, { uid, gid }: SocketAccounts): void {
  if (uid === null && gid === null) return;
  try {
    // -1: as it is (man 2 chown).
    lchownSync(path, uid ?? -1, gid ?? -1);
  } catch (error) {
    const why = 'that takes root, or CAP_CHOWN; a group of its own user can be given by anyone';
    throw new SocketOwnerError(
      `the socket ${path} cannot be given to user ${uid ?? '(own)'}, group ${gid ?? '(own)'}: ${(error as Error).message}; ${why}`,
    );
  }
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
