import { SampleWindow } from './models/sample-window.js';

/**
 * The samples of one signal on a regular grid of time: place k is `stepNs · k` after the first sample. A
 * place without a sample holds NaN; nothing is ever put there.
 */
export class SignalSeries {
  readonly stepNs: number;
  readonly #samples: SampleWindow;
  #originNs = 0n;
  /** Place of the newest entry. */
  #place = -1;
  #last: { readonly value: number; readonly atNs: bigint } | null = null;

  /** Keeps the last `capacity` places. */
  constructor(stepNs: number, capacity: number) {
    this.stepNs = stepNs;
    this.#samples = new SampleWindow(capacity);
  }

  /** The newest sample, and when it was taken. */
  get last(): { readonly value: number; readonly atNs: bigint } | null {
    return this.#last;
  }

  /** Places kept. */
  get length(): number {
    return this.#samples.length;
  }

  /** From the oldest kept, 0: its value (NaN: missed) and the time of its place. */
  valueAt(index: number): number {
    return this.#samples.at(index);
  }

  timeAtNs(index: number): bigint {
    return this.#timeOf(this.#place - this.length + 1 + index);
  }

  /** Of the oldest kept place that is not before an instant; `length` where there is none. */
  indexSince(atNs: bigint): number {
    const place = Math.ceil(Number(atNs - this.#originNs) / this.stepNs);
    return Math.min(this.length, Math.max(0, place - (this.#place - this.length + 1)));
  }

  /** Of the samples at `count` places from an index on; NaN where there is none. */
  meanOf(index: number, count: number): number {
    let [sum, samples] = [0, 0];
    for (let i = index; i < Math.min(index + count, this.length); i++) {
      const value = this.valueAt(i);
      if (Number.isNaN(value)) continue;
      sum += value;
      samples++;
    }
    return sum / samples;
  }

  /**
   * Puts a sample at the place nearest to its time, and says how many places before it were missed; null
   * (and nothing is changed) when that place is taken or past.
   */
  record(value: number, atNs: bigint): number | null {
    if (this.#last === null) this.#originNs = atNs;
    const place = Math.round(Number(atNs - this.#originNs) / this.stepNs);
    if (place <= this.#place) return null;
    const missed = this.#missUntil(place);
    this.#samples.push(value);
    this.#place = place;
    this.#last = { value, atNs };
    return missed;
  }

  /** Marks as missed the places whose sample can no longer come, and says how many they are. */
  advance(nowNs: bigint): number {
    if (this.#last === null) return 0;
    // A sample that comes now belongs to the nearest place: all before that one are past.
    return this.#missUntil(Math.round(Number(nowNs - this.#originNs) / this.stepNs));
  }

  #missUntil(place: number): number {
    const missed = Math.max(0, place - this.#place - 1);
    for (let i = 0; i < Math.min(missed, this.#samples.capacity); i++) this.#samples.push(Number.NaN);
    this.#place += missed;
    return missed;
  }

  #timeOf(place: number): bigint {
    return this.#originNs + BigInt(Math.round(place * this.stepNs));
  }
}
