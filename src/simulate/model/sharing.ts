import type { Plan } from '../../compiler/plan.js';
import { fill } from './fill.js';
import { NOTHING, type ShareTree, standardWeight } from './share-tree.js';

/** Of one class, while the same guests run. Cores, together. */
export interface Sharer {
  /** What they want, on the mean; limits on each guest not counted. */
  wanted: number;
  /** What they could use at an instant: their vCPUs. */
  most: number;
  /** What limits on each guest come to; infinite without any. */
  limit: number;
  /** How many of them run, and how many threads each has that want the CPU. */
  guests: number;
  threads: number;
}

const nobody = (): Sharer => ({ wanted: 0, most: 0, limit: Number.POSITIVE_INFINITY, guests: 0, threads: 0 });

/** What owner and guests get, beside each other, in one period of the quotas, by weights. */
export class Sharing {
  readonly owner = nobody();
  readonly classes: readonly Sharer[];
  /** By class, then the owner: what they got, cores. */
  readonly got: Float64Array;
  readonly #tree: ShareTree;
  /** Positions of the classes whose guests are below the slice of all guests, and of those that compete beside it. */
  readonly #gathered: readonly number[];
  readonly #beside: readonly number[];
  readonly #besideWeights: readonly number[];
  readonly #all: readonly Sharer[];
  readonly #unit: number;
  /** The owner's work, and a guest that is not gathered, competes as one slice; else thread by thread. */
  readonly #bySlices: boolean;
  /** By class, then the owner: what they can use at an instant, and what they may still use in this period. */
  readonly #caps: Float64Array;
  readonly #left: Float64Array;
  readonly #rates: Float64Array;
  readonly #inSlice: Float64Array;
  readonly #quotaLeft: Float64Array;
  readonly #used: Float64Array;
  readonly #top: {
    readonly weights: Float64Array;
    readonly caps: Float64Array;
    readonly parts: Float64Array;
  };

  /** `beside`: by class, the weight of each of its guests; null where they are below the slice of all guests. */
  constructor(
    { cgroup, nice }: Plan['host'],
    tree: ShareTree,
    beside: readonly (number | null)[],
    quotas: number,
  ) {
    const { length } = beside;
    this.#tree = tree;
    this.#gathered = beside.flatMap((weight, at) => (weight === null ? [at] : []));
    this.#beside = beside.flatMap((weight, at) => (weight === null ? [] : [at]));
    this.#besideWeights = beside.filter((weight) => weight !== null);
    this.#unit = standardWeight(cgroup.version);
    this.#bySlices = nice !== undefined || (cgroup.ownerAs === 'slices' && cgroup.version > 0);
    this.classes = beside.map(nobody);
    this.#all = [...this.classes, this.owner];
    const ofAll = () => new Float64Array(length + 1);
    this.got = ofAll();
    this.#caps = ofAll();
    this.#left = ofAll();
    this.#rates = ofAll();
    this.#inSlice = new Float64Array(length);
    this.#quotaLeft = new Float64Array(quotas);
    this.#used = new Float64Array(quotas);
    const atTop = () => new Float64Array(BESIDE + this.#beside.length);
    this.#top = { weights: atTop(), caps: atTop(), parts: atTop() };
  }

  /**
   * Writes `got`. `ceilings`: of each quota, in cores. A quota is used up by whoever runs meanwhile, and then holds all
   * back until its period is over; who was held back, or had to make room, has work waiting in the next one.
   */
  divide(cores: number, ceilings: readonly number[]): void {
    this.#begin();
    if (!this.#period(cores, ceilings)) return;
    for (let round = 0; round < ROUNDS && this.#noteBacklogs(); round++) this.#period(cores, ceilings);
  }

  #begin(): void {
    for (let at = 0; at < this.#all.length; at++) {
      const one = this.#all[at]!;
      const isLimited = one.limit < one.wanted;
      this.#caps[at] = isLimited ? one.most : one.wanted;
    }
  }

  /** Whoever got less than it could have wants to catch up: true where somebody does anew. */
  #noteBacklogs(): boolean {
    let isAny = false;
    for (let at = 0; at < this.#all.length; at++) {
      const { wanted, most, limit } = this.#all[at]!;
      if (this.#caps[at]! >= most || this.got[at]! >= Math.min(wanted, limit) - NOTHING) continue;
      this.#caps[at] = most;
      isAny = true;
    }
    return isAny;
  }

  /** True: not everybody had the same all the time. */
  #period(cores: number, ceilings: readonly number[]): boolean {
    for (let at = 0; at < this.#all.length; at++) {
      const { wanted, limit } = this.#all[at]!;
      this.got[at] = 0;
      this.#left[at] = this.#caps[at]! > wanted || limit < wanted ? Math.min(wanted, limit) : UNLIMITED;
    }
    for (let at = 0; at < ceilings.length; at++) this.#quotaLeft[at] = ceilings[at]!;
    const firstPart = this.#while(cores, 1);
    let rest = 1 - firstPart;
    while (rest > NOTHING) {
      const part = this.#while(cores, rest);
      if (part === 0) break;
      rest -= part;
    }
    return firstPart < 1 - NOTHING;
  }

  /** Until something is used up, at most for this part of the period: answers for how much of it. */
  #while(cores: number, atMost: number): number {
    this.#rate(cores);
    let part = atMost;
    let isIdle = true;
    for (let at = 0; at < this.#rates.length; at++) {
      const rate = this.#rates[at]!;
      if (rate <= NOTHING) continue;
      isIdle = false;
      if (this.#left[at]! < part * rate) part = this.#left[at]! / rate;
    }
    for (let at = 0; at < this.#used.length; at++) {
      if (this.#used[at]! <= NOTHING) continue;
      if (this.#quotaLeft[at]! < part * this.#used[at]!) part = this.#quotaLeft[at]! / this.#used[at]!;
    }
    if (isIdle) return 0;
    for (let at = 0; at < this.#rates.length; at++) {
      const cpu = this.#rates[at]! * part;
      this.got[at] = this.got[at]! + cpu;
      this.#left[at] = this.#left[at]! - cpu;
    }
    for (let at = 0; at < this.#used.length; at++) {
      this.#quotaLeft[at] = this.#quotaLeft[at]! - this.#used[at]! * part;
    }
    return part;
  }

  /** What everybody has at an instant. */
  #rate(cores: number): void {
    const { weights, caps, parts } = this.#top;
    const owner = this.classes.length;
    this.#used.fill(0);
    this.#rates.fill(0);
    for (const at of this.#gathered) this.#inSlice[at] = this.#capNow(at);
    for (let place = 0; place < this.#beside.length; place++) {
      const at = this.#beside[place]!;
      const { guests, threads } = this.classes[at]!;
      weights[BESIDE + place] = this.#besideWeights[place]! * guests * (this.#bySlices ? 1 : threads);
      caps[BESIDE + place] = this.#capNow(at);
    }
    weights[OWNER] = this.#unit * (this.#bySlices ? 1 : this.owner.threads);
    caps[OWNER] = this.#capNow(owner);
    weights[SLICE] = this.#tree.weight;
    caps[SLICE] = this.#tree.demand(this.#inSlice, this.#quotaLeft);
    fill(cores, weights, caps, parts);
    this.#tree.divide(parts[SLICE]!, this.#rates, this.#used);
    for (let place = 0; place < this.#beside.length; place++) {
      this.#rates[this.#beside[place]!] = parts[BESIDE + place]!;
    }
    this.#rates[owner] = parts[OWNER]!;
  }

  #capNow(at: number): number {
    return this.#left[at]! > NOTHING ? this.#caps[at]! : 0;
  }
}

/** Positions at the top: the owner, the slice of the gathered guests, then the classes that are beside it. */
const OWNER = 0;
const SLICE = 1;
const BESIDE = 2;
const UNLIMITED = Number.POSITIVE_INFINITY;
/** Of looking who has work waiting: hardly ever does it take more than two. */
const ROUNDS = 3;
