import { readProcDirectory, readProcFile, readProcLink } from '../proc-files.js';

/**
 * Whether a process itself listens on the unix socket of that path, as it was written on its command line: a path there is a claim, and
 * nobody may have us talk to somebody else's service.
 */
export function listensOn(pid: number, path: string, procRoot = '/proc'): boolean {
  const sockets = listenersAt(readProcFile(`${procRoot}/${pid}/net/unix`) ?? '', path);
  if (sockets.size === 0) return false;
  return (readProcDirectory(`${procRoot}/${pid}/fd`) ?? []).some((descriptor) => {
    const link = readProcLink(`${procRoot}/${pid}/fd/${descriptor}`);
    return 'target' in link && sockets.has(link.target);
  });
}

/** __SO_ACCEPTCON in the flags of /proc/net/unix. */
const LISTENS = 0x10000;

/** As descriptors name them (`socket:[INODE]`). */
function listenersAt(text: string, path: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const line of text.split('\n')) {
    // Num RefCount Protocol Flags Type St Inode Path
    const [, flags = '0', inode, at] = /^\S+ \S+ \S+ (\S+) \S+ \S+ +(\d+) (.*)$/.exec(line) ?? [];
    if (at === path && (Number.parseInt(flags, 16) & LISTENS) !== 0) found.add(`socket:[${inode}]`);
  }
  return found;
}
