import { lstatSync, mkdirSync, realpathSync, type Stats } from 'node:fs';
import { join, resolve, sep } from 'node:path';

/** Somebody else could put a file of theirs, or a link, where the daemon keeps its own. */
export class UntrustedDirectoryError extends Error {
  override readonly name = 'UntrustedDirectoryError';
  readonly code = 'UNSAFE_DIRECTORY';
}

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/**
 * Makes a directory for what nobody else may touch (socket, journal, lock) where there is none: 0755 for root's, else
 * 0700. One that exists is used only if it, all above it and every link on the way belong to root or to this user, and
 * nobody else may write there; above it a sticky directory (/tmp) will do. What an administrator's daemon undoes stands in
 * its journal: whoever could exchange that file would have root write for them.
 *
 * @throws UntrustedDirectoryError with the place and what to do; Node's own error where it cannot be made.
 */
export function makeTrustedDirectory(path: string, uid: number = process.getuid?.() ?? 0): void {
  const absolute = resolve(path);
  // Before anything is made: a link of somebody else's must not have us make it where they like.
  requireTrusted(absolute, uid);
  mkdirSync(absolute, { recursive: true, mode: uid === 0 ? 0o755 : 0o700 });
  requireTrusted(absolute, uid);
  requireTrusted(realpathSync(absolute), uid);
}

function requireTrusted(path: string, uid: number): void {
  const names = path.split(sep).filter((name) => name !== '');
  for (let depth = 0; depth <= names.length; depth++) {
    const place = join(sep, ...names.slice(0, depth));
    const stats = lstatSync(place, { throwIfNoEntry: false });
    if (stats === undefined) return;
    const complaint = complaintAbout(stats, uid, depth === names.length);
    if (complaint !== null) throw new UntrustedDirectoryError(`${place} ${complaint}`);
  }
}

function complaintAbout(stats: Stats, uid: number, isLast: boolean): string | null {
  const { uid: owner, mode } = stats;
  const another = 'set VMC_RUNTIME_DIR to another place';
  if (owner !== 0 && owner !== uid) {
    return `belongs to the user with uid ${owner}, who could exchange the daemon's files: ${another}`;
  }
  if (stats.isSymbolicLink()) return null;
  if (!stats.isDirectory()) return `is no directory: ${another}`;
  if ((mode & WRITABLE_BY_OTHERS) === 0 || ((mode & STICKY) !== 0 && !isLast)) return null;
  return `may be written by others, who could exchange the daemon's files: 'chmod go-w' it, or ${another}`;
}
