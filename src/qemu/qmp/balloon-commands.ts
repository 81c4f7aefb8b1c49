import { asObject, isCount, malformed } from './answers.js';
import type { QmpClient } from './qmp-client.js';
import { QmpError } from './qmp-error.js';

/** Memory that the guest has outside its balloon, bytes; null: it has no balloon device. */
export async function queryBalloon(client: QmpClient): Promise<number | null> {
  try {
    const { actual } = asObject(await client.execute('query-balloon'), 'query-balloon');
    if (!isCount(actual)) throw malformed('query-balloon');
    return actual;
  } catch (error) {
    const absent =
      error instanceof QmpError && ['DeviceNotActive', 'KVMMissingCap'].includes(error.qemuClass ?? '');
    if (absent) return null;
    throw error;
  }
}

/** Asks the guest's balloon driver to leave the guest so many bytes; it takes its time, and may not care. */
export async function setBalloon(client: QmpClient, bytes: number): Promise<void> {
  await client.execute('balloon', { value: bytes });
}

/** Memory that the guest was given, what was plugged in later included, bytes. */
export async function queryMemoryBytes(client: QmpClient): Promise<number> {
  const answer = asObject(await client.execute('query-memory-size-summary'), 'query-memory-size-summary');
  const { 'base-memory': base, 'plugged-memory': plugged = 0 } = answer;
  if (!isCount(base) || !isCount(plugged)) throw malformed('query-memory-size-summary');
  return base + plugged;
}
