import { normalQuantile } from '../numeric/normal.js';
import { type Asker, type RunWindows, rateBeside } from './asker.js';
import type { LoadPath } from './load-path.js';

/** Places at which a normal distribution is looked at, each for an equal part of it. */
const PLACES = 9;
const NORMAL = Array.from({ length: PLACES }, (_, i) => normalQuantile((i + 0.5) / PLACES));
/** Work that would take longer than this is not going to be done, as far as a forecast can say. */
export const LONGEST_DAYS = 1000;
const LONGEST_NS = LONGEST_DAYS * 86_400e9;

/** When work will be done, ns from now. */
export interface Completion {
  /** Mean over the errors that the forecast of the average load may have. */
  readonly meanNs: number;
  /** Standard deviation of the logarithm of the time, from those errors alone. */
  readonly logDeviation: number;
}

/**
 * When `workNs` of CPU time will be done by one thread: the walk along the forecast. Null: never, or in
 * more than a thousand days. `startNs` is the monotonic clock now: windows recur on it.
 */
export function completionOf(
  workNs: number,
  asker: Asker,
  path: LoadPath,
  startNs: number,
): Completion | null {
  const times = [...NORMAL, -1, 1].map((z) => timeAt(z, workNs, asker, path, startNs));
  if (times.some((time) => time === null)) return null;
  const [most, least] = [times.pop()!, times.pop()!] as [number, number];
  const meanNs = times.reduce<number>((sum, time) => sum + time!, 0) / PLACES;
  return { meanNs, logDeviation: Math.max(0, Math.log(most / least) / 2) };
}

/**
 * The time where the load comes so far above its forecast as an average load does that is `z` standard deviations
 * above its own. Within a step work is done evenly.
 */
function timeAt(z: number, workNs: number, asker: Asker, path: LoadPath, startNs: number): number | null {
  const { horizon, stepNs } = path;
  const clock = asker.windows === null ? null : new WindowClock(asker.windows, startNs);
  let leftNs = workNs;
  for (let step = 1; step <= horizon; step++) {
    const rate = rateAt(step, z, asker.rates, path);
    const fromNs = (step - 1) * stepNs;
    const openNs = clock === null ? stepNs : clock.openBetween(fromNs, fromNs + stepNs);
    if (rate > 0 && rate * openNs >= leftNs) return timeOf(leftNs / rate, fromNs, clock);
    leftNs -= rate * openNs;
  }
  // Beyond the horizon the rate no longer changes.
  const rate = rateAt(horizon + 1, z, asker.rates, path);
  const openRate = rate * (clock?.share ?? 1);
  if (openRate <= 0 || leftNs / openRate > LONGEST_NS) return null;
  return timeOf(leftNs / rate, horizon * stepNs, clock);
}

const timeOf = (openNs: number, fromNs: number, clock: WindowClock | null): number =>
  clock === null ? fromNs + openNs : clock.timeOfOpen(fromNs, openNs);

/** The mean of the rates beside the loads that this step may have: rates are no straight line. */
function rateAt(step: number, z: number, rates: readonly number[], path: LoadPath): number {
  const load = path.mean(step) + z * path.common(step);
  const own = path.own(step);
  if (own === 0) return rateBeside(rates, load);
  let sum = 0;
  for (const place of NORMAL) sum += rateBeside(rates, load + place * own);
  return sum / PLACES;
}

/** Open and shut times from some instant on. */
class WindowClock {
  readonly share: number;
  readonly #windows: RunWindows;
  readonly #openEach: number;
  readonly #phaseNs: number;

  constructor(windows: RunWindows, startNs: number) {
    this.#windows = windows;
    this.#openEach = windows.windows.reduce((sum, { startNs: from, endNs }) => sum + endNs - from, 0);
    this.share = this.#openEach / windows.hyperperiodNs;
    this.#phaseNs = startNs % windows.hyperperiodNs;
  }

  /** Open time between two instants. */
  openBetween(fromNs: number, toNs: number): number {
    return this.#openUntil(toNs + this.#phaseNs) - this.#openUntil(fromNs + this.#phaseNs);
  }

  /** The instant at which so much open time has passed since `fromNs`. */
  timeOfOpen(fromNs: number, openNs: number): number {
    const { hyperperiodNs, windows } = this.#windows;
    const wanted = this.#openUntil(fromNs + this.#phaseNs) + openNs;
    const whole = Math.max(0, Math.ceil(wanted / this.#openEach) - 1);
    let left = wanted - whole * this.#openEach;
    for (const { startNs, endNs } of windows) {
      if (left <= endNs - startNs) return whole * hyperperiodNs + startNs + left - this.#phaseNs;
      left -= endNs - startNs;
    }
    return (whole + 1) * hyperperiodNs - this.#phaseNs;
  }

  /** Open time from the epoch to an instant. */
  #openUntil(atNs: number): number {
    const { hyperperiodNs, windows } = this.#windows;
    const whole = Math.floor(atNs / hyperperiodNs);
    const within = atNs - whole * hyperperiodNs;
    let open = whole * this.#openEach;
    for (const { startNs, endNs } of windows) open += Math.max(0, Math.min(within, endNs) - startNs);
    return open;
  }
}
