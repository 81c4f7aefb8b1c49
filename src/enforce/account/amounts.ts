import type { Knob, ObservedGuest } from '../host.js';

/**
 * Memory, disk and network of a guest over an interval. Rates are those between two readings, as long as those lie apart;
 * absent: no reading is new, or the guest has nothing of that kind.
 */
export interface Amounts {
  /** Kinds of which the guest has nothing that a part of a sum could be for. */
  readonly lacks: readonly Knob[];
  readonly memoryBytes?: number;
  readonly disk?: Rates<'bytes' | 'operations'>;
  /** Each direction by itself. */
  readonly network?: Rates<'inBytes' | 'outBytes'>;
}

/** Per second, and over which time. */
type Rates<K extends string> = { readonly [key in K]: number } & { readonly elapsedNs: number };

type Reading = { readonly atNs: bigint } & { readonly [key: string]: number | bigint };

const NS_PER_SECOND = 1e9;

export function amountsBetween(before: ObservedGuest, after: ObservedGuest): Amounts {
  const { lacks = [] } = after;
  const memory = after.use?.memory;
  const disk = lacks.includes('disk')
    ? null
    : rates(before.use?.disk, after.use?.disk, ['bytes', 'operations']);
  const network = lacks.includes('network')
    ? null
    : rates(before.use?.network, after.use?.network, ['inBytes', 'outBytes']);
  return {
    lacks,
    ...(memory && { memoryBytes: memory.bytes }),
    ...(disk && { disk }),
    ...(network && { network }),
  };
}

function rates<K extends string>(
  before: Reading | undefined,
  after: Reading | undefined,
  names: readonly K[],
): Rates<K> | null {
  const elapsedNs = Number((after?.atNs ?? 0n) - (before?.atNs ?? 0n));
  if (!before || !after || elapsedNs <= 0) return null;
  const perSecond = (name: K) => {
    // A device that was taken away and made anew counts from zero.
    const growth = Math.max(0, Number(after[name]) - Number(before[name]));
    return (NS_PER_SECOND * growth) / elapsedNs;
  };
  return {
    ...(Object.fromEntries(names.map((name) => [name, perSecond(name)])) as { [key in K]: number }),
    elapsedNs,
  };
}
