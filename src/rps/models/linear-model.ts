import { averageDeviations } from '../numeric/psi-weights.js';
import { DEFAULT_MAX_STEPS, type ForecastBuffer, MAX_TRAILING_GAP } from './model.js';
import { RefittedModel, type RefittedOptions } from './refitted-model.js';

/** A model whose errors are shocks of one variance, each weighted by ψⱼ j steps later. */
export abstract class LinearModel extends RefittedModel {
  protected innovationVariance = 0;
  readonly #psi: Float64Array;
  readonly #cumulative: Float64Array;

  constructor(minimumSamples: number, options: RefittedOptions = {}) {
    super(minimumSamples, options);
    const length = (options.maxSteps ?? DEFAULT_MAX_STEPS) + MAX_TRAILING_GAP;
    this.#psi = new Float64Array(length);
    this.#cumulative = new Float64Array(length);
  }

  /** ψ₀ = 1, ψ₁, … ψ[count − 1] of the present fit. */
  protected abstract weigh(count: number, psi: Float64Array): void;

  protected deviate(steps: number, skipped: number, out: ForecastBuffer): void {
    const psi = this.#psi;
    const variance = this.innovationVariance;
    this.weigh(steps + skipped, psi);
    let squares = 0;
    for (let j = 0; j < skipped; j++) squares += psi[j]! * psi[j]!;
    for (let h = 0; h < steps; h++) {
      squares += psi[h + skipped]! * psi[h + skipped]!;
      out.deviations[h] = Math.sqrt(variance * squares);
    }
    averageDeviations(psi, variance, steps, skipped, this.#cumulative, out.averageDeviations);
  }
}
