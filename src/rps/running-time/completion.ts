import { normalQuantile } from '../numeric/normal.js';
import { type Asker, type RunWindows, rateBeside } from './asker.js';
import type { LoadPath } from './load-path.js';

/** Places at which a normal distribution is looked at, each for an equal part of it. */
const PLACES = 9;
const NORMAL = Array.from({ length: PLACES }, (_, i) => normalQuantile((i + 0.5) / PLACES));
/** Work that would take longer than this is not going to be done, as far as a forecast can say. */
const LONGEST_NS = 1000 * 86_400e9;

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
 * The time where the average load comes `z` standard deviations above its forecast. Up to step h as much work
 * is done as h steps at the mean rate beside such a load; within a step it is done evenly.
 */
function timeAt(z: number, workNs: number, asker: Asker, path: LoadPath, startNs: number): number | null {
  const { stepNs } = path;
  const clock = asker.windows === null ? null : new WindowClock(asker.windows, startNs);
  let done = 0;
  let served = 0;
  for (let h = 1; h <= path.horizon; h++) {
    const upTo = Math.max(served, h * stepNs * meanRate(z, h, asker.rates, path));
    const rate = (upTo - served) / stepNs;
    served = upTo;
    const fromNs = (h - 1) * stepNs;
    const openNs = clock === null ? stepNs : clock.openBetween(fromNs, fromNs + stepNs);
    if (rate > 0 && done + rate * openNs >= workNs) {
      const needNs = (workNs - done) / rate;
      return clock === null ? fromNs + needNs : clock.timeOfOpen(fromNs, needNs);
    }
    done += rate * openNs;
  }
  return timeBeyond(z, workNs - done, asker, path, clock);
}

/** Beyond the horizon the rate no longer changes. */
function timeBeyond(
  z: number,
  leftNs: number,
  asker: Asker,
  path: LoadPath,
  clock: WindowClock | null,
): number | null {
  const { horizon, stepNs, longRunMean } = path;
  const rate = spreadRate(longRunMean + z * path.deviation(horizon), path.spread(horizon), asker.rates);
  const openRate = rate * (clock === null ? 1 : clock.share);
  if (openRate <= 0 || leftNs / openRate > LONGEST_NS) return null;
  const fromNs = horizon * stepNs;
  return clock === null ? fromNs + leftNs / rate : clock.timeOfOpen(fromNs, leftNs / rate);
}

const meanRate = (z: number, steps: number, rates: readonly number[], path: LoadPath): number =>
  spreadRate(path.mean(steps) + z * path.deviation(steps), path.spread(steps), rates);

/** The mean of the rates beside loads that vary about this average: rates are no straight line. */
function spreadRate(average: number, spread: number, rates: readonly number[]): number {
  if (spread === 0) return rateBeside(rates, average);
  let sum = 0;
  for (const z of NORMAL) sum += rateBeside(rates, average + z * spread);
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
