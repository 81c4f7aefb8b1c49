import type { Predictor } from './predictor.js';
import type { SignalSeries } from './signal-series.js';

/** Newest places of a series that a predictor learns from when it is made: a window to fit, and as many to be scored on. */
export const WARM_UP_PLACES = 1200;

/** A predictor that nobody asked for so long is given up; the samples stay. */
const KEPT_UNASKED_NS = 600e9;
/** More gaps than any window is long change nothing further. */
const MOST_GAPS = 1000;

/**
 * The predictor of one signal. It is made when somebody first asks, and then walks through the samples that the
 * series has kept as if it had been there: what nobody asks about costs nothing.
 */
export class PredictorOnDemand {
  readonly #series: SignalSeries;
  readonly #make: () => Predictor;
  #predictor: Predictor | null = null;
  #askedNs = 0n;

  constructor(series: SignalSeries, make: () => Predictor) {
    this.#series = series;
    this.#make = make;
  }

  /** To be called for what the series has just recorded: the places that were missed, then the sample. */
  step(missed: number, sample: number, nowNs: bigint): void {
    if (Number(nowNs - this.#askedNs) > KEPT_UNASKED_NS) this.#predictor = null;
    this.skip(missed);
    this.#predictor?.step(sample);
  }

  /** To be called for places that the series has just given up. */
  skip(missed: number): void {
    for (let i = 0; i < Math.min(missed, MOST_GAPS); i++) this.#predictor?.step(Number.NaN);
  }

  /** The predictor, at the newest place of the series. */
  ask(nowNs: bigint): Predictor {
    this.#askedNs = nowNs;
    this.#predictor ??= this.#warmedUp();
    return this.#predictor;
  }

  #warmedUp(): Predictor {
    const predictor = this.#make();
    const { length } = this.#series;
    for (let i = Math.max(0, length - WARM_UP_PLACES); i < length; i++) {
      predictor.step(this.#series.valueAt(i));
    }
    return predictor;
  }
}
