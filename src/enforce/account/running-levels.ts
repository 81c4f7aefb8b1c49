import type { RunningTimetable } from '../host.js';

/** For this part of the time so many cores can be used: by the guests that a timetable lets run then. */
export interface RunningLevel {
  readonly part: number;
  readonly cores: number;
}

/**
 * How much of the time guests can use how many cores together: each its own when the timetable lets it run, or always when
 * it is not in it. Times in which none runs are left out; parts add up to at most 1.
 */
export function runningLevels(
  guests: readonly { readonly key: string; readonly cores: number }[],
  timetable: RunningTimetable | null,
): readonly RunningLevel[] {
  const hyperperiodNs = timetable?.hyperperiodNs ?? 1n;
  const entries = new Map((timetable?.entries ?? []).map(({ guest, windows }) => [guest, windows]));
  const changes = guests.flatMap(({ key, cores }) =>
    (entries.get(key) ?? [{ startNs: 0n, endNs: hyperperiodNs }]).flatMap(({ startNs, endNs }) => [
      { atNs: startNs, by: cores },
      { atNs: endNs, by: -cores },
    ]),
  );
  changes.sort((a, b) => Number(a.atNs - b.atNs));
  const parts = new Map<number, number>();
  let cores = 0;
  for (const [at, { atNs, by }] of changes.entries()) {
    // Sums of parts of cores: what rounding leaves is none.
    cores = Number((cores + by).toPrecision(9));
    const part = Number((changes[at + 1]?.atNs ?? atNs) - atNs) / Number(hyperperiodNs);
    if (part > 0 && cores > 0) parts.set(cores, (parts.get(cores) ?? 0) + part);
  }
  return [...parts].map(([level, part]) => ({ part, cores: level }));
}
