/** When a task ran, in the time of the samples. */
export interface TaskRun {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The samples of a load, in threads, without tasks that are known to have run and to be over: each wanted one
 * processor for all of its time. Sample i is about the step that ends at `firstMs` + i · `stepMs`. Without
 * this, whoever asks, works and asks again is forecast to compete with himself.
 */
export function withoutRuns(
  samples: Float64Array,
  firstMs: number,
  stepMs: number,
  runs: readonly TaskRun[],
): Float64Array {
  const without = samples.slice();
  const edge = (ms: number): number => (ms - firstMs) / stepMs + 1;
  for (const { fromMs, toMs } of runs) {
    const [from, to] = [edge(fromMs), edge(toMs)];
    const end = Math.min(without.length, Math.ceil(to));
    for (let i = Math.max(0, Math.floor(from)); i < end; i++) {
      const part = Math.min(i + 1, to) - Math.max(i, from);
      if (part > 0) without[i] = Math.max(0, without[i]! - part);
    }
  }
  return without;
}
