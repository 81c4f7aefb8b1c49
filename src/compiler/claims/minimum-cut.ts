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
 * The largest flow between two nodes, and a least cut that proves it (Ford and Fulkerson 1956; shortest paths first,
 * Edmonds and Karp 1972). Exact.
 */
export function minimumCut<Label>(edges: readonly Edge<Label>[], source: number, sink: number): Cut<Label> {
  const unit = leastCommonMultiple(edges.map(({ capacity }) => capacity?.den ?? 1n));
  const network = new Network(edges, unit);
  let total = 0n;
  for (;;) {
    const path = network.shortestPath(source, sink);
    if (path === null) break;
    const pushed = network.push(path);
    if (pushed === null) return { value: null, labels: [] };
    total += pushed;
  }
  const reached = network.reachable(source);
  return {
    value: rational(total, unit),
    labels: edges.flatMap(({ from, to, label }) => (reached.has(from) && !reached.has(to) ? [label] : [])),
  };
}

class Network {
  readonly #arcs: Arc[] = [];
  readonly #from = new Map<number, number[]>();

  constructor(edges: readonly Edge<unknown>[], unit: bigint) {
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

  /** Arcs of a shortest path on which something can still flow; null: there is none. */
  shortestPath(source: number, sink: number): readonly Arc[] | null {
    const by = this.#search(source, sink);
    const path: Arc[] = [];
    for (let at = sink; at !== source; ) {
      const arc = by.get(at);
      if (!arc) return null;
      path.push(arc);
      // INVARIANT: every arc has its arc back, which leads to where it starts.
      at = this.#arcs[arc.back]!.to;
    }
    return path;
  }

  reachable(source: number): ReadonlySet<number> {
    return new Set([source, ...this.#search(source, null).keys()]);
  }

  /** By node the arc on which breadth-first search came to it. */
  #search(source: number, sink: number | null): ReadonlyMap<number, Arc> {
    const by = new Map<number, Arc>();
    const queue = [source];
    for (let next = 0; next < queue.length && (sink === null || !by.has(sink)); next++) {
      // INVARIANT: `next` is within the queue, and arcs are listed by their index.
      for (const index of this.#from.get(queue[next]!) ?? []) {
        const arc = this.#arcs[index]!;
        if (arc.left === 0n || arc.to === source || by.has(arc.to)) continue;
        by.set(arc.to, arc);
        queue.push(arc.to);
      }
    }
    return by;
  }

  /** As much as the path lets through; null: it is without bound. */
  push(path: readonly Arc[]): bigint | null {
    const bounds = path.flatMap(({ left }) => (left === null ? [] : [left]));
    if (bounds.length === 0) return null;
    const amount = bounds.reduce(smaller);
    for (const arc of path) {
      const back = this.#arcs[arc.back]!;
      if (arc.left !== null) arc.left -= amount;
      if (back.left !== null) back.left += amount;
    }
    return amount;
  }
}
