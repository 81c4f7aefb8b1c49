import { invariant } from '../../support/invariant.js';
import { autocovariance } from './autocovariance.js';

/**
 * Beyond this ratio of (mean − origin)² to variance the sums have lost too many digits and are taken anew.
 */
const WORST_CONDITION = 1e5;
/** The same for a variance that has fallen far below what the sums once held. */
const WORST_DECAY = 1e-7;

/**
 * The autocovariance of the last `capacity` samples, kept up to date in O(lags) a sample.
 *
 * It is exact: equal, up to rounding, to {@link autocovariance} of the same window, for the mean is taken out
 * afterwards, from sums of x[t]·x[t+k] and of x[t] + x[t+k] over the pairs that are there. Rounding cannot
 * pile up: the sums are over x less a fixed origin near the mean, and are taken anew once every window, and
 * at once when the level has moved so far that they would cancel.
 */
export class SlidingAutocovariance {
  readonly capacity: number;
  readonly lags: number;
  /** `acov[k]`, k = 0 … lags; valid after {@link refresh}. */
  readonly acov: Float64Array;
  /** Of the window; NaN while it holds no sample. Valid after {@link refresh}. */
  mean = Number.NaN;
  /** Samples in the window, gaps not counted. */
  samples = 0;

  /** The window as a ring: as given, for x − origin may have lost digits that a later origin needs. */
  readonly #raw: Float64Array;
  /** x − origin, 0 where there is a gap. */
  readonly #values: Float64Array;
  /** 1 for a sample, 0 for a gap, in the same places. */
  readonly #present: Float64Array;
  readonly #products: Float64Array;
  readonly #pairSums: Float64Array;
  readonly #pairs: Float64Array;
  readonly #window: Float64Array;
  readonly #deviations: Float64Array;
  #start = 0;
  #length = 0;
  #origin = 0;
  #sum = 0;
  #untilResync = 0;
  #peak = 0;
  #last = Number.NaN;
  #equalRun = 0;

  /**
   * A window of `capacity` samples, autocovariances at lags 0 … `lags`. Throws a RangeError unless 0 ≤ lags
   * < capacity.
   */
  constructor(capacity: number, lags: number) {
    if (!Number.isInteger(capacity) || !Number.isInteger(lags) || lags < 0 || lags >= capacity) {
      throw new RangeError(`a window of ${capacity} samples has no autocovariance at lag ${lags}`);
    }
    this.capacity = capacity;
    this.lags = lags;
    this.acov = new Float64Array(lags + 1);
    this.#raw = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
    this.#present = new Float64Array(capacity);
    this.#products = new Float64Array(lags + 1);
    this.#pairSums = new Float64Array(lags + 1);
    this.#pairs = new Float64Array(lags + 1);
    this.#window = new Float64Array(capacity);
    this.#deviations = new Float64Array(capacity);
    this.#untilResync = capacity;
  }

  /** Samples and gaps in the window. */
  get length(): number {
    return this.#length;
  }

  /**
   * All samples in the window are the same number (true of an empty one). Exact, where a variance may round
   * to above 0.
   */
  get constant(): boolean {
    return this.#equalRun >= this.samples;
  }

  /** Sample or gap (NaN) `back` steps before the newest, which is 0. */
  at(back: number): number {
    invariant(
      back >= 0 && back < this.#length,
      `no sample ${back} steps back in a window of ${this.#length}`,
    );
    return this.#raw[this.#place(this.#length - 1 - back)]!;
  }

  clear(): void {
    this.#start = 0;
    this.#length = 0;
    this.samples = 0;
    this.mean = Number.NaN;
    this.#last = Number.NaN;
    this.#equalRun = 0;
    this.#resync();
  }

