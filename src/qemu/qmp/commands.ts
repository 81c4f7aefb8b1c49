import { asObject, asObjects, isCount, malformed } from './answers.js';
import type { QmpClient } from './qmp-client.js';

/** One virtual CPU as QEMU names it. Under single-threaded TCG several share a thread. */
export interface QmpCpu {
  readonly index: number;
  readonly tid: number;
}

export interface QmpRunState {
  /** "running", "paused", "shutdown", "inmigrate", … */
  readonly status: string;
  readonly running: boolean;
}

/** The virtual CPUs in order of their index. */
export async function queryCpusFast(client: QmpClient): Promise<readonly QmpCpu[]> {
  const answer = asObjects(await client.execute('query-cpus-fast'), 'query-cpus-fast');
  const cpus = answer.map(({ 'cpu-index': index, 'thread-id': tid }) => {
    if (!isCount(index) || !isCount(tid)) throw malformed('query-cpus-fast');
    return { index, tid };
  });
  return cpus.sort((a, b) => a.index - b.index);
}

export async function queryStatus(client: QmpClient): Promise<QmpRunState> {
  const { status, running } = asObject(await client.execute('query-status'), 'query-status');
  if (typeof status !== 'string' || typeof running !== 'boolean') throw malformed('query-status');
  return { status, running };
}

/** What was given as `-name`, null without one. */
export async function queryName(client: QmpClient): Promise<string | null> {
  const { name } = asObject(await client.execute('query-name'), 'query-name');
  return typeof name === 'string' ? name : null;
}

/** "7.2.22" */
export async function queryVersion(client: QmpClient): Promise<string> {
  const { qemu } = asObject(await client.execute('query-version'), 'query-version');
  const { major, minor, micro } = asObject(qemu, 'query-version');
  return `${major}.${minor}.${micro}`;
}

/** Pauses the virtual CPUs; a paused guest stays so. */
export async function stop(client: QmpClient): Promise<void> {
  await client.execute('stop');
}

/** Lets paused virtual CPUs go on; a running guest goes on. */
export async function cont(client: QmpClient): Promise<void> {
  await client.execute('cont');
}

/** Presses the power button: the guest may shut down, or not care. */
export async function systemPowerdown(client: QmpClient): Promise<void> {
  await client.execute('system_powerdown');
}
