/**
 * Solves (G + λ diag G) b = m for a positive semidefinite `gram` of `size` × `size`, row by row, by Cholesky;
 * `factor` is work space of the same size. A direction without any variance has coefficient 0.
 *
 * Source: Hoerl, Kennard, Ridge regression, Technometrics 12 (1970), with each regressor's penalty in
 * proportion to its own variance, so that no unit matters.
 */
export function solveRidge(
  gram: Float64Array,
  moments: Float64Array,
  size: number,
  lambda: number,
  factor: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < size; i++) {
    const scale = gram[i * size + i]! * (1 + lambda);
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? scale : gram[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * size + k]! * factor[j * size + k]!;
      const pivot = factor[j * size + j]!;
      if (i === j) factor[i * size + i] = sum > 1e-12 * scale ? Math.sqrt(sum) : 0;
      else factor[i * size + j] = pivot === 0 ? 0 : sum / pivot;
    }
  }
  for (let i = 0; i < size; i++) {
    let sum = moments[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * size + k]! * out[k]!;
    const pivot = factor[i * size + i]!;
    out[i] = pivot === 0 ? 0 : sum / pivot;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = out[i]!;
    for (let k = i + 1; k < size; k++) sum -= factor[k * size + i]! * out[k]!;
    const pivot = factor[i * size + i]!;
    out[i] = pivot === 0 ? 0 : sum / pivot;
  }
}
