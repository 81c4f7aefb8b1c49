import type { Schedule } from '../../compiler/plan.js';
import { withElasticCeilings } from '../../enforce/elastic-ceilings.js';
import type { PlanIndex } from '../../enforce/plan-index.js';
import type { SignalSource } from '../../enforce/signal-source.js';
import type { Demand, SimulatedClass } from '../model/population.js';
import { type Allocation, ScheduleModel } from '../model/schedule-model.js';

/** Allocations kept for demands that come again; beyond, those of a schedule are forgotten. */
const MOST_ALLOCATIONS = 20_000;

interface Entry {
  readonly schedule: Schedule;
  readonly model: ScheduleModel;
  readonly isElastic: boolean;
  /** By ceilings and guests, then by the owner's cores. */
  readonly known: Map<string, Map<number, Allocation>>;
  size: number;
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

  /** With elastic limits where `signals` have them now. */
  allocate(schedule: Schedule, demand: Demand, signals: SignalSource): Allocation {
    const entry = this.#entryOf(schedule);
    const { settings } = entry.isElastic ? withElasticCeilings(schedule, signals, this.#coreCount) : schedule;
    const ceilings = () => settings.flatMap((one) => (one.mechanism === 'quota' ? [one.ceilingCores] : []));
    const key = entry.isElastic ? `${demand.guestsKey};${ceilings()}` : demand.guestsKey;
    const byOwner = entry.known.get(key) ?? new Map<number, Allocation>();
    const again = byOwner.get(demand.ownerCores);
    if (again) return again;
    entry.size += 1;
    if (entry.size > MOST_ALLOCATIONS) {
      entry.known.clear();
      byOwner.clear();
      entry.size = 1;
    }
    const allocation = entry.model.allocate(demand, ceilings());
    entry.known.set(key, byOwner.set(demand.ownerCores, allocation));
    return allocation;
  }

  #entryOf(schedule: Schedule): Entry {
    const known = this.#entries.get(schedule);
    if (known) return known;
    const entry: Entry = {
      schedule,
      model: new ScheduleModel(this.#index, schedule, this.#classes, this.#coreCount),
      isElastic: schedule.settings.some((one) => one.mechanism === 'quota' && one.elastic !== undefined),
      known: new Map(),
      size: 0,
    };
    this.#entries.set(schedule, entry);
    return entry;
  }
}
