import { IDLE_WEIGHT } from '../../enforce/host.js';

/**
 * Divides `total` in proportion to the weights, nobody above its cap, what one leaves to the others: processor sharing as
 * `waterFill` of the enforcer's accounts has it. What is left then goes to those that yield, in equal parts. Writes to
 * `parts`; makes no garbage, for a replay asks millions of times.
 */
export function fill(total: number, weights: Float64Array, caps: Float64Array, parts: Float64Array): void {
  let hasIdle = false;
  for (let at = 0; at < weights.length; at++) {
    parts[at] = caps[at]! > 0 && weights[at] !== IDLE_WEIGHT ? OPEN : 0;
    hasIdle ||= weights[at] === IDLE_WEIGHT && caps[at]! > 0;
  }
  const left = pour(total, weights, caps, parts);
  if (!hasIdle || left <= 0) return;
  for (let at = 0; at < weights.length; at++) {
    if (weights[at] === IDLE_WEIGHT && caps[at]! > 0) parts[at] = OPEN;
  }
  pour(left, null, caps, parts);
}

/** Marks a part that is not settled. */
const OPEN = -1;

/** Answers what is left. `weights` null: all alike. */
function pour(total: number, weights: Float64Array | null, caps: Float64Array, parts: Float64Array): number {
  let left = Math.max(0, total);
  for (;;) {
    let sum = 0;
    for (let at = 0; at < parts.length; at++) if (parts[at] === OPEN) sum += weights ? weights[at]! : 1;
    if (sum === 0) return left;
    const level = left / sum;
    let isAnyFull = false;
    for (let at = 0; at < parts.length; at++) {
      if (parts[at] !== OPEN || caps[at]! > level * (weights ? weights[at]! : 1)) continue;
      parts[at] = caps[at]!;
      left -= caps[at]!;
      isAnyFull = true;
    }
    if (isAnyFull) continue;
    for (let at = 0; at < parts.length; at++) {
      if (parts[at] === OPEN) parts[at] = level * (weights ? weights[at]! : 1);
    }
    return 0;
  }
}
