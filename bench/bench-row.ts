/** One line of what `npm run bench` prints: a figure, and the limit that is promised for it. */
export interface BenchRow {
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  /** Null: measured, nothing promised. */
  readonly limit: number | null;
  /** Whether the figure keeps to the limit; true without one. */
  readonly ok: boolean;
}

/** A figure that must be at most `limit`. */
export function benchRow(what: string, figure: number, unit: string, limit: number | null): BenchRow {
  return { what, figure, unit, limit, ok: limit === null || figure <= limit };
}
