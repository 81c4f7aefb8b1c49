import type { Setting } from '../../compiler/plan.js';
import type { ClassifiedGuest } from '../classify.js';
import type { Account, Measure } from '../status.js';
import { summarise } from '../summarise.js';
import { type ControlSample, controlId } from './sample.js';
import type { Interval } from './usage.js';

const RECENT_NS = 10_000_000_000n;
/** Of guests that ended long ago the ledger knows; the book forgets the oldest beyond so many. */
const MOST_ACCOUNTS = 2000;

interface Sums {
  promisedNs: number;
  deliveredNs: number;
  baseNs: number;
  elapsedNs: number;
}
interface RecentSample {
  readonly toNs: bigint;
  readonly deliveredNs: number;
  readonly baseNs: number;
}
interface Entry extends Sums {
  readonly head: Omit<Account, 'promised' | 'delivered' | 'measuredNs'>;
}

/** Promised against delivered: of the last 10 s, since the present mode began, and in each mode altogether. */
export class AccountBook {
  readonly #totals = new Map<string, Entry>();
  readonly #sinceMode = new Map<string, Sums & Pick<ControlSample, 'unit' | 'bound'>>();
  readonly #recent = new Map<string, RecentSample[]>();

  /** What was measured "since the mode began" begins anew. */
  beginMode(): void {
    this.#sinceMode.clear();
  }

  record(
    mode: string,
    classified: readonly ClassifiedGuest[],
    samples: readonly ControlSample[],
    interval: Interval,
    toNs: bigint,
  ): void {
    const guests = new Map(classified.map((one) => [one.guest.key, one]));
    for (const [key, usage] of interval.usage) {
      this.#remember(key, { toNs, deliveredNs: usage.cpuNs, baseNs: interval.elapsedNs });
    }
    for (const sample of samples) {
      const one = guests.get(sample.guest);
      if (one === undefined) continue;
      const control = `${sample.guest} ${controlId(sample.setting)}`;
      this.#remember(control, { toNs, deliveredNs: sample.deliveredNs, baseNs: sample.baseNs });
      const { unit, bound } = sample;
      const current = entryOf(this.#sinceMode, control, () => ({ ...EMPTY, unit, bound }));
      add(current, sample, interval.elapsedNs);
      const head = () => ({ ...EMPTY, head: headOf(one, mode, sample) });
      add(entryOf(this.#totals, `${mode} ${control}`, head), sample, interval.elapsedNs);
    }
    this.#forget(toNs);
  }

  /** Null: nothing measured yet. */
  measure(guest: string, setting: Setting): Measure | null {
    const control = `${guest} ${controlId(setting)}`;
    const sums = this.#sinceMode.get(control);
    if (sums === undefined) return null;
    return {
      unit: sums.unit,
      bound: sums.bound,
      promised: ratio(sums.promisedNs, sums.baseNs),
      delivered10s: this.#recentRatio(control),
      deliveredInMode: ratio(sums.deliveredNs, sums.baseNs),
      measuredNs: sums.elapsedNs,
    };
  }

  /** CPU of the whole process over the last 10 s, in cores; null: not measured yet. */
  cpuCores10s(guest: string): number | null {
    return this.#recentRatio(guest);
  }

  accounts(): Account[] {
    return [...this.#totals.values()].flatMap(({ head, promisedNs, deliveredNs, baseNs, elapsedNs }) => {
      const [promised, delivered] = [ratio(promisedNs, baseNs), ratio(deliveredNs, baseNs)];
      if (promised === null || delivered === null) return [];
      return [{ ...head, promised, delivered, measuredNs: elapsedNs }];
    });
  }

  #remember(key: string, sample: RecentSample): void {
    const samples = this.#recent.get(key);
    if (samples) samples.push(sample);
    else this.#recent.set(key, [sample]);
  }

  #recentRatio(key: string): number | null {
    const samples = this.#recent.get(key) ?? [];
    const delivered = samples.reduce((sum, { deliveredNs }) => sum + deliveredNs, 0);
    return ratio(
      delivered,
      samples.reduce((sum, { baseNs }) => sum + baseNs, 0),
    );
  }

  #forget(nowNs: bigint): void {
    for (const [key, samples] of this.#recent) {
      while (samples[0] && samples[0].toNs <= nowNs - RECENT_NS) samples.shift();
      if (samples.length === 0) this.#recent.delete(key);
    }
    for (const key of this.#totals.keys()) {
      if (this.#totals.size <= MOST_ACCOUNTS) break;
      this.#totals.delete(key);
    }
  }
}

const EMPTY: Sums = { promisedNs: 0, deliveredNs: 0, baseNs: 0, elapsedNs: 0 };

function add(sums: Sums, sample: ControlSample, elapsedNs: number): void {
  sums.promisedNs += sample.promisedNs;
  sums.deliveredNs += sample.deliveredNs;
  sums.baseNs += sample.baseNs;
  sums.elapsedNs += elapsedNs;
}

function entryOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

const headOf = (
  one: ClassifiedGuest,
  mode: string,
  { setting, unit, bound }: ControlSample,
): Entry['head'] => ({
  guest: one.guest.key,
  name: one.guest.name,
  class: one.class,
  mode,
  mechanism: setting.mechanism,
  scope: setting.scope,
  summary: summarise(setting),
  unit,
  bound,
});
