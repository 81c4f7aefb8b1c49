import type { PlanIndex } from '../../enforce/plan-index.js';
import type { SimulatedClass } from '../model/population.js';
import type { ScheduleModel } from '../model/schedule-model.js';
import type { Span } from '../replay/replay.js';
import type { ClassUse } from './simulation-report.js';

/** Less than that is none. Cores. */
const NOTHING = 1e-9;
const CORE_HOUR_MS = 3_600_000;

interface Sums {
  guests: number;
  wanted: number;
  delivered: number;
  least: number;
  pauseMs: number;
  longestPauseMs: number;
  /** Of the mechanisms in force while it was served; infinite: no bound. */
  gapNs: number;
}

/** What each class wanted and had over a replay; sums are in core-milliseconds. */
export class ClassRecord {
  readonly #index: PlanIndex;
  readonly #classes: readonly SimulatedClass[];
  readonly #sums: readonly Sums[];
  readonly #gaps = new Map<ScheduleModel, readonly number[]>();

  constructor(index: PlanIndex, classes: readonly SimulatedClass[]) {
    this.#index = index;
    this.#classes = classes;
    this.#sums = classes.map(() => ({
      guests: 0,
      wanted: 0,
      delivered: 0,
      least: Number.POSITIVE_INFINITY,
      pauseMs: 0,
      longestPauseMs: 0,
      gapNs: 0,
    }));
  }

  add({ fromMs, toMs, model, demand, allocation }: Span): void {
    const ms = toMs - fromMs;
    const gaps = this.#gapsUnder(model);
    this.#sums.forEach((sums, at) => {
      const wanted = allocation.wanted[at] ?? 0;
      const delivered = allocation.delivered[at] ?? 0;
      sums.guests += (demand.guests[at] ?? 0) * ms;
      sums.wanted += wanted * ms;
      sums.delivered += delivered * ms;
      const paused = wanted > NOTHING && delivered <= NOTHING;
      sums.pauseMs = paused ? sums.pauseMs + ms : 0;
      if (sums.pauseMs > sums.longestPauseMs) sums.longestPauseMs = sums.pauseMs;
      if (wanted > NOTHING && delivered < sums.least) sums.least = delivered;
      if (delivered > NOTHING) sums.gapNs = Math.max(sums.gapNs, gaps[at] ?? 0);
    });
  }

  /** Those of which there were guests. */
  uses(totalMs: number): readonly ClassUse[] {
    return this.#classes.flatMap(({ name }, at) => {
      const sums = this.#sums[at];
      if (sums === undefined || sums.guests === 0) return [];
      const gapSeconds = Math.max(sums.longestPauseMs / 1000, sums.gapNs / 1e9);
      return [
        {
          class: name,
          guests: sums.guests / totalMs,
          wantedCores: sums.wanted / totalMs,
          deliveredCores: sums.delivered / totalMs,
          leastCores: Number.isFinite(sums.least) ? sums.least : null,
          deliveredCoreHours: sums.delivered / CORE_HOUR_MS,
          longestPauseSeconds: sums.longestPauseMs / 1000,
          worstGapSeconds: Number.isFinite(gapSeconds) ? gapSeconds : null,
        },
      ];
    });
  }

  #gapsUnder(model: ScheduleModel): readonly number[] {
    const known = this.#gaps.get(model);
    if (known) return known;
    const gaps = this.#classes.map((one) => {
      const reservation = model.schedule.settings.find(
        (setting) => setting.mechanism === 'reservation' && this.#index.appliesTo(setting, one.plan),
      );
      // Nothing bounds how long a thread waits that is served by its weight.
      return reservation?.fidelity.worstGapNs ?? Number.POSITIVE_INFINITY;
    });
    this.#gaps.set(model, gaps);
    return gaps;
  }
}
