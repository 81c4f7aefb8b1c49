import type { Schedule } from '../../compiler/plan.js';
import { withElasticCeilings } from '../../enforce/elastic-ceilings.js';
import type { PlanIndex } from '../../enforce/plan-index.js';
import type { SignalSource } from '../../enforce/signal-source.js';
import type { Demand, SimulatedClass } from '../model/population.js';
import { type Allocation, ScheduleModel } from '../model/schedule-model.js';

/** Allocations kept of a schedule; beyond, all are forgotten. */
const MOST = 20_000;

interface Entry {
  readonly model: ScheduleModel;
  readonly isElastic: boolean;
  /** Of which demand of guests, and under which limits, allocations are kept. INVARIANT: other guests, another list. */
  guests: readonly number[] | null;
  ceilings: readonly number[];
  readonly byOwner: Map<number, Allocation>;
}

/** Who gets what under which schedule, computed once for each demand and each state of the elastic limits. */
export class AllocationCache {
  readonly #index: PlanIndex;
  readonly #classes: readonly SimulatedClass[];
  readonly #coreCount: number;
  readonly #entries = new Map<Schedule, Entry>();

  constructor(index: PlanIndex, classes: readonly SimulatedClass[], coreCount: number) {
    this.#index = index;
    this.#classes = classes;
    this.#coreCount = coreCount;
  }

  modelOf(schedule: Schedule): ScheduleModel {
    return this.#entryOf(schedule).model;
  }

  /** Of each quota, in cores, at the last allocation. */
  ceilingsUnder(schedule: Schedule): readonly number[] {
    return this.#entryOf(schedule).ceilings;
  }

  /** With elastic limits where `signals` have them now. */
  allocate(schedule: Schedule, demand: Demand, signals: SignalSource): Allocation {
    const entry = this.#entryOf(schedule);
    const ceilings = entry.isElastic
      ? ceilingsOf(withElasticCeilings(schedule, signals, this.#coreCount))
      : entry.ceilings;
    const isSame = entry.guests === demand.guests && isEqual(entry.ceilings, ceilings);
    if (!isSame) {
      if (entry.byOwner.size > 0) entry.byOwner.clear();
      entry.guests = demand.guests;
      entry.ceilings = ceilings;
    }
    const again = isSame ? entry.byOwner.get(demand.ownerCores) : undefined;
    if (again) return again;
    const allocation = entry.model.allocate(demand, ceilings);
    // Where guests want something else at every step nothing comes again, and keeping it would only cost.
    if (!isSame) return allocation;
    if (entry.byOwner.size >= MOST) entry.byOwner.clear();
    entry.byOwner.set(demand.ownerCores, allocation);
    return allocation;
  }

  #entryOf(schedule: Schedule): Entry {
    const known = this.#entries.get(schedule);
    if (known) return known;
    const entry: Entry = {
      model: new ScheduleModel(this.#index, schedule, this.#classes, this.#coreCount),
      isElastic: schedule.settings.some((one) => one.mechanism === 'quota' && one.elastic !== undefined),
      guests: null,
      ceilings: ceilingsOf(schedule),
      byOwner: new Map(),
    };
    this.#entries.set(schedule, entry);
    return entry;
  }
}

const ceilingsOf = ({ settings }: Schedule): readonly number[] =>
  settings.flatMap((one) => (one.mechanism === 'quota' ? [one.ceilingCores] : []));

const isEqual = (one: readonly number[], other: readonly number[]): boolean =>
  one === other || one.every((ceiling, at) => ceiling === other[at]);
