/**
 * What conditions read from the sensors and predictors. Numbers are in the unit in which the sensor reports the signal
 * (percent for CPU, bytes for sizes, …); a Boolean signal is 1 or 0. Null: unknown, because this host lacks the signal
 * or has lost it; how old a sample may be before it counts as lost is the source's to say.
 */
export interface SignalSource {
  latest(signal: string): number | null;
  /**
   * The one-sided prediction limit of the signal's average over the next `overNs`.
   * `level` is in (0, 1): 0.95 means that the average stays on the named side with that probability.
   */
  limit(signal: string, overNs: number, side: 'upper' | 'lower', level: number): number | null;
}
