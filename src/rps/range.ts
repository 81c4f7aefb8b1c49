/** Values that a signal can take, both ends included; infinite where there is no bound. */
export interface Range {
  readonly minimum: number;
  readonly maximum: number;
}

export const UNBOUNDED: Range = { minimum: Number.NEGATIVE_INFINITY, maximum: Number.POSITIVE_INFINITY };

export function clip(value: number, range: Range): number {
  return Math.min(range.maximum, Math.max(range.minimum, value));
}

/**
 * Standard deviation of a value of which only the range is known (uniform in it); undefined without bounds.
 */
export function uniformDeviation(range: Range): number | undefined {
  const width = range.maximum - range.minimum;
  return Number.isFinite(width) ? width / Math.sqrt(12) : undefined;
}
