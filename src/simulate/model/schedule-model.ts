import type { Schedule, SettingOf } from '../../compiler/plan.js';
import { isDuty, type PlanIndex } from '../../enforce/plan-index.js';
import type { Demand, SimulatedClass } from './population.js';
import { promisesOf, type RatePromise } from './rate-promise.js';
import { type RunningSet, runningSets } from './running-sets.js';
import { byWeight, demandOf, divideDown, type ShareNode, shareTree, standardWeight } from './share-tree.js';

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
  readonly #tree: ShareNode;
  readonly #reservedEach: readonly number[];
  /** By class: the position of quotas on each member. */
  readonly #eachQuotas: readonly (readonly number[])[];
  readonly #placedCores: readonly number[];
  readonly #onDuty: readonly boolean[];
  /** Whether its guests are below the slice of all guests; the others compete beside it. */
  readonly #gathered: readonly boolean[];
  readonly #sets = new Map<string, readonly RunningSet[]>();

  constructor(index: PlanIndex, schedule: Schedule, classes: readonly SimulatedClass[], coreCount: number) {
    this.#index = index;
    this.schedule = schedule;
    this.#classes = classes;
    this.#coreCount = coreCount;
    const { settings } = schedule;
    this.quotas = settings.filter((one) => one.mechanism === 'quota');
    this.#tree = shareTree(index, schedule, classes, this.quotas);
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
    const delivered = this.#classes.map(() => 0);
    const sets = this.#runningSets(demand.guests);
    const runs = this.#classes.map((_, at) =>
      sets.reduce((sum, one) => sum + one.share * (one.running[at] ?? 0), 0),
    );
    const eachMost = this.#classes.map((_, at) => this.#mostEach(at, demand, runs[at] ?? 0, ceilings));
    let ownerCores = 0;
    for (const { share, running } of sets) {
      ownerCores += share * this.#divide(share, running, eachMost, demand, ceilings, delivered);
    }
    const wanted = this.#classes.map((_, at) => (demand.guests[at] ?? 0) * (demand.eachCores[at] ?? 0));
    const usable = this.#classes.map((_, at) =>
      Math.min(wanted[at] ?? 0, (runs[at] ?? 0) * (eachMost[at] ?? 0), this.#placedCores[at] ?? 0),
    );
    const used = delivered.reduce((sum, cores) => sum + cores, ownerCores);
    const all = { delivered, usable, ownerCores, ownerWantedCores: demand.ownerCores };
    return {
      ...all,
      wanted,
      idleCores: Math.max(0, this.#coreCount - used),
      promises: this.promises.map((one) => kept(one, all, demand)),
    };
  }

  #runningSets(guests: readonly number[]): readonly RunningSet[] {
    const key = guests.join();
    const known = this.#sets.get(key);
    if (known) return known;
    const sets = runningSets(this.schedule, this.#classes, this.#onDuty, guests);
    this.#sets.set(key, sets);
    return sets;
  }

  /** What a guest can use while it runs: one that is held meanwhile has saved up what it wants. */
  #mostEach(at: number, { guests, eachCores }: Demand, runs: number, ceilings: readonly number[]): number {
    const [count, wanted] = [guests[at] ?? 0, eachCores[at] ?? 0];
    if (count === 0 || runs === 0) return 0;
    const saved = this.#onDuty[at]
      ? Math.min(this.#classes[at]?.vcpus ?? 0, (wanted * count) / runs)
      : wanted;
    const reserved = this.#reservedEach[at] ?? 0;
    if (reserved > 0) return Math.min(saved, reserved);
    return (this.#eachQuotas[at] ?? []).reduce(
      (least, quota) => Math.min(least, ceilings[quota] ?? least),
      saved,
    );
  }

  /** Answers the owner's cores; adds to `delivered`. */
  #divide(
    share: number,
    running: readonly number[],
    eachMost: readonly number[],
    { ownerCores }: Demand,
    ceilings: readonly number[],
    delivered: number[],
  ): number {
    let left = this.#coreCount;
    const caps = this.#classes.map((_, at) => {
      const most = (running[at] ?? 0) * (eachMost[at] ?? 0);
      if ((this.#reservedEach[at] ?? 0) === 0) return Math.min(most, this.#placedCores[at] ?? 0);
      left -= most;
      delivered[at] = (delivered[at] ?? 0) + share * most;
      return 0;
    });
    const { version, ownerAs } = this.#index.plan.host.cgroup;
    const unit = standardWeight(version);
    // As single threads, the fewest that can want so much; as one slice; a guest that is not gathered alike.
    const bySlices = ownerAs === 'slices' && version > 0;
    const owner = { weight: unit * (bySlices ? 1 : Math.ceil(ownerCores)), cap: ownerCores };
    const scattered = caps.map((cap, at) => ({
      weight: unit * (running[at] ?? 0) * (bySlices ? 1 : Math.ceil(eachMost[at] ?? 0)),
      cap: this.#gathered[at] ? 0 : cap,
    }));
    const inSlice = caps.map((cap, at) => (this.#gathered[at] ? cap : 0));
    const slice = { weight: this.#tree.weight, cap: demandOf(this.#tree, inSlice, ceilings) };
    const [ownerPart = 0, slicePart = 0, ...parts] = byWeight(left, [owner, slice, ...scattered]);
    divideDown(this.#tree, slicePart, inSlice, ceilings, share, delivered);
    parts.forEach((part, at) => {
      delivered[at] = (delivered[at] ?? 0) + share * part;
    });
    return ownerPart;
  }
}

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
  { guests }: Demand,
): Allocation['promises'][number] {
  if (kind === 'kept') return { promised: Math.min(cores, ownerWantedCores), delivered: ownerCores };
  const got = classes.reduce((sum, at) => sum + (delivered[at] ?? 0), 0);
  if (kind === 'floor') {
    const wanted = classes.reduce((sum, at) => sum + (usable[at] ?? 0), 0);
    return { promised: Math.min(cores, wanted), delivered: got };
  }
  const promised = classes.reduce((sum, at) => sum + Math.min((guests[at] ?? 0) * cores, usable[at] ?? 0), 0);
  return { promised, delivered: got };
}
