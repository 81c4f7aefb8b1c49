import { horizonsUpTo, interpolate } from '../numeric/horizons.js';
import {
  checkSample,
  checkSteps,
  DEFAULT_MAX_STEPS,
  ForecastBuffer,
  MAX_TRAILING_GAP,
  type Model,
  type ModelForecast,
} from './model.js';
import { TrackedErrors } from './tracked-errors.js';

/** Weight of a member whose mean loss is the least one times 1 / `ratio`. */
const weightOf = (ratio: number): number => (ratio * ratio) ** 2;
/** Losses that members are compared by, so that a member that was right long ago does not count for long. */
const COMPARED = 100;
/** Horizons beyond it are forecast for being scored, which costs most there, at one sample of {@link FAR_EVERY}. */
const NEAR = 30;
const FAR_EVERY = 10;
/** Errors scored at a horizon before they are preferred to what the members say of themselves. */
const ENOUGH = 20;
/** A loss below this share of the members' mean counts as this: no member is ever certain. */
const LEAST_SHARE = 1e-9;

export interface CombinedOptions {
  readonly name: string;
  readonly members: readonly Model[];
  /** `weighted`: by the mean loss to the power of −4; `best`: the member with the least alone. */
  readonly rule: 'weighted' | 'best';
  /** Default 600. The combination's own errors are remembered over half of it. */
  readonly window?: number;
  /** Default 600; no more than any member's. */
  readonly maxSteps?: number;
}

/**
 * Several models as one: at each horizon the members count by the errors of the forecasts that they made
 * before and that came due (never by how well they fit what they were fitted to), and the combination's
 * deviations are those of its own errors. A fit lets the members forecast through the window's second half
 * from fits to the first, to have such errors at once.
 *
 * Source: Wolski, Cluster Computing 1 (1998) (NWS: the forecaster with the least error so far); Bates,
 * Granger, The combination of forecasts, Operational Research Quarterly 20 (1969).
 */
export class CombinedModel implements Model {
  readonly name: string;
  readonly maxSteps: number;
  readonly minimumSamples: number;
  readonly #members: readonly Model[];
  readonly #rule: CombinedOptions['rule'];
  readonly #window: number;
  readonly #horizons: Int32Array;
  /** Of each member, and at the end of the combination. */
  readonly #errors: TrackedErrors;
  /** By member, then horizon. */
  readonly #weights: Float64Array;
  /** Views of the same, one of each member. */
  readonly #weightsOf: readonly Float64Array[];
  readonly #stepWeights: Float64Array;
  /** 1 where a member has enough samples. */
  readonly #ready: Uint8Array;
  readonly #variances: Float64Array;
  readonly #averageVariances: Float64Array;
  readonly #buffer: ForecastBuffer;
  #trailingGap = 0;
  #untilFar = 0;
  /** Steps that the buffer holds of the present state; 0: none. */
  #combined = 0;

