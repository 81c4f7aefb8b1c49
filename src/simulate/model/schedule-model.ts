import type { Schedule, SettingOf } from '../../compiler/plan.js';
import { isDuty, type PlanIndex } from '../../enforce/plan-index.js';
import type { Demand, SimulatedClass } from './population.js';
import { promisesOf, type RatePromise } from './rate-promise.js';
import { type RunningSet, runningSets } from './running-sets.js';
import { ShareTree, standardWeight } from './share-tree.js';
import { Sharing } from './sharing.js';

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
 * groups with vCPUs and the owner's weight (as many threads as can want so much) until quotas are used up, for each set of
 * guests that the timetable lets run at once. Rates are means over a step; see docs/simulation.md for what that leaves out.
 */
export class ScheduleModel {
  readonly schedule: Schedule;
  readonly promises: readonly RatePromise[];
  /** By promise: the quotas inside it, which bound what those can use to whom it is made. */
  readonly #boundsOf: readonly (readonly QuotaBound[])[];
  readonly quotas: readonly SettingOf<'quota'>[];
  readonly #classes: readonly SimulatedClass[];
  readonly #index: PlanIndex;
  readonly #coreCount: number;
  readonly #sharing: Sharing;
  readonly #reservedEach: readonly number[];
  /** By class: the position of quotas on each member. */
  readonly #eachQuotas: readonly (readonly number[])[];
  readonly #placedCores: readonly number[];
  readonly #onDuty: readonly boolean[];
  /** Of one allocation, by class: what a guest can use while it runs, and what it wants then. */
  readonly #eachMost: Float64Array;
  readonly #eachSaved: Float64Array;
  /** Of floats, so that the engine need not turn copies of it into lists of such. */
  readonly #zeros: readonly number[];
  #last: { readonly guests: readonly number[]; readonly sets: readonly RunningSet[] } | null = null;
  readonly #sets = new Map<string, readonly RunningSet[]>();

  constructor(index: PlanIndex, schedule: Schedule, classes: readonly SimulatedClass[], coreCount: number) {
    this.#index = index;
    this.schedule = schedule;
    this.#classes = classes;
    this.#coreCount = coreCount;
    const { settings } = schedule;
    this.quotas = settings.filter((one) => one.mechanism === 'quota');
    this.#eachMost = new Float64Array(classes.length);
    this.#eachSaved = new Float64Array(classes.length);
    this.#zeros = classes.map(() => Number.EPSILON).fill(0);
    this.#reservedEach = classes.map((one) => reservedRate(schedule, one));
    // Where guests stay in cgroups of their own a sum is bounded only for a class of one.
    const isOnEach = ({ scope }: SettingOf<'quota'>, { plan }: SimulatedClass) =>
      scope === 'each' || index.leafPath(plan, '') === null;
    this.#eachQuotas = classes.map((one) =>
      this.quotas.flatMap((quota, at) =>
        isOnEach(quota, one) && index.appliesTo(quota, one.plan) ? [at] : [],
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
    const tree = new ShareTree(index, schedule, classes, this.quotas);
    const beside = classes.map((one) =>
      index.leafPath(one.plan, '') === null ? sessionWeight(index, schedule, one) : null,
    );
    this.#sharing = new Sharing(index.plan.host, tree, beside, this.quotas.length);
    this.promises = promisesOf(index, schedule, classes, this.#reservedEach);
    this.#boundsOf = this.promises.map((promise) => this.#quotasInside(promise));
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
      this.#eachSaved[at] = this.#savedEach(at, demand, runs);
      this.#eachMost[at] = Math.min(this.#eachSaved[at]!, this.#limitEach(at, ceilings));
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
    for (let at = 0; at < this.promises.length; at++) {
      const bounds = this.#boundsOf[at]!;
      const within = bounds.length === 0 ? all : { ...all, usable: bounded(usable, bounds, ceilings) };
      promises.push(kept(this.promises[at]!, within, guests));
    }
    return all;
  }

  /** Quotas on the sum of some of those to whom it is promised, but not of all: the smallest first. */
  #quotasInside({ kind, classes }: RatePromise): readonly QuotaBound[] {
    if (kind === 'reservation') return [];
    return this.quotas
      .flatMap((quota, at) => {
        if (quota.scope !== 'sum') return [];
        const inside = this.#classes.flatMap((one, position) =>
          this.#index.appliesTo(quota, one.plan) && this.#reservedEach[position] === 0 ? [position] : [],
        );
        const isPart = inside.length < classes.length && inside.every((one) => classes.includes(one));
        return isPart ? [{ quota: at, classes: inside }] : [];
      })
      .sort((a, b) => a.classes.length - b.classes.length);
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

  /** What a guest wants while it runs: one that is held meanwhile has saved up what it wants. */
  #savedEach(at: number, { guests, eachCores }: Demand, runs: number): number {
    if (guests[at] === 0 || runs === 0) return 0;
    const wanted = eachCores[at]!;
    return this.#onDuty[at] ? Math.min(this.#classes[at]!.vcpus, (wanted * guests[at]!) / runs) : wanted;
  }