  /**
   * Takes in one sample, NaN for a gap, and drops the oldest of a full window. {@link acov} waits for {@link
   * refresh}.
   */
  push(sample: number): void {
    if (this.#length === this.capacity) this.#dropOldest();
    if (this.samples === 0 && !Number.isNaN(sample)) this.#origin = sample;
    this.#append(sample);
    if (--this.#untilResync <= 0) this.#resync();
  }

  /** Brings {@link mean} and {@link acov} up to date. */
  refresh(): void {
    this.#derive();
    const variance = this.acov[0]!;
    const offset = this.mean - this.#origin;
    this.#peak = Math.max(this.#peak, this.#products[0]!);
    const ill =
      offset * offset > WORST_CONDITION * variance || variance * this.samples < WORST_DECAY * this.#peak;
    // A constant window has no variance to lose; one that was just taken anew cannot be improved.
    if (ill && !this.constant && this.#untilResync < this.capacity) {
      this.#resync();
      this.#derive();
    }
  }

  #derive(): void {
    const { acov, lags } = this;
    const n = this.samples;
    if (n === 0) {
      this.mean = Number.NaN;
      acov.fill(0);
      return;
    }
    const offset = this.#sum / n;
    this.mean = this.#origin + offset;
    if (this.constant) {
      this.mean = this.#last;
      acov.fill(0);
      return;
    }
    for (let k = 0; k <= lags; k++) {
      acov[k] = (this.#products[k]! - offset * (this.#pairSums[k]! - offset * this.#pairs[k]!)) / n;
    }
  }

  #append(sample: number): void {
    const here = this.#place(this.#length);
    const gap = Number.isNaN(sample);
    const value = gap ? 0 : sample - this.#origin;
    const present = gap ? 0 : 1;
    this.#raw[here] = sample;
    this.#values[here] = value;
    this.#present[here] = present;
    this.#length++;
    if (gap) return;
    const reach = Math.min(this.lags, this.#length - 1);
    const [values, presence] = [this.#values, this.#present];
    const [products, pairSums, pairs] = [this.#products, this.#pairSums, this.#pairs];
    for (let k = 0, place = here; k <= reach; k++) {
      const other = values[place]!;
      const both = presence[place]!;
      products[k]! += value * other;
      // A gap holds 0, so only the present sample's own value needs the mark of the other.
      pairSums[k]! += both * value + other;
      pairs[k]! += both;
      place = place === 0 ? this.capacity - 1 : place - 1;
    }
    this.#sum += value;
    this.samples++;
    this.#equalRun = sample === this.#last ? this.#equalRun + 1 : 1;
    this.#last = sample;
  }

  #dropOldest(): void {
    const oldest = this.#start;
    if (this.#present[oldest] === 1) {
      const value = this.#values[oldest]!;
      const [values, presence] = [this.#values, this.#present];
      const [products, pairSums, pairs] = [this.#products, this.#pairSums, this.#pairs];
      for (let k = 0, place = oldest; k <= this.lags; k++) {
        const other = values[place]!;
        const both = presence[place]!;
        products[k]! -= value * other;
        pairSums[k]! -= both * value + other;
        pairs[k]! -= both;
        place = place + 1 === this.capacity ? 0 : place + 1;
      }
      this.#sum -= value;
      this.samples--;
    }
    this.#start = this.#start + 1 === this.capacity ? 0 : this.#start + 1;
    this.#length--;
  }

  /** Takes all sums anew from the window, about its own mean. */
  #resync(): void {
    const length = this.#length;
    const window = this.#window.subarray(0, length);
    for (let t = 0; t < length; t++) window[t] = this.at(length - 1 - t);
    const moments = autocovariance(window, this.#products, this.#deviations);
    this.#origin = Number.isNaN(moments.mean) ? 0 : moments.mean;
    for (let k = 0; k <= this.lags; k++) this.#products[k]! *= moments.samples;
    this.#pairSums.fill(0);
    this.#pairs.fill(0);
    this.#sum = 0;
    this.#raw.set(window);
    for (let t = 0; t < length; t++) {
      const present = Number.isNaN(window[t]) ? 0 : 1;
      this.#present[t] = present;
      this.#values[t] = present === 0 ? 0 : window[t]! - this.#origin;
      this.#sum += this.#values[t]!;
    }
    this.#start = 0;
    this.#countPairs();
    this.#untilResync = this.capacity;
    this.#peak = this.#products[0]!;
  }

  #countPairs(): void {
    const [values, presence] = [this.#values, this.#present];
    for (let k = 0; k <= this.lags; k++) {
      let [sum, count] = [0, 0];
      for (let t = 0; t + k < this.#length; t++) {
        sum += values[t]! * presence[t + k]! + values[t + k]! * presence[t]!;
        count += presence[t]! * presence[t + k]!;
      }
      this.#pairSums[k] = sum;
      this.#pairs[k] = count;
    }
  }

  #place(position: number): number {
    const place = this.#start + position;
    return place >= this.capacity ? place - this.capacity : place;
  }
}
