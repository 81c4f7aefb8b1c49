/** Windows in [0, hyperperiod), ascending. */
export type Windows = readonly { readonly startNs: bigint; readonly endNs: bigint }[];

/** Whether a guest with these windows runs at `phaseNs` (in [0, hyperperiod)): starts included, ends not. */
export function runsAt(windows: Windows, phaseNs: bigint): boolean {
  for (const { startNs, endNs } of windows) if (phaseNs >= startNs && phaseNs < endNs) return true;
  return false;
}

/** Time from `phaseNs` to the next start or end of a window, at most one hyperperiod; > 0. */
export function nextBoundaryNs(windows: Windows, phaseNs: bigint, hyperperiodNs: bigint): bigint {
  let nearest = hyperperiodNs;
  for (const { startNs, endNs } of windows) {
    for (const boundary of [startNs, endNs]) {
      const ahead = (((boundary - phaseNs) % hyperperiodNs) + hyperperiodNs) % hyperperiodNs;
      if (ahead > 0n && ahead < nearest) nearest = ahead;
    }
  }
  return nearest;
}
