import type { Trace } from './trace.js';

/** The part of a trace from `fromMs` after its start on, at most `forMs` long; null: less than one step of it. */
export function sliceTrace(trace: Trace, fromMs: number, forMs: number): Trace | null {
  const first = Math.ceil(fromMs / trace.stepMs - 1e-9);
  const length = Math.min(trace.length - first, Math.floor(forMs / trace.stepMs + 1e-9));
  if (first < 0 || length < 1) return null;
  const columns = [...trace.columns].map(
    ([key, values]) => [key, values.subarray(first, first + length)] as const,
  );
  const startMs = trace.startMs === null ? null : trace.startMs + first * trace.stepMs;
  return { startMs, stepMs: trace.stepMs, length, columns: new Map(columns) };
}
