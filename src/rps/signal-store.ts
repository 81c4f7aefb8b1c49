import type { Clock } from '../support/clock.js';
import type { ForecastAnswer, HistoryAnswer, SignalInfo } from './forecast-answer.js';
import { checkSample } from './models/model.js';
import { Predictor } from './predictor.js';
import { PredictorOnDemand, WARM_UP_PLACES } from './predictor-on-demand.js';
import { fixedStepNs, type SignalSpec, signalSpec } from './signal-catalogue.js';
import { SignalSeries } from './signal-series.js';

export interface SignalStoreOptions {
  readonly clock: Clock;
  /** Time between the samples of a signal that has no rate of its own. Default 1 s. */
  readonly stepNs?: number;
  /** How far back samples are kept in memory. Default 1 h, and what a predictor warms up from. */
  readonly keepNs?: number;
  /** Makes the predictor of a signal when it is first asked about. Default: {@link Predictor} with the signal's range. */
  readonly predictor?: (spec: SignalSpec) => Predictor;
}

/** A signal's newest sample is lost when it is older than so many of its steps, and than 3 s. */
const LOST_AFTER_STEPS = 3;
const LOST_AFTER_NS = 3e9;
const KEPT_NS = 3600e9;

interface Entry {
  readonly spec: SignalSpec;
  readonly series: SignalSeries;
  /** Null for a Boolean. */
  readonly predictor: PredictorOnDemand | null;
  revision: number;
}

/**
 * Every signal's samples of the last hour and, where anybody asks, its predictor: what conditions, `vmc predict` and the daemon's
 * routes read. A signal exists from its first sample on. Times are of the monotonic clock.
 */
export class SignalStore {
  readonly #clock: Clock;
  readonly #stepNs: number;
  readonly #keepNs: number | undefined;
  readonly #makePredictor: (spec: SignalSpec) => Predictor;
  readonly #entries = new Map<string, Entry>();
  #revisions = 0;

  constructor(options: SignalStoreOptions) {
    this.#clock = options.clock;
    this.#stepNs = options.stepNs ?? 1e9;
    this.#keepNs = options.keepNs;
    this.#makePredictor = options.predictor ?? ((spec) => new Predictor({ range: spec.range }));
  }

  /**
   * Takes in a sample; places of the grid that were missed since the last become gaps. A second sample for
   * one place is dropped. Throws a RangeError when `value` is NaN, infinite or too large to square.
   */
  record(signal: string, value: number, atNs: bigint = this.#clock.monotonicNs()): void {
    if (Number.isNaN(value)) throw new RangeError(`${signal}: a gap is recorded by recording nothing`);
    checkSample(value);
    const entry = this.#entries.get(signal) ?? this.#create(signal);
    const missed = entry.series.record(value, atNs);
    if (missed === null) return;
    entry.revision = ++this.#revisions;
    entry.predictor?.step(missed, value, atNs);
  }

  /** Drops a signal that will not come back. */
  forget(signal: string): void {
    this.#entries.delete(signal);
  }

  /**
   * The newest sample in the signal's unit (1 or 0 for a Boolean); null when there is none, or it is lost.
   */
  latest(signal: string): number | null {
    return this.latestSample(signal)?.value ?? null;
  }

