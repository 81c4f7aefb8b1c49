import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { ThreadTimes } from '../../rps/sensors/thread-times.js';
import { startWorker } from '../../support/start-worker.js';
import { refusal } from '../command-error.js';
import { type HogData, type HogReady, MILLION, STOP_CELL } from './hog-protocol.js';
import { dutiesOf } from './playback.js';

const NEEDED = 'it was built without CONFIG_SCHED_INFO';

/** CPU hogs: threads of this process, which end with it, however it ends. */
export class Hogs {
  readonly #count: number;
  readonly #cells: Int32Array;
  #workers: Worker[] = [];
  #times: ThreadTimes[] = [];

  constructor(count: number) {
    this.#count = count;
    this.#cells = new Int32Array(new SharedArrayBuffer((1 + count) * Int32Array.BYTES_PER_ELEMENT));
  }

  /** Resolves once all of them run, and want nothing. Rejects where the kernel does not say what they get. */
  async start(): Promise<void> {
    const ready = Array.from({ length: this.#count }, async (_, hog) => {
      const workerData: HogData = { cells: this.#cells, hog };
      const worker = startWorker('hog-worker', import.meta.url, { workerData });
      this.#workers.push(worker);
      const [{ thread }] = (await once(worker, 'message')) as [HogReady];
      const times = ThreadTimes.open(`/proc/${thread}/schedstat`, false);
      if (times === null)
        throw refusal('SCHED_INFO', `this kernel does not say how long threads ran: ${NEEDED}`);
      return times;
    });
    this.#times = await Promise.all(ready);
  }

  /** From now on so many of them want to run, on the mean. */
  demand(threads: number): void {
    dutiesOf(threads, this.#count).forEach((duty, hog) => {
      Atomics.store(this.#cells, 1 + hog, Math.round(duty * MILLION));
      Atomics.notify(this.#cells, 1 + hog);
    });
  }

  /** What they have run, and waited for a processor, since they were last asked, ns. */
  played(): { readonly ranNs: number; readonly waitedNs: number } {
    let [ranNs, waitedNs] = [0, 0];
    for (const times of this.#times) {
      if (!times.read()) continue;
      ranNs += times.ranDeltaNs;
      waitedNs += times.waitedDeltaNs;
    }
    return { ranNs, waitedNs };
  }

  /** Resolves when none of them runs any more. Twice is safe. */
  async stop(): Promise<void> {
    Atomics.store(this.#cells, STOP_CELL, 1);
    for (let cell = 0; cell < this.#cells.length; cell++) Atomics.notify(this.#cells, cell);
    const ending = this.#workers.map((worker) => worker.terminate());
    this.#workers = [];
    for (const times of this.#times) times.close();
    this.#times = [];
    await Promise.all(ending);
  }
}
