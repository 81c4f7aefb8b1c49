import { parseInstant } from '../../src/simulate/trace/parse-instant.js';
import type { Trace } from '../../src/simulate/trace/trace.js';

export const ZONE = 'Europe/Berlin';
export const MONDAY = parseInstant('2026-11-23', ZONE) ?? 0;

/** Columns by name, a value a step. */
export function traceOf(columns: Readonly<Record<string, readonly number[]>>, stepMs = 1000): Trace {
  const entries = Object.entries(columns).map(([key, values]) => [key, Float64Array.from(values)] as const);
  const length = Math.max(...entries.map(([, values]) => values.length));
  return { startMs: null, stepMs, length, columns: new Map(entries) };
}
