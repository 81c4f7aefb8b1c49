import type { Clock } from '../../../support/clock.js';
import type { NetworkNamespace } from './tap-devices.js';
import type { Qdisc } from './tap-shaping.js';
import { readQdiscs } from './traffic-control.js';

interface Known {
  qdiscs: readonly Qdisc[] | null;
  readNs: bigint;
  reading: boolean;
}

/** A program is run for it. */
const READ_AGAIN_NS = 10_000_000_000n;

/** The queueing disciplines of network namespaces, read back at most every ten seconds without anybody waiting for it. */
export class QdiscReadings {
  readonly #known = new Map<string, Known>();

  constructor(private readonly clock: Clock) {}

  /** As last read, and read anew if that is long ago; null: not read yet. */
  latest(namespace: NetworkNamespace): readonly Qdisc[] | null {
    const known = this.#of(namespace);
    if (this.clock.monotonicNs() - known.readNs >= READ_AGAIN_NS && !known.reading) {
      known.reading = true;
      void this.read(namespace)
        .catch(() => {}) // tried again in ten seconds; what was read last counts
        .finally(() => {
          known.reading = false;
        });
    }
    return known.qdiscs;
  }

  /** Rejects with an errno error. */
  async read(namespace: NetworkNamespace): Promise<readonly Qdisc[]> {
    const known = this.#of(namespace);
    known.readNs = this.clock.monotonicNs();
    const qdiscs = await readQdiscs(namespace);
    known.qdiscs = qdiscs;
    return qdiscs;
  }

  #of({ inode }: NetworkNamespace): Known {
    const known = this.#known.get(inode);
    if (known) return known;
    const fresh: Known = { qdiscs: null, readNs: this.clock.monotonicNs() - READ_AGAIN_NS, reading: false };
    this.#known.set(inode, fresh);
    return fresh;
  }
}
