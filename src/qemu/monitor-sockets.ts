import { readProcLink } from './proc-files.js';

/**
 * Where this process finds the sockets whose paths a QEMU process was given: relative ones start at its
 * working directory, and those of a process with a mount namespace of its own (under libvirt, in a container)
 * at its root.
 */
export function locateSockets(procRoot: string, pid: number, paths: readonly string[]): readonly string[] {
  if (paths.length === 0) return [];
  const root = hasOwnMounts(procRoot, pid) ? `${procRoot}/${pid}/root` : '';
  return paths.flatMap((path) => {
    if (path.startsWith('/')) return [root + path];
    const directory = readProcLink(`${procRoot}/${pid}/cwd`);
    return 'target' in directory ? [`${root}${directory.target}/${path}`] : [];
  });
}

function hasOwnMounts(procRoot: string, pid: number): boolean {
  const theirs = readProcLink(`${procRoot}/${pid}/ns/mnt`);
  const ours = readProcLink(`${procRoot}/self/ns/mnt`);
  return 'target' in theirs && 'target' in ours && theirs.target !== ours.target;
}
