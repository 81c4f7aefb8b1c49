import { type Rational, rational } from '../../support/rational.js';
import { leastCommonMultiple, smaller } from '../exact.js';

/** A directed edge; `capacity` null: without bound. `label` is given back when the edge is in the cut. */
export interface Edge<Label> {
  readonly from: number;
  readonly to: number;
  readonly capacity: Rational | null;
  readonly label: Label;
}

export interface Cut<Label> {
  /** Null: nothing bounds the flow. */
  readonly value: Rational | null;
  /** Of the edges of the cut nearest to the source. */
  readonly labels: readonly Label[];
}

interface Arc {
  readonly to: number;
  /** Index of the arc back. */
  readonly back: number;
  /** Left of the capacity, in units of the common denominator; null: without bound. */
  left: bigint | null;
}

/**
 * The largest flow between two nodes, and a least cut that proves it (Ford and Fulkerson 1956), by blocking flows on
 * shortest ways (Dinic 1970): on a tree a single one. Exact.
 */
export function minimumCut<Label>(edges: readonly Edge<Label>[], source: number, sink: number): Cut<Label> {
  const unit = leastCommonMultiple(edges.map(({ capacity }) => capacity?.den ?? 1n));
  const network = new Network(edges, unit, sink);
  let total = 0n;
  while (network.findWays(source)) {
    for (;;) {
      const pushed = network.push(source, null);
      if (pushed === null) return { value: null, labels: [] };
      if (pushed === 0n) break;
      total += pushed;
    }
  }
  return {
    value: rational(total, unit),
    labels: edges.flatMap(({ from, to, label }) =>
      network.isReached(from) && !network.isReached(to) ? [label] : [],
    ),
  };
}

class Network {
  readonly #arcs: Arc[] = [];
  readonly #from = new Map<number, number[]>();
  readonly #sink: number;
  /** How many arcs a node is away from the source. */
  #levels = new Map<number, number>();
  /** Of each node's arcs the first that may still lead on. */
  #next = new Map<number, number>();

  constructor(edges: readonly Edge<unknown>[], unit: bigint, sink: number) {
    this.#sink = sink;
    for (const { from, to, capacity } of edges) {
      const at = this.#arcs.length;
      this.#arcs.push({ to, back: at + 1, left: capacity && (capacity.num * unit) / capacity.den });
      this.#arcs.push({ to: from, back: at, left: 0n });
      this.#append(from, at);
      this.#append(to, at + 1);
    }
  }

  #append(node: number, arc: number): void {
    const known = this.#from.get(node);
    if (known) known.push(arc);
    else this.#from.set(node, [arc]);
  }

  /** Levels of all nodes that can be reached; false: the sink is none of them, and what is reached is one side of a cut. */
  findWays(source: number): boolean {
    this.#levels = new Map([[source, 0]]);
    this.#next = new Map();
    const queue = [source];
    for (let first = 0; first < queue.length; first++) {
      // INVARIANT: `first` is within the queue, queued nodes have levels, and arcs are listed by their index.
      const node = queue[first]!;
      const level = this.#levels.get(node)! + 1;
      for (const index of this.#from.get(node) ?? []) {
        const { to, left } = this.#arcs[index]!;
        if (left === 0n || this.#levels.has(to)) continue;
        this.#levels.set(to, level);
        queue.push(to);
      }
    }
    return this.#levels.has(this.#sink);
  }

  isReached(node: number): boolean {
    return this.#levels.has(node);
  }

  /** Along one way, at most so much (null: without bound): what got through. INVARIANT: no way is longer than there are nodes. */
  push(node: number, most: bigint | null): bigint | null {
    if (node === this.#sink) return most;
    const arcs = this.#from.get(node) ?? [];
    for (let at = this.#next.get(node) ?? 0; at < arcs.length; at++) {
      this.#next.set(node, at);
      // INVARIANT: every arc has its arc back.
      const arc = this.#arcs[arcs[at]!]!;
      if (arc.left === 0n || this.#levels.get(arc.to) !== (this.#levels.get(node) ?? 0) + 1) continue;
      const bound = arc.left === null ? most : most === null ? arc.left : smaller(arc.left, most);
      const pushed = this.push(arc.to, bound);
      if (pushed === 0n) continue;
      if (pushed !== null) this.#move(arc, pushed);
      return pushed;
    }
    this.#next.set(node, arcs.length);
    return 0n;
  }

  #move(arc: Arc, amount: bigint): void {
    const back = this.#arcs[arc.back]!;
    if (arc.left !== null) arc.left -= amount;
    if (back.left !== null) back.left += amount;
  }
}
