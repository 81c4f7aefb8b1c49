/**
 * Weights of (1 − L)^d: `out[0]` = 1, `out[k]` = `out[k − 1]` (k − 1 − d) / k. With d = 1 the difference of
 * neighbours, with a broken d one that reaches back to the beginning.
 * Source: Hosking, Fractional differencing, Biometrika 68 (1981).
 */
export function fractionalWeights(d: number, out: Float64Array): void {
  out[0] = 1;
  for (let k = 1; k < out.length; k++) out[k] = (out[k - 1]! * (k - 1 - d)) / k;
}

/**
 * `out[t] = Σ weights[k] x[t − k]`, k = 0 … t, for t = 0 … n − 1: what stands before the first sample counts
 * as 0. O(n²); four outputs side by side, which share what is read and do not wait for each other.
 */
export function filterFromStart(x: Float64Array, n: number, weights: Float64Array, out: Float64Array): void {
  let t = 0;
  for (; t + 3 < n; t += 4) {
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    let w1 = weights[t + 1]!;
    let w2 = weights[t + 2]!;
    let w3 = weights[t + 3]!;
    // The oldest sample first: its weight in the next output is the one that its neighbour has in this.
    for (let i = 0; i <= t; i++) {
      const value = x[i]!;
      const w0 = weights[t - i]!;
      s0 += w0 * value;
      s1 += w1 * value;
      s2 += w2 * value;
      s3 += w3 * value;
      w3 = w2;
      w2 = w1;
      w1 = w0;
    }
    const [x1, x2, x3] = [x[t + 1]!, x[t + 2]!, x[t + 3]!];
    out[t] = s0;
    out[t + 1] = s1 + w1 * x1;
    out[t + 2] = s2 + w2 * x1 + w1 * x2;
    out[t + 3] = s3 + w3 * x1 + w2 * x2 + w1 * x3;
  }
  for (; t < n; t++) {
    let sum = 0;
    for (let k = 0; k <= t; k++) sum += weights[k]! * x[t - k]!;
    out[t] = sum;
  }
}
