/** What the sensors need to know of a guest. */
export interface SensedGuest {
  /** Names this process for ever (`PID-STARTTIME`). */
  readonly key: string;
  readonly pid: number;
  /** The classes and unions that it belongs to, as they stand before the point in signals (`batch`, `"my vm"`). Default: none. */
  readonly classes?: readonly string[];
}

/** What the guests of each class have together; of a class with a guest of which it is not known (null), nothing. */
export function classSums(
  guests: readonly SensedGuest[],
  amountOf: (guest: SensedGuest) => number | null,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const guest of guests) {
    const value = amountOf(guest) ?? Number.NaN;
    for (const name of guest.classes ?? []) sums.set(name, (sums.get(name) ?? 0) + value);
  }
  for (const [name, sum] of sums) if (Number.isNaN(sum)) sums.delete(name);
  return sums;
}
