/** Nanoseconds in each unit of time of the policy language, largest first. */
export const NS_PER_UNIT = {
  d: 86_400_000_000_000n,
  h: 3_600_000_000_000n,
  min: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1_000n,
  ns: 1n,
} as const;

export type TimeUnit = keyof typeof NS_PER_UNIT;

/** A duration as an owner would write it: the largest unit in which it is a short decimal ("20ms", "1.5s", "0.5ms"). */
export function formatDuration(ns: bigint | number): string {
  const value = typeof ns === 'bigint' ? ns : BigInt(Math.round(ns));
  if (value === 0n) return '0s';
  if (value < 0n) return `-${formatDuration(-value)}`;
  for (const [unit, size] of Object.entries(NS_PER_UNIT)) {
    if (value >= size) {
      const thousandths = (value * 1000n) / size;
      if (thousandths * size === value * 1000n || unit === 'ns') return `${trim(thousandths)}${unit}`;
      // Not a short decimal of this unit: fall through to the next smaller one unless that grows beyond reading.
      if (value / size >= 1000n || unit === 'us') return `${trim(thousandths)}${unit}`;
    }
  }
  return `${value}ns`;
}

/** At most four significant digits, and never less than it is: of a bound, that it holds ("81.98ms" of 81,978,297 ns). */
export function formatBound(ns: bigint | number): string {
  const value = BigInt(typeof ns === 'bigint' ? ns : Math.ceil(ns));
  const grain = 10n ** BigInt(Math.max(0, value.toString().length - 4));
  return formatDuration(((value + grain - 1n) / grain) * grain);
}

function trim(thousandths: bigint): string {
  const whole = thousandths / 1000n;
  const rest = (thousandths % 1000n).toString().padStart(3, '0').replace(/0+$/, '');
  return rest === '' ? `${whole}` : `${whole}.${rest}`;
}

/** Parses "30s", "1.5min", "200ms" (a policy's time quantity); null when it is not one. Result in nanoseconds, exact. */
export function parseDuration(text: string): bigint | null {
  const match = /^(\d+)(?:\.(\d+))?(ns|us|ms|s|min|h|d)$/.exec(text.trim());
  if (!match) return null;
  const fraction = match[2] ?? '';
  const unit = NS_PER_UNIT[match[3] as TimeUnit];
  const scaled = BigInt(`${match[1]}${fraction}`) * unit;
  const divisor = 10n ** BigInt(fraction.length);
  return scaled % divisor === 0n ? scaled / divisor : null;
}
