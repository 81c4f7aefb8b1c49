import { asObjects, isCount, malformed } from './answers.js';
import { isJsonObject, type JsonObject } from './json-frames.js';
import type { QmpClient } from './qmp-client.js';

/** Numbers of `block_set_io_throttle` that are zero where nothing is limited. QEMU's qapi/block-core.json, BlockIOThrottle. */
export const THROTTLE_NUMBERS = [
  ...['bps', 'bps_rd', 'bps_wr', 'iops', 'iops_rd', 'iops_wr'],
  ...['bps_max', 'bps_rd_max', 'bps_wr_max', 'iops_max', 'iops_rd_max', 'iops_wr_max'],
  ...['bps_max_length', 'bps_rd_max_length', 'bps_wr_max_length'],
  ...['iops_max_length', 'iops_rd_max_length', 'iops_wr_max_length', 'iops_size'],
] as const;

/** How a drive is throttled: its numbers by name, and the group whose members share them. */
export interface Throttle {
  readonly numbers: Readonly<Record<string, number>>;
  readonly group: string | null;
}

/** A drive of a guest that has a medium. */
export interface QmpDrive {
  /** What names it to `block_set_io_throttle`. */
  readonly address: { readonly device: string } | { readonly id: string };
  readonly throttle: Throttle;
}

/** What went over all drives of a guest since it started. */
export interface QmpDriveUse {
  readonly bytes: number;
  readonly operations: number;
}

/** The drives that can be throttled: those with a medium and a name. */
export async function queryBlock(client: QmpClient): Promise<readonly QmpDrive[]> {
  return asObjects(await client.execute('query-block'), 'query-block').flatMap((entry) => {
    const { device, qdev, inserted } = entry;
    if (!isJsonObject(inserted)) return [];
    const address = isName(device) ? { device } : isName(qdev) ? { id: qdev } : null;
    return address ? [{ address, throttle: throttleOf(inserted) }] : [];
  });
}

export async function queryBlockStats(client: QmpClient): Promise<QmpDriveUse> {
  const entries = asObjects(await client.execute('query-blockstats'), 'query-blockstats');
  const sum = (...names: readonly string[]) =>
    entries.reduce((total, { stats }) => {
      if (!isJsonObject(stats)) throw malformed('query-blockstats');
      return total + names.reduce((part, name) => part + numberAt(stats, name), 0);
    }, 0);
  return { bytes: sum('rd_bytes', 'wr_bytes'), operations: sum('rd_operations', 'wr_operations') };
}

/** Arguments of `block_set_io_throttle` that have the drive throttled so. */
export function throttleArguments({ address }: QmpDrive, { numbers, group }: Throttle): JsonObject {
  const all = Object.fromEntries(THROTTLE_NUMBERS.slice(0, 6).map((name) => [name, numbers[name] ?? 0]));
  // A number that is zero because nothing is limited would be refused with some of the others: only those in use are named.
  const others = THROTTLE_NUMBERS.slice(6).filter((name) => (numbers[name] ?? 0) > 0);
  const used = Object.fromEntries(others.map((name) => [name, numbers[name]]));
  return { ...address, ...all, ...used, ...(group !== null && { group }) };
}

export async function setIoThrottle(client: QmpClient, drive: QmpDrive, throttle: Throttle): Promise<void> {
  await client.execute('block_set_io_throttle', throttleArguments(drive, throttle));
}

function throttleOf(inserted: JsonObject): Throttle {
  const numbers = THROTTLE_NUMBERS.flatMap((name) => {
    const value = numberAt(inserted, name);
    return value > 0 ? [[name, value] as const] : [];
  });
  const { group } = inserted;
  return { numbers: Object.fromEntries(numbers), group: isName(group) ? group : null };
}

const numberAt = (object: JsonObject, name: string): number => {
  const value = object[name];
  return isCount(value) ? value : 0;
};

const isName = (value: unknown): value is string => typeof value === 'string' && value !== '';
