import type { HistoryBlock } from '../../../src/rps/history/history-block.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Monday 2026-11-23 00:00 UTC. */
export const START = Date.UTC(2026, 10, 23);

/** A minute of a signal from an instant on, one sample a second (or step), all of one value or by place. */
export function minute(
  signal: string,
  fromMs: number,
  value: number | ((place: number) => number),
  stepMs = 1000,
): HistoryBlock {
  const values = Float32Array.from({ length: MINUTE / stepMs }, (_, place) =>
    typeof value === 'number' ? value : value(place),
  );
  return { signal, fromMs, stepMs, values };
}
