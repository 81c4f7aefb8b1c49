import type { Observation, ObservedGuest } from '../host.js';
import { type Amounts, amountsBetween } from './amounts.js';

/** What a guest did between two observations, in ns; never negative, whatever a host says. */
export interface Usage {
  readonly cpuNs: number;
  readonly vcpuCpuNs: number;
  readonly allowedNs: number;
  readonly stoppedNs: number;
  /** Null: the host does not measure waiting. */
  readonly waitNs: number | null;
  /** Its user had stopped it at either end: it wanted nothing. */
  readonly stoppedByUser: boolean;
  readonly amounts: Amounts;
}

export interface Interval {
  readonly elapsedNs: number;
  /** By key; guests that exist at both ends. */
  readonly usage: ReadonlyMap<string, Usage>;
}

export function intervalBetween(before: Observation, after: Observation): Interval {
  const earlier = new Map(before.guests.map((one) => [one.guest.key, one]));
  const usage = new Map<string, Usage>();
  for (const later of after.guests) {
    const start = earlier.get(later.guest.key);
    if (start) usage.set(later.guest.key, usageOf(start, later));
  }
  return { elapsedNs: growth(before.atNs, after.atNs), usage };
}

function usageOf(before: ObservedGuest, after: ObservedGuest): Usage {
  const cpuNs = growth(before.cpuNs, after.cpuNs);
  return {
    cpuNs,
    vcpuCpuNs: after.vcpuCpuNs.length === 0 ? cpuNs : growth(sum(before.vcpuCpuNs), sum(after.vcpuCpuNs)),
    allowedNs: growth(before.allowedNs, after.allowedNs),
    stoppedNs: growth(before.stoppedNs, after.stoppedNs),
    waitNs:
      before.waitNs === undefined || after.waitNs === undefined ? null : growth(before.waitNs, after.waitNs),
    stoppedByUser: isStoppedByUser(before) || isStoppedByUser(after),
    amounts: amountsBetween(before, after),
  };
}

const isStoppedByUser = (one: ObservedGuest): boolean => one.guest.stopped && !one.heldByUs;

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

const growth = (before: bigint, after: bigint): number => Math.max(0, Number(after - before));
