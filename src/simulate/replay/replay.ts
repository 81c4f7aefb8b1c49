import { coreCountOf } from '../../compiler/facts.js';
import type { Plan } from '../../compiler/plan.js';
import { type CurrentMode, nextMode } from '../../enforce/mode-tracker.js';
import { indexPlan, type PlanIndex } from '../../enforce/plan-index.js';
import type { SignalSource } from '../../enforce/signal-source.js';
import { invariant } from '../../support/invariant.js';
import { classesOf, type Demand, type SimulatedClass } from '../model/population.js';
import type { Allocation, ScheduleModel } from '../model/schedule-model.js';
import type { Trace } from '../trace/trace.js';
import { AllocationCache } from './allocation-cache.js';
import { BudgetBook, type BudgetUse } from './budget-book.js';
import { ConditionClock } from './condition-clock.js';
import { DemandOfTrace } from './demand-of-trace.js';
import { ReplayWorld, type Setting } from './replay-world.js';

export interface ReplayOptions {
  /** Wall-clock time of the trace's first place, ms since 1970. */
  readonly startMs: number;
  readonly settings?: readonly Setting[];
  /** Told of the part that is done, in [0, 1], now and then. */
  readonly onProgress?: (done: number) => void;
}

/** A while in which nothing changes. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly mode: CurrentMode;
  readonly model: ScheduleModel;
  readonly demand: Demand;
  readonly allocation: Allocation;
  /** Of each quota of the model, in cores. */
  readonly ceilings: readonly number[];
  /** As they are in it, while it is recorded. */
  readonly signals: SignalSource;
}

export interface ReplayEnd {
  readonly classes: readonly SimulatedClass[];
  readonly budgets: readonly BudgetUse[];
  /** Signals that nothing is known of, taken to be quiet. */
  readonly quiet: readonly string[];
  /** Classes of which the trace has more guests than the policy takes. */
  readonly tooMany: readonly string[];
}

const PROGRESS_EVERY = 65_536;

/**
 * Lets a plan govern a trace: the enforcer's conditions, modes and elastic limits step by step, budgets counted, and
 * what the schedule in force delivers. `record` is told of every span, in order, without holes.
 */
export function replay(
  plan: Plan,
  trace: Trace,
  { startMs, settings = [], onProgress }: ReplayOptions,
  record: (span: Span) => void,
): ReplayEnd {
  return new Replay(plan, trace, startMs, settings).run(record, onProgress ?? (() => {}));
}

class Replay {
  readonly #index: PlanIndex;
  readonly #trace: Trace;
  readonly #startMs: number;
  readonly #coreCount: number;
  readonly #classes: readonly SimulatedClass[];
  readonly #demands: DemandOfTrace;
  readonly #world: ReplayWorld;
  readonly #budgets: BudgetBook;
  readonly #clock: ConditionClock;
  readonly #allocations: AllocationCache;
  /** By class: when a `stop` in force will have ended its guests; infinite: there is none. */
  #goneMs: number[];
  #gone: boolean[];
  #mode: CurrentMode | null = null;
  #allocation: Allocation | null = null;

  constructor(plan: Plan, trace: Trace, startMs: number, settings: readonly Setting[]) {
    this.#index = indexPlan(plan);
    this.#trace = trace;
    this.#startMs = startMs;
    this.#coreCount = coreCountOf(plan.host);
    this.#classes = classesOf(plan, this.#coreCount);
    this.#demands = new DemandOfTrace(trace, this.#classes, this.#coreCount);
    this.#world = new ReplayWorld(plan, trace, this.#classes, settings, this.#coreCount);
    this.#allocations = new AllocationCache(this.#index, this.#classes, this.#coreCount);
    this.#budgets = new BudgetBook(this.#index, this.#classes);
    this.#clock = new ConditionClock(plan, this.#world, this.#budgets.isSpent, startMs);
    this.#goneMs = this.#classes.map(() => Number.POSITIVE_INFINITY);
    this.#gone = this.#classes.map(() => false);
  }

  run(record: (span: Span) => void, onProgress: (done: number) => void): ReplayEnd {
    const { length, stepMs } = this.#trace;
    for (let place = 0; place < length; place++) {
      if (place % PROGRESS_EVERY === 0) onProgress(place / length);
      const fromMs = this.#startMs + place * stepMs;
      this.#world.advance(place, fromMs, this.#demands.at(place, this.#gone), this.#allocation);
      let nowMs = fromMs;
      while (nowMs < fromMs + stepMs) nowMs = this.#span(place, nowMs, fromMs + stepMs, record);
    }
    return {
      classes: this.#classes,
      budgets: this.#budgets.uses(),
      quiet: this.#world.quiet,
      tooMany: this.#demands.tooMany,
    };
  }

  /** From now to the next instant at which something can change, at the latest `untilMs`; answers that. */
  #span(place: number, nowMs: number, untilMs: number, record: (span: Span) => void): number {
    this.#world.advanceWithin(nowMs);
    this.#budgets.advance(nowMs);
    if (this.#clock.step(nowMs) || this.#mode === null) this.#enterMode(nowMs);
    const mode = this.#mode;
    invariant(mode, 'a replay is always in a mode');
    for (let at = 0; at < this.#gone.length; at++) this.#gone[at] = nowMs >= (this.#goneMs[at] ?? 0);
    const demand = this.#demands.at(place, this.#gone);
    const allocation = this.#allocations.allocate(mode.schedule, demand, this.#world);
    const use = {
      delivered: allocation.delivered,
      guests: demand.guests,
      conditions: this.#clock.states.conditions,
    };
    const toMs = Math.min(
      untilMs,
      this.#clock.dueMs,
      this.#world.nextSettingMs(nowMs),
      this.#budgets.nextChangeMs(use, nowMs),
      this.#nextGoneMs(nowMs),
    );
    record({
      fromMs: nowMs,
      toMs,
      mode,
      model: this.#allocations.modelOf(mode.schedule),
      demand,
      allocation,
      ceilings: this.#allocations.ceilingsUnder(mode.schedule),
      signals: this.#world,
    });
    this.#budgets.count(use, nowMs, toMs);
    this.#allocation = allocation;
    return toMs;
  }

  #nextGoneMs(nowMs: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const at of this.#goneMs) if (at > nowMs && at < next) next = at;
    return next;
  }

  #enterMode(nowMs: number): void {
    const before = this.#mode;
    this.#mode = nextMode(this.#index, before, this.#clock.states, this.#clock.instant(nowMs));
    if (this.#mode === before) return;
    const { settings } = this.#mode.schedule;
    this.#goneMs = this.#classes.map((one, at) => {
      const stop = settings.find(
        (setting) => setting.mechanism === 'stop' && this.#index.appliesTo(setting, one.plan),
      );
      if (stop?.mechanism !== 'stop') return Number.POSITIVE_INFINITY;
      return Math.min(this.#goneMs[at] ?? Number.POSITIVE_INFINITY, nowMs + Math.ceil(stop.withinNs / 1e6));
    });
  }
}
