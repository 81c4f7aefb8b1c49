import type { SimulatedClass } from '../model/population.js';
import type { Span } from '../replay/replay.js';

/** Means over equal parts of a replay: what is drawn. Cores. */
export interface Timeline {
  readonly fromMs: number;
  readonly toMs: number;
  readonly bins: number;
  readonly ownerWanted: Float64Array;
  readonly ownerDelivered: Float64Array;
  readonly classes: readonly {
    readonly name: string;
    readonly wanted: Float64Array;
    readonly delivered: Float64Array;
    /** To this class alone. */
    readonly promised: Float64Array;
  }[];
  /** Of each mode the part of each bin, in [0, 1]. */
  readonly modes: ReadonlyMap<string, Float64Array>;
}

const MOST_BINS = 960;

/** Gathers a {@link Timeline} from the spans of a replay. */
export class TimelineRecord {
  readonly #fromMs: number;
  readonly #toMs: number;
  readonly #bins: number;
  readonly #owner: readonly [wanted: Float64Array, delivered: Float64Array];
  readonly #classes: Timeline['classes'];
  readonly #modes = new Map<string, Float64Array>();

  constructor(fromMs: number, toMs: number, steps: number, classes: readonly SimulatedClass[]) {
    this.#fromMs = fromMs;
    this.#toMs = toMs;
    this.#bins = Math.min(MOST_BINS, steps);
    const empty = () => new Float64Array(this.#bins);
    this.#owner = [empty(), empty()];
    this.#classes = classes.map(({ name }) => ({
      name,
      wanted: empty(),
      delivered: empty(),
      promised: empty(),
    }));
  }

  add(span: Span): void {
    const binMs = (this.#toMs - this.#fromMs) / this.#bins;
    let fromMs = span.fromMs;
    while (fromMs < span.toMs) {
      const bin = Math.min(this.#bins - 1, Math.floor((fromMs - this.#fromMs) / binMs + 1e-9));
      const edgeMs = bin === this.#bins - 1 ? span.toMs : this.#fromMs + (bin + 1) * binMs;
      const toMs = Math.min(span.toMs, Math.max(edgeMs, fromMs + 1e-3));
      this.#addTo(bin, (toMs - fromMs) / binMs, span);
      fromMs = toMs;
    }
  }

  timeline(): Timeline {
    const [ownerWanted, ownerDelivered] = this.#owner;
    const common = { fromMs: this.#fromMs, toMs: this.#toMs, bins: this.#bins, ownerWanted, ownerDelivered };
    const present = this.#classes.filter(({ wanted }) => wanted.some((cores) => cores > 0));
    return { ...common, classes: present, modes: this.#modes };
  }

  #addTo(bin: number, part: number, { mode, model, allocation }: Span): void {
    const [ownerWanted, ownerDelivered] = this.#owner;
    ownerWanted[bin] = (ownerWanted[bin] ?? 0) + part * allocation.ownerWantedCores;
    ownerDelivered[bin] = (ownerDelivered[bin] ?? 0) + part * allocation.ownerCores;
    for (let at = 0; at < this.#classes.length; at++) {
      const { wanted, delivered } = this.#classes[at]!;
      wanted[bin] = (wanted[bin] ?? 0) + part * (allocation.wanted[at] ?? 0);
      delivered[bin] = (delivered[bin] ?? 0) + part * (allocation.delivered[at] ?? 0);
    }
    for (let at = 0; at < model.promises.length; at++) {
      const { classes } = model.promises[at]!;
      const promised = classes.length === 1 ? this.#classes[classes[0]!]?.promised : undefined;
      if (promised) promised[bin] = (promised[bin] ?? 0) + part * (allocation.promises[at]?.promised ?? 0);
    }
    const modes = this.#modes.get(mode.id) ?? new Float64Array(this.#bins);
    modes[bin] = (modes[bin] ?? 0) + part;
    this.#modes.set(mode.id, modes);
  }
}
