import { setImmediate } from 'node:timers/promises';

/** Nobody waits longer than about this for a piece of work to end, ms. */
const LONGEST_MS = 10;

/** Many pieces of work one after the other, between which others have the thread. */
export class Turns {
  #sinceMs = performance.now();

  /** To be awaited between two pieces: resolves at once while it is still our turn. */
  async pass(): Promise<void> {
    if (performance.now() - this.#sinceMs < LONGEST_MS) return;
    await setImmediate();
    this.#sinceMs = performance.now();
  }
}
