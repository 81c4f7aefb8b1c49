import { checkSample, checkSteps, type Model, type ModelForecast } from './model.js';
import { RefitSchedule } from './refit-schedule.js';
import { SampleWindow } from './sample-window.js';

export interface ManagedOptions {
  readonly name: string;
  /** Made so that it never fits itself. */
  readonly model: Model;
  /** Samples that a fit is made to: the newest. Default 600. */
  readonly window?: number;
  /** Samples that are waited for before the first fit, at most `window`. Default: what the model needs. */
  readonly awaited?: number;
  /** Samples between two fits. Default: none but the first. */
  readonly refitEvery?: number;
  /** Whether errors one step ahead that the fit does not account for make it be fitted anew. Default false. */
  readonly alarmed?: boolean;
}

/**
 * Any model, with another deciding when it is fitted, as in RPS: AWAIT fits once, when enough samples have come;
 * REFIT every so many samples; MANAGED when the observed errors leave their limits (see {@link RefitSchedule}).
 *
 * Source: Dinda, Design, implementation, and performance of an extensible toolkit for resource prediction in
 * distributed systems, IEEE TPDS 17 (2006), section 4.
 */
export class ManagedModel implements Model {
  readonly name: string;
  readonly maxSteps: number;
  readonly minimumSamples: number;
  readonly #model: Model;
  readonly #newest: SampleWindow;
  readonly #schedule: RefitSchedule;
  readonly #alarmed: boolean;
  #samples = 0;
  #fitted = false;

  /** Throws a RangeError when more samples are waited for than the window has. */
  constructor(options: ManagedOptions) {
    const { name, model, window = 600, awaited = 1, refitEvery = Number.POSITIVE_INFINITY } = options;
    if (awaited > window || !(awaited >= 1)) {
      throw new RangeError(`${name} must wait for 1 to ${window} samples, a window, not ${awaited}`);
    }
    if (!(refitEvery >= 1)) throw new RangeError(`${name} must be fitted every 1 or more samples`);
    this.name = name;
    this.maxSteps = model.maxSteps;
    this.minimumSamples = Math.max(awaited, model.minimumSamples);
    this.#model = model;
    this.#newest = new SampleWindow(window);
    this.#schedule = new RefitSchedule(refitEvery);
    this.#alarmed = options.alarmed ?? false;
  }

  get samples(): number {
    return this.#samples;
  }

  fit(window: Float64Array): void {
    for (const sample of window) checkSample(sample);
    this.#newest.clear();
    [this.#samples, this.#fitted] = [0, false];
    for (const sample of window) this.#remember(sample);
    this.#estimate();
  }

  step(sample: number): void {
    checkSample(sample);
    if (this.#alarmed && this.#fitted) this.#observe(sample);
    this.#remember(sample);
    if (this.#fitted) this.#model.step(sample);
    if (this.#schedule.step()) this.#estimate();
  }

  forecast(steps: number): ModelForecast | null {
    checkSteps(steps, this.maxSteps);
    return this.#fitted ? this.#model.forecast(steps) : null;
  }

  #observe(sample: number): void {
    const forecast = this.#model.forecast(1);
    if (forecast !== null) this.#schedule.observe(sample - forecast.means[0]!, forecast.deviations[0]!);
  }

  #remember(sample: number): void {
    const dropped = this.#newest.push(sample);
    if (dropped !== undefined && !Number.isNaN(dropped)) this.#samples--;
    if (!Number.isNaN(sample)) this.#samples++;
  }

  /** Once it was fitted it stays so, though gaps may leave too little for another fit. */
  #estimate(): void {
    const enough = this.#samples >= this.minimumSamples;
    this.#schedule.fitted(enough);
    if (!enough) return;
    this.#fitted = true;
    this.#model.fit(this.#newest.toArray());
  }
}
