/** Times at which somebody is let run, in [0, hyperperiodNs), for ever again from the epoch of the monotonic clock. */
export interface RunWindows {
  readonly hyperperiodNs: number;
  /** Ascending, without overlap. */
  readonly windows: readonly { readonly startNs: number; readonly endNs: number }[];
}

/** How somebody gets processor time: outcomes of one kind say little of another. */
export const ASKER_KINDS = [
  'fair share',
  'share',
  'share within a limit',
  'duty cycle',
  'reservation',
  'paused',
] as const;

export type AskerKind = (typeof ASKER_KINDS)[number];

/** Who has work to do, and what of a processor is left to it. */
export interface Asker {
  readonly kind: AskerKind;
  /**
   * [k]: the part of one processor, 0 to 1, that it gets beside k threads of the owner's while it may run;
   * the last holds for all beyond. At least one.
   */
  readonly rates: readonly number[];
  /** Null: it may run at any time. */
  readonly windows: RunWindows | null;
  /** How unevenly its rate comes, ns: work may end so much sooner or later than the rate says. */
  readonly unevenNs: number;
}

/**
 * Part of a processor that one more thread gets beside so many: between whole numbers, of a thread that
 * wants to run for that part of the time, as much of the one rate and the other.
 */
export function rateBeside(rates: readonly number[], threads: number): number {
  const most = rates.length - 1;
  if (!(threads > 0)) return rates[0]!;
  if (threads >= most) return rates[most]!;
  const below = Math.floor(threads);
  const part = threads - below;
  return rates[below]! * (1 - part) + rates[below + 1]! * part;
}
