import type { Guest } from './guest.js';
import { readThreadIds } from './proc-files.js';
import { type QmpCpu, queryCpusFast } from './qmp/commands.js';
import { QmpClient, type QmpOptions } from './qmp/qmp-client.js';
import { QmpError } from './qmp/qmp-error.js';

/** A connection to a monitor that has proved to be the guest's own. */
export interface GuestMonitor {
  readonly client: QmpClient;
  /** Of its socket. */
  readonly path: string;
  /** By index; under single-threaded TCG several have one thread. */
  readonly cpus: readonly QmpCpu[];
}

export type MonitoredGuest = Pick<Guest, 'pid' | 'qmpSockets'>;

/**
 * Connects to the first of a guest's monitors that accepts a client. A path on a command line is a claim: the
 * monitor behind it is used only if the virtual CPUs it reports are threads of this very process, so that
 * nobody can have another's guest stopped by naming its socket. Rejects with the {@link QmpError} of the last
 * monitor tried (`unreachable` for a guest without one). The caller closes the client.
 */
export async function openGuestMonitor(
  guest: MonitoredGuest,
  options: QmpOptions = {},
  procRoot = '/proc',
): Promise<GuestMonitor> {
  let failure = new QmpError('unreachable', 'the guest was started without a monitor on a unix socket');
  for (const path of guest.qmpSockets) {
    try {
      return await openProven(path, guest.pid, options, procRoot);
    } catch (error) {
      if (!(error instanceof QmpError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** As {@link openGuestMonitor}, for as long as `use` takes: the monitor is free for others again after it. */
export async function withGuestMonitor<T>(
  guest: MonitoredGuest,
  use: (monitor: GuestMonitor) => Promise<T>,
  options: QmpOptions = {},
): Promise<T> {
  const monitor = await openGuestMonitor(guest, options);
  try {
    return await use(monitor);
  } finally {
    monitor.client.close();
  }
}

async function openProven(
  path: string,
  pid: number,
  options: QmpOptions,
  procRoot: string,
): Promise<GuestMonitor> {
  const client = await QmpClient.connect(path, options);
  try {
    const cpus = await queryCpusFast(client);
    const tids = new Set(readThreadIds(procRoot, pid));
    if (cpus.length > 0 && cpus.every(({ tid }) => tids.has(tid))) return { client, path, cpus };
    throw new QmpError('protocol', `the monitor at ${path} is not that of process ${pid}`);
  } catch (error) {
    client.close();
    throw error;
  }
}
