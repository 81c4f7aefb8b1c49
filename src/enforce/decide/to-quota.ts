import type { Quota } from '../host.js';

/** The bandwidth controller takes quotas from 1 ms and periods up to 1 s, both in whole microseconds. */
const LEAST_QUOTA_NS = 1_000_000;
const LONGEST_PERIOD_NS = 1_000_000_000;

export interface Ceiling {
  readonly cores: number;
  readonly periodNs: number;
}

/** A ceiling in the kernel's terms: rounded down, and over a longer period where the quota would be too short to set. */
export function toQuota({ cores, periodNs }: Ceiling): Quota {
  const longer = cores > 0 ? Math.ceil(LEAST_QUOTA_NS / cores / 1000) * 1000 : LONGEST_PERIOD_NS;
  const period = Math.min(Math.max(periodNs, longer), LONGEST_PERIOD_NS);
  // The addend undoes a float's error below a microsecond: 0.7 × 100 ms is 70 ms, not 69.999.
  const quota = Math.max(Math.floor((cores * period) / 1000 + 1e-6) * 1000, LEAST_QUOTA_NS);
  return { quotaNs: BigInt(quota), periodNs: BigInt(period) };
}
