import type { JsonObject } from './json-frames.js';
import type { QmpClient } from './qmp-client.js';
import { QmpError } from './qmp-error.js';

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
  const answer = await client.execute('query-cpus-fast');
  if (!Array.isArray(answer)) throw malformed('query-cpus-fast');
  const cpus = answer.map((entry: unknown) => {
    const { 'cpu-index': index, 'thread-id': tid } = asObject(entry, 'query-cpus-fast');
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

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function asObject(value: unknown, command: string): JsonObject {
  if (typeof value !== 'object' || value === null) throw malformed(command);
  return value as JsonObject;
}

const malformed = (command: string): QmpError =>
  new QmpError('protocol', `the monitor's answer to ${command} is not one`);
