import type { Schedule, SettingOf } from '../../compiler/plan.js';
import { isDuty, type PlanIndex } from '../../enforce/plan-index.js';
import { fill } from './fill.js';
import type { Demand, SimulatedClass } from './population.js';
import { promisesOf, type RatePromise } from './rate-promise.js';
import { type RunningSet, runningSets } from './running-sets.js';
import { ShareTree, standardWeight } from './share-tree.js';

/** Who gets what of the host under one schedule with one demand, in cores. */
export interface Allocation {
  readonly ownerCores: number;
  readonly ownerWantedCores: number;
  /** By class. */
  readonly delivered: readonly number[];
  readonly wanted: readonly number[];
  /** Of what is wanted: what limits, reservations and duty cycles let a class use. */
  readonly usable: readonly number[];
  readonly idleCores: number;
  /** By promise of the schedule: what it comes to with this demand, and what of it is delivered. */
  readonly promises: readonly { readonly promised: number; readonly delivered: number }[];
}

/**
 * One schedule as a fluid: reservations first, each what it wants up to its rate; then processor sharing down the
 * groups with vCPUs, quotas and the owner's weight (as many threads as can want so much), for each set of guests that
 * the timetable lets run at once. Rates are means over a step; see docs/simulation.md for what that leaves out.
 */