  /**
   * The newest sample and its time; null when there is none, or it is older than 3 steps of its signal and 3
   * s.
   */
  latestSample(signal: string): { readonly value: number; readonly atNs: bigint } | null {
    const entry = this.#entries.get(signal);
    const last = entry?.series.last ?? null;
    if (entry === undefined || last === null) return null;
    const ageNs = Number(this.#clock.monotonicNs() - last.atNs);
    return ageNs > Math.max(LOST_AFTER_NS, LOST_AFTER_STEPS * entry.series.stepNs) ? null : last;
  }

  /**
   * What the signal's average over the next `overNs` stays below (`upper`) or above (`lower`) with
   * probability `level`. Null: there is no such signal, it is lost, it is a Boolean, or `overNs` is more
   * than 600 of its steps. Throws a RangeError unless 0 < level < 1.
   */
  limit(signal: string, overNs: number, side: 'upper' | 'lower', level: number): number | null {
    const entry = this.#entries.get(signal);
    if (!entry?.predictor || this.latestSample(signal) === null) return null;
    const steps = stepsOf(entry, overNs);
    const predictor = this.#ask(entry, entry.predictor);
    return steps > predictor.maxSteps ? null : predictor.limit(steps, side, level);
  }

  /**
   * The forecast for each step up to `horizonNs` (rounded up to whole steps) and for the average over it.
   * Null when there is no such signal, or it is a Boolean. Throws a RangeError unless 0 < level < 1 and the
   * horizon is 1 to 600 steps.
   */
  forecast(
    signal: string,
    query: { readonly horizonNs: number; readonly level: number },
  ): ForecastAnswer | null {
    const entry = this.#entries.get(signal);
    if (!entry?.predictor) return null;
    const { series } = entry;
    const count = stepsOf(entry, query.horizonNs);
    const predictor = this.#ask(entry, entry.predictor);
    const { steps, averages, accuracy, ...rest } = predictor.forecast(count, query.level);
    const nearest = accuracy.reduce((best, next) =>
      Math.abs(next.steps - count) < Math.abs(best.steps - count) ? next : best,
    );
    return {
      signal,
      unit: entry.spec.unit,
      atMs: this.#wallMs(series.last?.atNs ?? 0n),
      stepNs: series.stepNs,
      steps: steps.map((step, i) => ({ horizonNs: (i + 1) * series.stepNs, ...step })),
      average: averages.at(-1) ?? null,
      coverage: nearest.average.coverage,
      errorAgainstLast: nearest.average.errorAgainstLast,
      accuracy,
      ...rest,
    };
  }

  /**
   * Samples from `fromMs` (wall clock; default: all kept) to now in steps of `stepNs` (default and least:
   * the signal's).
   */
  history(
    signal: string,
    query: { readonly fromMs?: number; readonly stepNs?: number } = {},
  ): HistoryAnswer | null {
    const entry = this.#entries.get(signal);
    if (entry === undefined) return null;
    this.#advance(entry);
    const { series } = entry;
    const merged = Math.max(1, Math.round((query.stepNs ?? series.stepNs) / series.stepNs));
    const first = query.fromMs === undefined ? 0 : this.#firstSince(series, query.fromMs);
    const values: (number | null)[] = [];
    for (let i = first; i < series.length; i += merged) {
      const mean = series.meanOf(i, merged);
      values.push(Number.isNaN(mean) ? null : mean);
    }
    return {
      signal,
      unit: entry.spec.unit,
      fromMs: values.length === 0 ? (query.fromMs ?? 0) : this.#wallMs(series.timeAtNs(first)),
      stepNs: merged * series.stepNs,
      values,
    };
  }

  /** The wall-clock instant of the oldest sample that is kept of a signal, ms; null: there is none. */
  keptSinceMs(signal: string): number | null {
    const series = this.#entries.get(signal)?.series;
    return series === undefined || series.length === 0 ? null : this.#wallMs(series.timeAtNs(0));
  }

  /** Every signal with its samples. */
  *recorded(): Iterable<readonly [signal: string, series: SignalSeries]> {
    for (const [signal, { series }] of this.#entries) yield [signal, series];
  }

  /** All signals that have had a sample, by name. */
  signals(): SignalInfo[] {
    return [...this.#entries]
      .map(([signal, entry]) => this.#infoOf(signal, entry))
      .sort((a, b) => (a.signal < b.signal ? -1 : 1));
  }

  /** One of {@link signals}; null when there is no such signal. */
  signal(name: string): SignalInfo | null {
    const entry = this.#entries.get(name);
    return entry === undefined ? null : this.#infoOf(name, entry);
  }

  /**
   * A number that is another one, and never one that was, as soon as more is known of the signal: a sample, or that one was missed.
   * As long as it is the same, so is every forecast. Null when there is no such signal. Cheap: it asks no predictor.
   */
  revision(signal: string): number | null {
    const entry = this.#entries.get(signal);
    if (entry === undefined) return null;
    this.#advance(entry);
    return entry.revision;
  }

  #infoOf(signal: string, { spec, series, predictor }: Entry): SignalInfo {
    return {
      signal,
      unit: spec.unit,
      stepNs: series.stepNs,
      samples: series.length,
      latest: this.latest(signal),
      forecast: predictor !== null,
    };
  }

  #create(signal: string): Entry {
    const spec = signalSpec(signal);
    const stepNs = fixedStepNs(signal) ?? this.#stepNs;
    const keepNs = this.#keepNs ?? Math.max(KEPT_NS, WARM_UP_PLACES * stepNs);
    const series = new SignalSeries(stepNs, Math.max(1, Math.ceil(keepNs / stepNs)));
    const predictor =
      spec.unit === 'boolean' ? null : new PredictorOnDemand(series, () => this.#makePredictor(spec));
    const entry: Entry = { spec, series, predictor, revision: 0 };
    this.#entries.set(signal, entry);
    return entry;
  }

  /** Tells series and predictor of the samples that should have come by now. */
  #advance(entry: Entry): void {
    const missed = entry.series.advance(this.#clock.monotonicNs());
    if (missed === 0) return;
    entry.revision = ++this.#revisions;
    entry.predictor?.skip(missed);
  }

  #ask(entry: Entry, predictor: PredictorOnDemand): Predictor {
    this.#advance(entry);
    return predictor.ask(this.#clock.monotonicNs());
  }

  #firstSince(series: SignalSeries, fromMs: number): number {
    const fromNs = this.#clock.monotonicNs() - BigInt(Math.round((this.#clock.wallMs() - fromMs) * 1e6));
    return series.indexSince(fromNs);
  }

  #wallMs(atNs: bigint): number {
    return Math.round(this.#clock.wallMs() - Number(this.#clock.monotonicNs() - atNs) / 1e6);
  }
}

function stepsOf(entry: Entry, ns: number): number {
  return Math.max(1, Math.ceil(ns / entry.series.stepNs));
}
