/** What a guest, or a group of them, has used before anything was counted; times ns. */
export const NO_USE = {
  elapsedNs: 0,
  cpuNs: 0,
  promisedNs: 0,
  wantedNs: 0,
  stoppedNs: 0,
  stoppedByUserNs: 0,
  longestGapNs: 0,
} as const;
