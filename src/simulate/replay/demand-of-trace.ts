import type { Demand, SimulatedClass } from '../model/population.js';
import type { Trace } from '../trace/trace.js';

interface Columns {
  readonly count: Float64Array | undefined;
  readonly demand: Float64Array | undefined;
}

/**
 * What everybody wants, place by place of a trace. An unknown demand goes on as it was last (before any: the owner
 * wants nothing, guests all their vCPUs): that it is unknown is for conditions to see, work does not end for it.
 */
export class DemandOfTrace {
  readonly #owner: Float64Array | undefined;
  readonly #columns: readonly Columns[];
  readonly #classes: readonly SimulatedClass[];
  readonly #coreCount: number;
  readonly #guests: number[];
  /** By class, in cores; infinite: all vCPUs. */
  readonly #wanted: number[];
  #ownerPercent = 0;
  #gone: readonly boolean[] = [];
  #last: Demand;
  /** Positions of the classes of which the trace says something. */
  readonly #varying: readonly number[];
  readonly #tooMany = new Set<string>();

  constructor({ columns }: Trace, classes: readonly SimulatedClass[], coreCount: number) {
    this.#owner = columns.get('owner.demand');
    this.#classes = classes;
    this.#coreCount = coreCount;
    this.#columns = classes.map(({ name }) => ({
      count: columns.get(`${name}.count`),
      demand: columns.get(`${name}.demand`),
    }));
    // Others are of no declared number: where only their demand is given, it is one guest's.
    this.#guests = classes.map((one, at) =>
      one.plan === null && this.#columns[at]?.demand ? 1 : this.#usual(one, at),
    );
    this.#wanted = classes.map(() => Number.POSITIVE_INFINITY);
    this.#varying = classes.flatMap((_, at) =>
      this.#columns[at]?.count || this.#columns[at]?.demand ? [at] : [],
    );
    this.#last = this.#demand(
      0,
      classes.map(() => false),
    );
  }

  /** Classes of which the trace has more guests than the policy takes: those beyond are left out. */
  get tooMany(): readonly string[] {
    return [...this.#tooMany];
  }

  /** The same object while nothing changes. `gone`: whether a class has been stopped for good. */
  at(place: number, gone: readonly boolean[]): Demand {
    const owner = this.#owner?.[place];
    if (owner !== undefined && !Number.isNaN(owner)) this.#ownerPercent = owner;
    const ownerCores = (this.#ownerPercent * this.#coreCount) / 100;
    let same = gone.every((one, at) => one === this.#gone[at]);
    for (const at of this.#varying) same = this.#update(at, place) && same;
    if (same && this.#last.ownerCores === ownerCores) return this.#last;
    if (same) this.#last = { ...this.#last, ownerCores };
    else this.#last = this.#demand(ownerCores, gone);
    return this.#last;
  }

  #demand(ownerCores: number, gone: readonly boolean[]): Demand {
    this.#gone = [...gone];
    const guests = this.#guests.map((count, at) => (gone[at] ? 0 : count));
    const eachCores = this.#classes.map(({ vcpus }, at) => this.#each(at, vcpus));
    return { ownerCores, guests, eachCores };
  }

  /** An offer's guests exist where the trace says what they want. */
  #usual({ usualGuests, mostGuests }: SimulatedClass, at: number): number {
    return usualGuests === 0 && this.#columns[at]?.demand && mostGuests < Number.POSITIVE_INFINITY
      ? mostGuests
      : usualGuests;
  }

  /** True: nothing has changed. */
  #update(at: number, place: number): boolean {
    const { count, demand } = this.#columns[at] ?? {};
    let same = true;
    const guests = count?.[place];
    if (guests !== undefined && !Number.isNaN(guests)) {
      const most = this.#classes[at]?.mostGuests ?? 0;
      if (guests > most) this.#tooMany.add(this.#classes[at]?.name ?? '');
      const taken = Math.min(guests, most);
      same = this.#guests[at] === taken;
      this.#guests[at] = taken;
    }
    const wanted = demand?.[place];
    if (wanted === undefined || Number.isNaN(wanted)) return same;
    same &&= this.#wanted[at] === wanted;
    this.#wanted[at] = wanted;
    return same;
  }

  #each(at: number, vcpus: number): number {
    const count = this.#guests[at] ?? 0;
    return count === 0 ? 0 : Math.min(vcpus, (this.#wanted[at] ?? 0) / count);
  }
}