  constructor({ name, members, rule, window = 600, maxSteps = DEFAULT_MAX_STEPS }: CombinedOptions) {
    this.name = name;
    this.maxSteps = maxSteps;
    this.#members = members;
    this.#rule = rule;
    this.#window = window;
    this.minimumSamples = Math.min(...members.map((member) => member.minimumSamples));
    this.#horizons = horizonsUpTo(Math.min(maxSteps, Math.floor(window / 4)));
    this.#errors = new TrackedErrors(members.length + 1, this.#horizons, (horizon) => {
      const every = horizon > NEAR ? FAR_EVERY : 1;
      return { losses: COMPARED / every, squares: Math.max(1, Math.floor(window / 2 / every)) };
    });
    const count = this.#horizons.length;
    const weights = new Float64Array(members.length * count);
    this.#weights = weights;
    this.#weightsOf = members.map((_, m) => weights.subarray(m * count, (m + 1) * count));
    this.#stepWeights = new Float64Array(maxSteps);
    this.#ready = new Uint8Array(members.length);
    this.#variances = new Float64Array(count);
    this.#averageVariances = new Float64Array(count);
    this.#buffer = new ForecastBuffer(maxSteps);
  }

  get samples(): number {
    let most = 0;
    for (let m = 0; m < this.#members.length; m++) most = Math.max(most, this.#members[m]!.samples);
    return most;
  }

  fit(window: Float64Array): void {
    for (const sample of window) checkSample(sample);
    const newest = window.subarray(Math.max(0, window.length - this.#window));
    const half = Math.ceil(newest.length / 2);
    this.#errors.clear();
    [this.#trailingGap, this.#untilFar] = [0, 0];
    for (const member of this.#members) member.fit(newest.subarray(0, half));
    this.#issue();
    for (const sample of newest.subarray(half)) this.step(sample);
    for (const member of this.#members) member.fit(newest);
    this.#issue();
  }

  step(sample: number): void {
    checkSample(sample);
    this.#trailingGap = Number.isNaN(sample) ? this.#trailingGap + 1 : 0;
    this.#errors.push(sample);
    for (const member of this.#members) member.step(sample);
    this.#issue();
  }

  forecast(steps: number): ModelForecast | null {
    checkSteps(steps, this.maxSteps);
    if (this.#trailingGap >= MAX_TRAILING_GAP) return null;
    if (steps > this.#combined && !this.#combine(steps)) return null;
    this.#buffer.steps = steps;
    this.#preferOwnErrors(steps);
    return this.#buffer;
  }

  /** Remembers what everybody says now, to be scored when it comes due. */
  #issue(): void {
    const furthest = this.#horizons[this.#horizons.length - 1]!;
    const far = --this.#untilFar < 0;
    if (far) this.#untilFar = FAR_EVERY - 1;
    const steps = far ? furthest : Math.min(NEAR, furthest);
    this.#weigh(steps);
    const any = this.#combine(steps, true);
    this.#errors.expect(this.#members.length, any ? this.#buffer.means : null, steps);
  }

  /**
   * Members' means by the present weights, and deviations as a bound where its own errors are not known; false when
   * no member has any.
   */
  #combine(steps: number, remember = false): boolean {
    const { means, deviations, averageDeviations } = this.#buffer;
    const weights = this.#stepWeights;
    const known = this.#knowsOwnErrors(0);
    this.#buffer.steps = steps;
    means.fill(0, 0, steps);
    deviations.fill(0, 0, steps);
    averageDeviations.fill(0, 0, steps);
    let any = false;
    for (let m = 0; m < this.#members.length; m++) {
      const forecast = this.#members[m]!.forecast(steps);
      if (remember) this.#errors.expect(m, forecast?.means ?? null, steps);
      if (forecast === null) continue;
      any = true;
      this.#weightSteps(m, steps);
      addWeighted(weights, forecast.means, steps, means);
      if (known) continue;
      addWeighted(weights, forecast.deviations, steps, deviations);
      addWeighted(weights, forecast.averageDeviations, steps, averageDeviations);
    }
    this.#buffer.average();
    this.#combined = any ? steps : 0;
    return any;
  }

  /** A member's weight at each step, into `#stepWeights`. */
  #weightSteps(member: number, steps: number): void {
    const weights = this.#weightsOf[member]!;
    interpolate(this.#horizons, this.#horizons.length, weights, 0, steps, this.#stepWeights);
  }

  /** At the horizons up to `steps`: at others nothing came due since they were last weighed. */
  #weigh(steps: number): void {
    this.#members.forEach((member, m) => {
      this.#ready[m] = member.samples >= member.minimumSamples ? 1 : 0;
    });
    for (let i = 0; i < this.#horizons.length && this.#horizons[i]! <= steps; i++) this.#weighAt(i);
  }

  /** A horizon at which too little came due has the weights of the next shorter one. */
  #weighAt(index: number): void {
    const count = this.#horizons.length;
    const members = this.#members.length;
    const errors = this.#errors;
    let [total, scored, least] = [0, 0, Number.POSITIVE_INFINITY];
    for (let m = 0; m < members; m++) {
      if (errors.scored(m, index) < ENOUGH) continue;
      const loss = errors.meanLoss(m, index);
      total += loss;
      scored++;
      if (this.#ready[m] === 1) least = Math.min(least, loss);
    }
    const floor = (LEAST_SHARE * total) / Math.max(1, scored);
    let [sum, best] = [0, -1];
    for (let m = 0; m < members; m++) {
      const at = m * count + index;
      const loss = errors.meanLoss(m, index);
      let weight = 0;
      if (this.#ready[m] === 0) weight = 0;
      else if (scored === 0) weight = index === 0 ? 1 : this.#weights[at - 1]!;
      else if (errors.scored(m, index) >= ENOUGH) {
        weight = total === 0 ? 1 : weightOf(Math.max(floor, least) / Math.max(floor, loss));
        if (this.#rule === 'best') {
          weight = loss === least && best < 0 ? 1 : 0;
          if (weight === 1) best = m;
        }
      }
      this.#weights[at] = weight;
      sum += weight;
    }
    for (let m = 0; m < members; m++) this.#weights[m * count + index]! /= sum === 0 ? 1 : sum;
  }

  #knowsOwnErrors(index: number): boolean {
    return this.#errors.scored(this.#members.length, index) >= ENOUGH;
  }

  /** Deviations of the combination's own errors, as far ahead as enough of them came due. */
  #preferOwnErrors(steps: number): void {
    const errors = this.#errors;
    let known = 0;
    while (known < this.#horizons.length && this.#knowsOwnErrors(known)) {
      this.#variances[known] = errors.meanSquare(known);
      this.#averageVariances[known] = errors.averageMeanSquare(known);
      known++;
    }
    if (known === 0) return;
    const { deviations, averageDeviations } = this.#buffer;
    interpolate(this.#horizons, known, this.#variances, this.#trailingGap, steps, deviations);
    interpolate(this.#horizons, known, this.#averageVariances, this.#trailingGap, steps, averageDeviations);
    for (let h = 0; h < steps; h++) {
      deviations[h] = Math.sqrt(deviations[h]!);
      averageDeviations[h] = Math.sqrt(averageDeviations[h]!);
    }
  }
}

/** `out[h] += weights[h] values[h]`, h = 0 … steps − 1. */
function addWeighted(weights: Float64Array, values: Float64Array, steps: number, out: Float64Array): void {
  for (let h = 0; h < steps; h++) out[h]! += weights[h]! * values[h]!;
}
