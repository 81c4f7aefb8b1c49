import { readFileSync } from 'node:fs';
import { expect } from 'chai';

/** R's autoregression of one series; numbers where R had a vector of one. */
export interface GoldenFit {
  readonly order: number;
  readonly ar: number | readonly number[];
  readonly mean: number;
  readonly var_pred: number;
  readonly partialacf: number | readonly number[];
  readonly pred: readonly number[];
  readonly se: readonly number[];
}

export interface GoldenSeries {
  readonly x: readonly number[];
  readonly mean: number;
  readonly acov0_30: readonly number[];
  readonly psi: readonly number[];
  /** Which fit `psi` and `cov30` belong to. */
  readonly psi_of: string;
  readonly cov30: readonly (readonly number[])[];
  /** `forecast::ses`. */
  readonly ses: { readonly alpha: number; readonly sigma2: number; readonly mean: readonly number[] };
  /** `forecast::thetaf`. */
  readonly theta: { readonly mean: readonly number[]; readonly lo95: readonly number[] };
  /** `fracdiff::fdGPH`: the memory by a regression on the periodogram. */
  readonly gph: { readonly d: number };
  /** `fracdiff::diffseries` of an impulse, d = 0.35. */
  readonly fracdiff_weights_d035: readonly number[];
  readonly [fit: `ar_yw_${string}`]: GoldenFit | undefined;
}

const { series } = JSON.parse(readFileSync(new URL('../fixtures/golden.json', import.meta.url), 'utf8')) as {
  series: Record<string, GoldenSeries>;
};

export const goldenSeries: readonly (readonly [name: string, GoldenSeries])[] = Object.entries(series);

/** A trace of test/rps/fixtures/traces. */
export function trace(name: string): Float64Array {
  const text = readFileSync(new URL(`../fixtures/traces/${name}.csv`, import.meta.url), 'utf8');
  return Float64Array.from(text.trim().split('\n').slice(1), Number);
}

/** Every entry within `tolerance` of the reference, relative to the reference's largest. */
export function expectClose(
  actual: ArrayLike<number>,
  reference: number | readonly number[],
  tolerance: number,
): void {
  const wanted = typeof reference === 'number' ? [reference] : reference;
  expect(actual.length).to.equal(wanted.length);
  const scale = Math.max(...wanted.map(Math.abs));
  wanted.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value), `entry ${i}: ${actual[i]} for ${value}`).to.be.at.most(
      tolerance * scale,
    );
  });
}
