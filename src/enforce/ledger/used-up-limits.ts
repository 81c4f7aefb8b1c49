import type { PromiseSample } from './promise-samples.js';

/** Of a limit, over an interval: the kernel hands it out by the slice. */
const USED_UP = 0.95;

/** The guests under each limit on a sum that they used up in an interval, by their keys. */
export function usedUpLimits(samples: readonly PromiseSample[]): readonly ReadonlySet<string>[] {
  return samples
    .filter(({ setting, guest }) => setting.mechanism === 'quota' && guest === null)
    .filter(({ deliveredNs, promisedNs }) => deliveredNs >= USED_UP * promisedNs)
    .map(({ about }) => new Set(about.map(({ guest }) => guest.key)));
}