export class ScheduleModel {
  readonly schedule: Schedule;
  readonly promises: readonly RatePromise[];
  readonly quotas: readonly SettingOf<'quota'>[];
  readonly #classes: readonly SimulatedClass[];
  readonly #index: PlanIndex;
  readonly #coreCount: number;
  readonly #tree: ShareTree;
  readonly #reservedEach: readonly number[];
  /** By class: the position of quotas on each member. */
  readonly #eachQuotas: readonly (readonly number[])[];
  readonly #placedCores: readonly number[];
  readonly #onDuty: readonly boolean[];
  /** Whether its guests are below the slice of all guests; the others compete beside it. */
  readonly #gathered: readonly boolean[];
  /** Of one allocation, by class: what a guest can use while it runs; what the class can in the slice. */
  readonly #eachMost: Float64Array;
  readonly #inSlice: Float64Array;
  /** Of floats, so that the engine need not turn copies of it into lists of such. */
  readonly #zeros: readonly number[];
  readonly #top: {
    readonly weights: Float64Array;
    readonly caps: Float64Array;
    readonly parts: Float64Array;
  };
  #last: { readonly guests: readonly number[]; readonly sets: readonly RunningSet[] } | null = null;
  readonly #sets = new Map<string, readonly RunningSet[]>();

  constructor(index: PlanIndex, schedule: Schedule, classes: readonly SimulatedClass[], coreCount: number) {
    this.#index = index;
    this.schedule = schedule;
    this.#classes = classes;
    this.#coreCount = coreCount;
    const { settings } = schedule;
    this.quotas = settings.filter((one) => one.mechanism === 'quota');
    this.#tree = new ShareTree(index, schedule, classes, this.quotas);
    this.#eachMost = new Float64Array(classes.length);
    this.#inSlice = new Float64Array(classes.length);
    this.#zeros = classes.map(() => Number.EPSILON).fill(0);
    const atTop = () => new Float64Array(BESIDE + classes.length);
    this.#top = { weights: atTop(), caps: atTop(), parts: atTop() };
    this.#reservedEach = classes.map((one) => reservedRate(schedule, one));
    this.#eachQuotas = classes.map((one) =>
      this.quotas.flatMap((quota, at) =>
        quota.scope === 'each' && index.appliesTo(quota, one.plan) ? [at] : [],
      ),
    );
    this.#placedCores = classes.map((one) =>
      settings
        .filter((setting) => setting.mechanism === 'placement' && index.appliesTo(setting, one.plan))
        .reduce((least, placement) => Math.min(least, coresIn(placement)), coreCount),
    );
    this.#onDuty = classes.map((one) =>
      settings.some((setting) => isDuty(setting) && index.appliesTo(setting, one.plan)),
    );
    this.#gathered = classes.map((one) => index.leafPath(one.plan, '') !== null);
    this.promises = promisesOf(index, schedule, classes, this.#reservedEach);
  }

  /** `ceilings`: what each quota is now, in cores. */
  allocate(demand: Demand, ceilings: readonly number[]): Allocation {
    const { guests, eachCores } = demand;
    const sets = this.#runningSets(guests);
    const delivered = this.#zeros.slice();
    const wanted = this.#zeros.slice();
    const usable = this.#zeros.slice();
    for (let at = 0; at < guests.length; at++) {
      let runs = 0;
      for (const { share, running } of sets) runs += share * running[at]!;
      this.#eachMost[at] = this.#mostEach(at, demand, runs, ceilings);
      wanted[at] = guests[at]! * eachCores[at]!;
      usable[at] = Math.min(wanted[at]!, runs * this.#eachMost[at]!, this.#placedCores[at]!);
    }
    let ownerCores = 0;
    for (const set of sets)
      ownerCores += set.share * this.#divide(set, demand.ownerCores, ceilings, delivered);
    let used = ownerCores;
    for (const cores of delivered) used += cores;
    const promises: Allocation['promises'][number][] = [];
    const idleCores = Math.max(0, this.#coreCount - used);
    const ownerWantedCores = demand.ownerCores;
    const all = { delivered, wanted, usable, ownerCores, ownerWantedCores, idleCores, promises };
    for (const promise of this.promises) promises.push(kept(promise, all, guests));
    return all;
  }

  #runningSets(guests: readonly number[]): readonly RunningSet[] {
    const last = this.#last;
    if (last?.guests.every((count, at) => count === guests[at])) return last.sets;
    const key = guests.join();
    const sets = this.#sets.get(key) ?? runningSets(this.schedule, this.#classes, this.#onDuty, guests);
    this.#sets.set(key, sets);
    this.#last = { guests, sets };
    return sets;
  }

  /** What a guest can use while it runs: one that is held meanwhile has saved up what it wants. */
  #mostEach(at: number, { guests, eachCores }: Demand, runs: number, ceilings: readonly number[]): number {
    if (guests[at] === 0 || runs === 0) return 0;
    const wanted = eachCores[at]!;
    const saved = this.#onDuty[at]
      ? Math.min(this.#classes[at]!.vcpus, (wanted * guests[at]!) / runs)
      : wanted;
    const reserved = this.#reservedEach[at]!;
    if (reserved > 0) return Math.min(saved, reserved);
    let most = saved;
    for (const quota of this.#eachQuotas[at]!) most = Math.min(most, ceilings[quota]!);
    return most;
  }

  /** While these guests run: answers the owner's cores; adds to `delivered` what they get. */
  #divide(
    { share, running }: RunningSet,
    ownerWanted: number,
    ceilings: readonly number[],
    delivered: number[],
  ): number {
    const { version, ownerAs } = this.#index.plan.host.cgroup;
    const unit = standardWeight(version);
    // As single threads, the fewest that can want so much; as one slice; a guest that is not gathered alike.
    const bySlices = ownerAs === 'slices' && version > 0;
    const { weights, caps, parts } = this.#top;
    let left = this.#coreCount;
    for (let at = 0; at < running.length; at++) {
      const each = this.#eachMost[at]!;
      const most = running[at]! * each;
      const isReserved = this.#reservedEach[at]! > 0;
      if (isReserved) {
        left -= most;
        delivered[at]! += share * most;
      }
      const cap = isReserved ? 0 : Math.min(most, this.#placedCores[at]!);
      this.#inSlice[at] = this.#gathered[at] ? cap : 0;
      weights[BESIDE + at] = unit * running[at]! * (bySlices ? 1 : Math.ceil(each));
      caps[BESIDE + at] = this.#gathered[at] ? 0 : cap;
    }
    weights[OWNER] = unit * (bySlices ? 1 : Math.ceil(ownerWanted));
    caps[OWNER] = ownerWanted;
    weights[SLICE] = this.#tree.weight;
    caps[SLICE] = this.#tree.demand(this.#inSlice, ceilings);
    fill(left, weights, caps, parts);
    this.#tree.divide(parts[SLICE]!, share, delivered);
    for (let at = 0; at < running.length; at++) delivered[at]! += share * parts[BESIDE + at]!;
    return parts[OWNER]!;
  }
}

/** Positions at the top: the owner, the slice of the gathered guests, then the classes that are beside it. */
const OWNER = 0;
const SLICE = 1;
const BESIDE = 2;

/** Of one guest, its main loop left out: the servers of its vCPUs; 0: it holds none. */
function reservedRate({ servers }: Schedule, { plan }: SimulatedClass): number {
  return servers
    .filter((server) => server.class === plan && server.member === 0 && server.thread !== 'main')
    .reduce((sum, { budgetNs, periodNs }) => sum + budgetNs / periodNs, 0);
}

const coresIn = (setting: Schedule['settings'][number]): number =>
  setting.mechanism === 'placement' ? setting.cores.length : Number.POSITIVE_INFINITY;

type Parts = Pick<Allocation, 'delivered' | 'usable' | 'ownerCores' | 'ownerWantedCores'>;

function kept(
  { kind, cores, classes }: RatePromise,
  { delivered, usable, ownerCores, ownerWantedCores }: Parts,
  guests: readonly number[],
): Allocation['promises'][number] {
  if (kind === 'kept') return { promised: Math.min(cores, ownerWantedCores), delivered: ownerCores };
  let [promised, got] = [0, 0];
  for (const at of classes) {
    got += delivered[at]!;
    promised += kind === 'floor' ? usable[at]! : Math.min(guests[at]! * cores, usable[at]!);
  }
  return { promised: kind === 'floor' ? Math.min(cores, promised) : promised, delivered: got };
}
