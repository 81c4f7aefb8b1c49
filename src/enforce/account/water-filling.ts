export interface Claim {
  readonly weight: number;
  /** The most it can take. */
  readonly cap: number;
}

/**
 * `total` divided in proportion to the weights, where nobody takes more than its cap and what it leaves goes to the
 * others: generalised processor sharing with ceilings (Parekh and Gallager 1993). Answers sum to min(total, Σ caps).
 */
export function waterFill(total: number, claims: readonly Claim[]): number[] {
  const parts = claims.map(() => 0);
  let open = claims.map((claim, at) => ({ ...claim, at })).filter(({ weight, cap }) => weight > 0 && cap > 0);
  let left = total;
  while (open.length > 0 && left > 0) {
    const weights = open.reduce((sum, { weight }) => sum + weight, 0);
    const level = left / weights;
    const full = open.filter(({ weight, cap }) => cap <= level * weight);
    for (const { at, weight, cap } of full.length > 0 ? full : open) {
      parts[at] = full.length > 0 ? cap : level * weight;
      left -= parts[at];
    }
    if (full.length === 0) break;
    open = open.filter((claim) => !full.includes(claim));
  }
  return parts;
}
