import { runsAt, type Windows } from './timetable-clock.js';

/** When one guest runs: its part of a timetable. */
export interface Timing {
  readonly hyperperiodNs: bigint;
  readonly windows: Windows;
}

/** Gaps longer than this are told to the guest, whose clock and watchdogs would take them for its own fault. */
const LONG_GAP_NS = 1_000_000_000n;

/**
 * When the next long gap of a timing begins, in the time of `nowNs`: with `begun` (the default) `nowNs` itself within one.
 * Null: there is none, or it lasts for ever and has begun. Gaps reach over the end of a hyperperiod.
 */
export function nextLongGapNs(
  { hyperperiodNs, windows }: Timing,
  nowNs: bigint,
  { begun = true }: { readonly begun?: boolean } = {},
): bigint | null {
  if (windows.length === 0) return begun ? nowNs : null;
  const phaseNs = nowNs % hyperperiodNs;
  let nearest: bigint | null = null;
  for (const [at, { endNs }] of windows.entries()) {
    const next = windows[at + 1]?.startNs ?? (windows[0]?.startNs ?? 0n) + hyperperiodNs;
    if (next - endNs <= LONG_GAP_NS) continue;
    const sinceNs = (phaseNs - endNs + hyperperiodNs) % hyperperiodNs;
    if (begun && sinceNs < next - endNs && !runsAt(windows, phaseNs)) return nowNs;
    const ahead = hyperperiodNs - sinceNs;
    if (nearest === null || nowNs + ahead < nearest) nearest = nowNs + ahead;
  }
  return nearest;
}
