import { waterFill } from '../../enforce/account/water-filling.js';
import type { Behaviour } from '../../enforce/simulated/task.js';

/** Work comes in portions so far apart. */
const EVERY_NS = 20_000_000;
/** Less than that short of a core is none. */
const SLACK = 1e-6;
/** Of which no multiples are near each other: threads that come in a row are spread over the period. */
const GOLDEN = 0.618_033_988_749_895;

/** The fewest threads that can want so many cores: all busy but one. */
export function ownerThreads(cores: number): readonly Behaviour[] {
  const whole = Math.floor(cores + SLACK);
  const rest = cores - whole;
  return [
    ...Array.from({ length: whole }, () => 'busy' as const),
    ...(rest > SLACK ? [behaviourOf(rest, 0)] : []),
  ];
}

/**
 * What the vCPUs of a guest do that wants so many cores: all alike, or in proportion to what they have reserved. `rates`: of
 * the reservation of each vCPU, in cores; 0: it has none. `first`: how many threads there are before its first.
 */
export function vcpuThreads(cores: number, rates: readonly number[], first: number): readonly Behaviour[] {
  const isReserved = rates.some((rate) => rate > 0);
  const claims = rates.map((rate) => ({ weight: isReserved ? Math.max(rate, SLACK) : 1, cap: 1 }));
  return waterFill(cores, claims).map((part, at) => behaviourOf(part, ((first + at) * GOLDEN) % 1));
}

function behaviourOf(cores: number, phase: number): Behaviour {
  if (cores >= 1 - SLACK) return 'busy';
  const computeNs = Math.round(cores * EVERY_NS);
  return computeNs < 1 ? 'idle' : { computeNs, everyNs: EVERY_NS, phaseNs: Math.round(phase * EVERY_NS) };
}
