import { readlinkSync, statSync } from 'node:fs';
import { readProcDirectory, readProcFile } from '../../../qemu/proc-files.js';
import { type DeviceCounters, networkDevices } from '../../../support/network-devices.js';

/** Where `ip netns` keeps namespaces that outlive their processes. */
const NAMED = '/run/netns';

/** A network namespace, by its inode, and a path of it that can be entered while its process lives. */
export interface NetworkNamespace {
  readonly inode: string;
  /** Null: it is our own. */
  readonly path: string | null;
}

/**
 * Names of the tap devices that a process holds open, in order: of a device with several queues once. From fdinfo (`iff:`).
 * Names that a line of `tc -batch` could take for something else are left out; nobody gives such.
 */
export function tapsOf(pid: number): readonly string[] {
  const names = new Set<string>();
  for (const descriptor of readProcDirectory(`/proc/${pid}/fdinfo`) ?? []) {
    const name = /^iff:\t(\w[\w.:@+-]*)$/m.exec(readProcFile(`/proc/${pid}/fdinfo/${descriptor}`) ?? '')?.[1];
    if (name !== undefined) names.add(name);
  }
  return [...names].sort();
}

/**
 * Where a process's tap device is: in the process's own network namespace or, handed over by a manager that runs outside it,
 * in ours. Null: in neither.
 */
export function namespaceOf(pid: number, device: string): NetworkNamespace | null {
  const [theirs, ours] = [inodeOf(`${pid}`), inodeOf('self')];
  if (theirs !== null && devicesSeenBy(`${pid}`).has(device)) {
    return { inode: theirs, path: theirs === ours ? null : `/proc/${pid}/ns/net` };
  }
  return ours !== null && devicesSeenBy('self').has(device) ? { inode: ours, path: null } : null;
}

/** The namespace of that inode, whoever is in it; null: nothing is any more, and all that was in it is gone. */
export function findNamespace(inode: string): NetworkNamespace | null {
  if (inodeOf('self') === inode) return { inode, path: null };
  const named = (readProcDirectory(NAMED) ?? []).map((name) => `${NAMED}/${name}`);
  const isIt = (path: string) => statSync(path, { throwIfNoEntry: false })?.ino.toString() === inode;
  const path =
    named.find(isIt) ??
    (readProcDirectory('/proc') ?? [])
      .filter((name) => /^\d+$/.test(name) && inodeOf(name) === inode)
      .map((name) => `/proc/${name}/ns/net`)[0];
  return path === undefined ? null : { inode, path };
}

/** Devices of the network namespace in which a process is (`self`: ours), with their counters. From /proc/PID/net/dev. */
export function devicesSeenBy(process: string): ReadonlyMap<string, DeviceCounters> {
  return networkDevices(readProcFile(`/proc/${process}/net/dev`) ?? '');
}

function inodeOf(process: string): string | null {
  try {
    return /^net:\[(\d+)\]$/.exec(readlinkSync(`/proc/${process}/ns/net`))?.[1] ?? null;
  } catch {
    return null; // it has ended, or is not for us to look at
  }
}