  /** Of one guest: its reservation, or the quotas on it. */
  #limitEach(at: number, ceilings: readonly number[]): number {
    const reserved = this.#reservedEach[at]!;
    if (reserved > 0) return reserved;
    let least = Number.POSITIVE_INFINITY;
    for (const quota of this.#eachQuotas[at]!) least = Math.min(least, ceilings[quota]!);
    return least;
  }

  /** While these guests run: answers the owner's cores; adds to `delivered` what they get. */
  #divide(
    { share, running }: RunningSet,
    ownerWanted: number,
    ceilings: readonly number[],
    delivered: number[],
  ): number {
    const { owner, classes, got } = this.#sharing;
    let left = this.#coreCount;
    for (let at = 0; at < running.length; at++) {
      const one = classes[at]!;
      const guests = running[at]!;
      const isReserved = this.#reservedEach[at]! > 0;
      if (isReserved) {
        left -= guests * this.#eachMost[at]!;
        delivered[at]! += share * guests * this.#eachMost[at]!;
      }
      const sharing = isReserved ? 0 : guests;
      const placed = this.#placedCores[at]!;
      one.guests = sharing;
      one.threads = Math.ceil(this.#eachSaved[at]!);
      one.wanted = Math.min(sharing * this.#eachSaved[at]!, placed);
      one.most = Math.min(sharing * this.#classes[at]!.vcpus, placed);
      one.limit = sharing === 0 ? 0 : sharing * this.#limitEach(at, ceilings);
    }
    owner.wanted = ownerWanted;
    owner.threads = Math.ceil(ownerWanted);
    // A thread that is busy all the time cannot catch up.
    owner.most = Math.max(ownerWanted, Math.min(1, owner.threads));
    this.#sharing.divide(left, ceilings);
    for (let at = 0; at < running.length; at++) delivered[at]! += share * got[at]!;
    return got[running.length]!;
  }
}

/** Of one guest, its main loop left out: the servers of its vCPUs; 0: it holds none. */
function reservedRate({ servers }: Schedule, { plan }: SimulatedClass): number {
  return servers
    .filter((server) => server.class === plan && server.member === 0 && server.thread !== 'main')
    .reduce((sum, { budgetNs, periodNs }) => sum + budgetNs / periodNs, 0);
}

/** Of a guest that stays where it is: by its session's nice value where it has one. */
function sessionWeight(index: PlanIndex, { settings }: Schedule, { plan }: SimulatedClass): number {
  const own = settings.find(
    (one) => one.mechanism === 'share' && one.scope === 'each' && index.appliesTo(one, plan),
  );
  return own?.mechanism === 'share' ? own.weight : standardWeight(index.plan.host.cgroup.version);
}

const coresIn = (setting: Schedule['settings'][number]): number =>
  setting.mechanism === 'placement' ? setting.cores.length : Number.POSITIVE_INFINITY;

/** Position of a quota, and the positions of the classes whose sum it bounds. */
interface QuotaBound {
  readonly quota: number;
  readonly classes: readonly number[];
}

/** What they can use of it under these quotas. */
function bounded(
  usable: readonly number[],
  bounds: readonly QuotaBound[],
  ceilings: readonly number[],
): readonly number[] {
  const within = [...usable];
  for (const { quota, classes } of bounds) {
    let sum = 0;
    for (const at of classes) sum += within[at]!;
    if (sum > ceilings[quota]!) for (const at of classes) within[at]! *= ceilings[quota]! / sum;
  }
  return within;
}

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
